public import AuditTrail
import Files
public import Foundation
public import PageLint
import Results

/// What this machine knows that a shared page must not say.
enum LintKnowledge {
  /// Names that say nothing about anybody and are ordinary words of a page.
  private static let generic: Set<String> = ["root", "user", "admin", "guest", "nobody", "localhost"]

  /// Names of the host and of the user who runs the program.
  static func machine() -> [String] {
    var names: [String] = []
    var buffer = [CChar](repeating: 0, count: 256)
    if gethostname(&buffer, buffer.count - 1) == 0 {
      let host = buffer.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
      names += [host, host.split(separator: ".").first.map(String.init) ?? host]
    }
    names.append(NSUserName())
    names += ["USER", "LOGNAME"].compactMap { ProcessInfo.processInfo.environment[$0] }
    return Set(names).filter { $0.count >= 3 && !generic.contains($0.lowercased()) }.sorted()
  }

  /// What the audit trail beside a report says: paths and names of the inputs, and the days on which something was
  /// recorded.
  ///
  /// - Parameter report: `OUTPUT_DIR/sub-01.html`; nothing is known of a report that was moved away from its trail.
  static func trail(beside report: URL) throws -> (identifiers: [String], dates: Set<String>) {
    let name = String(report.lastPathComponent.split(separator: ".").first ?? "")
    let root = report.standardizedFileURL.deletingLastPathComponent()
    var identifiers: Set<String> = []
    var dates: Set<String> = []
    // A cohort page is about everybody.
    for patient in OutputLayout.patientNames(in: root) where patient == name || name == "index" {
      for record in try AuditVerification.chain(of: OutputLayout.auditTrail(of: patient, in: root)).records {
        dates.insert(String(record.time.prefix(10)))
        for input in record.inputs {
          let url = URL(fileURLWithPath: input.path)
          identifiers.formUnion([url.path, url.deletingLastPathComponent().path])
          // A BIDS file is named after the pseudonym that the report shows.
          if !url.lastPathComponent.hasPrefix("sub-") { identifiers.insert(url.lastPathComponent) }
        }
      }
    }
    return (identifiers.filter { $0.count >= 4 }.sorted(), dates)
  }
}

extension ReportLint {
  /// Looks through a page that lies on this machine.
  ///
  /// - Parameters:
  ///   - identifiers: further words that must not occur.
  ///   - dates: further dates that may.
  /// - Throws: ``Fault`` for a file that is no page.
  public static func leaks(in report: URL, identifiers: [String], dates: [String]) throws -> [Leak] {
    guard let page = try? SmallFile.read(report, .page) else {
      throw Fault(.input, report.path, found: "cannot be read", expected: "a finished report (.html)")
    }
    let start = String(decoding: page.prefix(4096), as: UTF8.self).lowercased()
    guard start.contains("<!doctype html") || start.contains("<html") else {
      throw Fault(.input, report.path, found: "is no HTML page", expected: "a finished report (.html)")
    }
    let trail = try LintKnowledge.trail(beside: report)
    return ReportLint(
      identifiers: LintKnowledge.machine() + trail.identifiers + identifiers, ownDates: trail.dates.union(dates)
    ).leaks(in: page)
  }
}

/// A report that lies in a file by itself, such as one that a reader saved with decisions inside.
public enum FinishedPage {
  /// Makes sure that a file is a report whose scripts are the program's and that asks for nothing from outside, so that
  /// it can be handed to a browser.
  ///
  /// - Throws: ``Fault`` for anything else.
  public static func check(_ page: URL) throws {
    guard let data = try? SmallFile.read(page, .page) else {
      throw Fault(.input, page.path, found: "cannot be read", expected: "a report (.html)")
    }
    guard DecisionFile.embedded(in: String(decoding: data, as: UTF8.self)) != nil else {
      throw Fault(
        .input, page.path, found: "is no report of a patient",
        expected: "one that lesionqc wrote or a copy saved from it")
    }
    let active: Set<ReportLint.Leak.Kind> = [.script, .external, .policy]
    if let finding = ReportLint(identifiers: []).leaks(in: data).first(where: { active.contains($0.kind) }) {
      throw Fault(
        .input, page.path, found: "line \(finding); the file was altered and is not opened", remedy: .drawAgain)
    }
  }
}
