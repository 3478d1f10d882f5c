public import Analysis
import AuditTrail
import Digests
public import Foundation
public import Reports
import Results

/// Draws the reports of an output folder again from what is stored there.
public struct ReportRendering {
  public enum Outcome: Sendable, Equatable {
    /// The file that stood there is the one that would be written.
    case unchanged
    case written
  }

  private let output: URL
  private let moved: URL?
  private let content: PageContent
  private let overwrite: Bool
  private let control: RunControl
  private let templates: TemplateFolder
  private let waiting: LockWaiting
  private let attribution: Attribution

  /// - Parameters:
  ///   - moved: folder that holds the input images now, when they were moved since the run.
  ///   - content: what of a patient goes into the page.
  ///   - overwrite: replace a report that differs, for example since the templates changed.
  ///   - waits: until a process that is at work on a patient is done.
  /// - Throws: ``ReportsError`` without templates.
  public init(
    output: URL, moved: URL?, content: PageContent = PageContent(), overwrite: Bool, control: RunControl,
    waits: Bool = true, by attribution: Attribution = .unnamed
  ) throws {
    self.init(
      output: output, moved: moved, content: content, overwrite: overwrite, control: control,
      templates: try TemplateFolder.locate(), waits: waits, by: attribution)
  }

  init(
    output: URL, moved: URL?, content: PageContent = PageContent(), overwrite: Bool, control: RunControl,
    templates: TemplateFolder, waits: Bool = true, by attribution: Attribution = .unnamed
  ) {
    waiting = LockWaiting(waits: waits, control: control)
    self.output = output
    self.moved = moved
    self.content = content
    self.overwrite = overwrite
    self.control = control
    self.templates = templates
    self.attribution = attribution
  }

  /// The patients with finished results, of those asked for (with or without `sub-`); all when nobody is asked for.
  ///
  /// - Throws: ``Fault`` when one that was asked for is not there.
  public static func names(in output: URL, labels: [String]) throws -> [String] {
    let wanted = Set(labels.map { $0.hasPrefix("sub-") ? $0 : "sub-\($0)" })
    let names = try StoredPatient.names(in: output)
    let label = { (name: String) in name.split(separator: "_").first.map(String.init) ?? name }
    let absent = wanted.subtracting(names.map(label)).subtracting(names).sorted()
    guard absent.isEmpty else {
      throw Fault(
        .input, output.path, found: "no \(absent.joined(separator: ", "))",
        expected: "one of \(names.prefix(20).joined(separator: ", "))")
    }
    return names.filter { name in
      guard wanted.isEmpty || wanted.contains(name) || wanted.contains(label(name)) else { return false }
      // A patient whose trail cannot be read is named by the rendering, and does not stop the others.
      guard let records = try? AuditLog(url: OutputLayout.auditTrail(of: name, in: output)).records() else {
        return true
      }
      switch TrailState(records) {
      case .done, .damaged: return true
      default: break
      }
      // Asked for by name, an unfinished patient is an error that the rendering words.
      return !wanted.isEmpty
    }
  }

  /// - Throws: ``Fault`` when inputs or outputs are missing or altered, or when the report differs from the one that
  ///   stands there and may not be replaced.
  public func render(_ name: String) throws -> Outcome {
    let lock = try PatientLock(name, in: output, waiting)
    defer { lock.release() }
    let patient = try StoredPatient(name, in: output)
    try patient.layout.requireOwnTrail()
    try control.step(name, .reading, 0, 1)
    let report = try StoredReport(patient, moved: moved)
    let page = try report.page(content: content, templates: templates) { done, total in
      try control.step(name, .drawing, done, total, "findings")
    }
    let place = patient.layout.url(patient.layout.report)
    let vouched = patient.outputs.first { $0.path == patient.layout.report }?.sha256
    let digest = Digest.sha256(page)
    let standing = FileManager.default.fileExists(atPath: place.path) ? try Digest.sha256(file: place) : nil
    if standing == digest, vouched == digest { return .unchanged }
    if let standing, standing != digest, !overwrite {
      throw Fault(
        .output, place.path,
        found: standing == vouched ? "was made by other templates or another version" : "was altered", remedy: .replace)
    }
    let transaction = try OutputTransaction(root: output, lock: lock, what: "report")
    try transaction.write(page, to: patient.layout.report)
    let files = try transaction.commit(superseding: [])
    if vouched != digest {
      try attribution.log(name, in: output).append(
        event: "rendered",
        details: attribution.details(
          ["outputs": .files(files), "reportId": .string(patient.reportID)],
          options: ["blind": .bool(content.isBlind), "images": .bool(moved != nil), "overwrite": .bool(overwrite)]))
    }
    return .written
  }

  /// Readers whose decisions on the present results were applied: a drawn report does not show them, a report saved by
  /// a reader does.
  public func readers(of name: String) throws -> [String] {
    let patient = try StoredPatient(name, in: output)
    return Set(ReviewRecord.entries(patient.records, on: patient.reportID).map(\.reader)).sorted()
  }

  /// Writes the cohort page and tables again, after reports were drawn.
  public func gather() throws { try CohortFiles.write(to: output, templates: templates) }
}
