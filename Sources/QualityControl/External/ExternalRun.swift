import AuditTrail
import Digests
public import Foundation
import Lesions
import Reports
import Results
import Volumes

/// A report on a mask that another program made: no model, otherwise the files, the report and the audit trail of a run.
public struct ExternalRun {
  private let output: URL
  private let settings: RunSettings
  private let control: RunControl
  private let templates: TemplateFolder

  /// - Parameter settings: candidate rule, reslicing, overwriting and operator; the rest does not apply.
  /// - Throws: an error of `Reports` without templates.
  public init(output: URL, settings: RunSettings, control: RunControl) throws {
    self.output = output
    self.settings = settings
    self.control = control
    templates = try TemplateFolder.locate()
  }

  /// - Throws: ``QualityControlError`` for files that do not belong together, or results of another kind that stand under the
  ///   patient's name; a fault found before the first file is written leaves nothing behind.
  public func run(_ patient: ExternalPatient) throws -> CohortRun.Outcome {
    let started = Date()
    let layout = OutputLayout(root: output, input: patient.input)
    let log = AuditLog(url: layout.auditTrail)
    try control.step(layout.name, .reading, 0, 1)
    let analysis = try ExternalAnalysis(patient, layout: layout, settings: settings)
    var results = analysis.results
    results.scanner = ScannerFacts(beside: patient.input.flair)
    let encoded = try results.encoded()
    let reportID = Digest.sha256(encoded)
    try layout.requireFreePlaces()
    let earlier = RunRecord.state(of: try log.records())
    if case .done(_, _, let outputs) = earlier, !settings.overwrite {
      let isSame =
        outputs.first { $0.path == layout.results }?.sha256 == reportID
        && outputs.allSatisfy { (try? Digest.sha256(file: layout.url($0.path))) == $0.sha256 }
      guard isSame else {
        throw QualityControlError.badOutput(
          "\(layout.url(layout.report).path): exists, made of other files or with other settings, or altered since; "
            + "use --overwrite to replace it, or another output folder")
      }
      return .upToDate(.init(results: results, report: layout.url(layout.report), auditHead: try log.head()))
    }
    if earlier == .never, !settings.overwrite, FileManager.default.fileExists(atPath: layout.url(layout.report).path) {
      throw QualityControlError.badOutput(
        "\(layout.url(layout.report).path): exists, but the audit trail knows nothing of it; "
          + "use --overwrite to replace it, or another output folder")
    }
    let transaction = try OutputTransaction(root: output, name: layout.name)
    try DatasetFiles.write(to: output)
    let details = details(analysis, patient)
    let startRecord = try log.append(event: "started", details: .object(details))
    do {
      try analysis.writeImages(to: transaction)
      try transaction.write(encoded, to: layout.results)
      let page = try PatientPage.render(
        results: results, reportID: reportID, auditHead: startRecord.hash, runTime: startRecord.time,
        images: analysis.images, templates: templates
      ) { done, total in
        try control.step(layout.name, .drawing, done, total, "findings")
      }
      try transaction.write(page, to: layout.report)
      try control.step(layout.name, .writing, 1, 1)
      var superseded: [String] = []
      if case .done(_, _, let outputs) = earlier { superseded = outputs.map(\.path) }
      let files = try transaction.commit(superseding: superseded)
      let more: [String: AuditValue] = [
        "outputs": RunRecord.value(files), "reportId": .string(reportID),
        "seconds": .number((Date().timeIntervalSince(started) * 10).rounded() / 10),
        "warnings": .array(results.warnings.map { .string($0) }),
      ]
      let finished = try log.append(event: "finished", details: .object(details.merging(more) { _, new in new }))
      try CohortFiles.write(to: output, templates: templates)
      return .done(.init(results: results, report: layout.url(layout.report), auditHead: finished.hash))
    } catch {
      if case .unfinished = RunRecord.state(of: try log.records()) {
        if case QualityControlError.interrupted = error {
          try log.append(event: "interrupted", details: [:])
        } else {
          try log.append(event: "failed", details: ["reason": .string("\(error)")])
        }
      }
      throw error
    }
  }

  private func details(_ analysis: ExternalAnalysis, _ patient: ExternalPatient) -> [String: AuditValue] {
    [
      "external": ["tool": patient.tool.map { .string($0) } ?? .null],
      "inputs": .array(
        analysis.sources.map {
          [
            "file": .string($0.url.standardizedFileURL.path), "role": .string($0.role), "sha256": .string($0.sha256),
          ]
        }),
      "operator": settings.operatorName.map { .string($0) } ?? .null,
      "settings": [
        "candidateThreshold": .number(settings.candidateThreshold),
        "maximumCandidates": .integer(Int64(settings.maximumCandidates)), "reslice": .bool(settings.reslice),
      ],
      "software": ["name": .string(Product.name), "version": .string(Product.version)],
    ]
  }
}
