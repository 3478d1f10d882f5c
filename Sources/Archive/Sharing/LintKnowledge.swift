import AuditTrail
import Files
public import Foundation
public import PageLint
import Reports
import Results

/// What this machine knows that a shared page must not say.
struct LintKnowledge {
  /// Looked for as words, however they are written.
  var identifiers: [String]
  /// Ordinary words that are names, too: looked for in addresses alone.
  var addressees: [String] = []
  /// Days on which something was recorded.
  var dates: Set<String> = []

  /// Names that say nothing about anybody.
  private static let generic: Set<String> = ["root", "user", "admin", "guest", "nobody", "localhost"]

  /// Words of two letters on the pages that this program writes, and units of their tables.
  static let shortWords: Set<String> = [
    "aa", "an", "as", "at", "ax", "be", "by", "cl", "co", "db", "dl", "do", "dt", "dx", "dy", "ed", "em", "en", "eq",
    "fg", "fn", "fp", "gb", "gz", "h1", "h2", "h3", "hr", "id", "if", "in", "ip", "is", "it", "js", "kb", "la", "lc",
    "li", "ln", "mb", "me", "mi", "ml", "mm", "mr", "ms", "my", "nn", "no", "of", "ok", "ol", "on", "or", "os", "ph",
    "pp", "pt", "px", "qc", "re", "rx", "ry", "sd", "se", "so", "sr", "sv", "t1", "t2", "td", "th", "tn", "to", "tp",
    "tr", "tv", "ui", "ul", "up", "us", "vs", "w3", "we", "x1", "x2", "y1", "y2",
  ]

  /// Names of the host and of the user who runs the program.
  static func machine() -> LintKnowledge {
    var names: [String] = []
    var buffer = [CChar](repeating: 0, count: 256)
    if gethostname(&buffer, buffer.count - 1) == 0 {
      let host = buffer.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
      names += [host, host.split(separator: ".").first.map(String.init) ?? host]
    }
    names.append(NSUserName())
    names += ["USER", "LOGNAME"].compactMap { ProcessInfo.processInfo.environment[$0] }
    return LintKnowledge(names: names, pageWords: pageWords())
  }

  /// - Parameter pageWords: words that the pages use themselves, in lower case.
  init(names: [String], pageWords: Set<String>) {
    let names = Set(names.filter { !$0.isEmpty && !Self.generic.contains($0.lowercased()) })
    addressees = names.filter { $0.count < 2 || pageWords.contains($0.lowercased()) }.sorted()
    identifiers = names.subtracting(addressees).sorted()
  }

  init(identifiers: [String], dates: Set<String> = []) { (self.identifiers, self.dates) = (identifiers, dates) }

  /// The words of the templates; a machine that is called like one of them would be found on every page.
  static func pageWords() -> Set<String> {
    let texts = (try? TemplateFolder.locate())?.texts ?? []
    return shortWords.union(texts.flatMap(words))
  }

  /// Runs of letters and digits, in lower case.
  static func words(of text: String) -> [String] {
    text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }

  /// What the audit trail beside a report says: paths and names of the inputs, and the days on which something was
  /// recorded.
  ///
  /// - Parameter report: `OUTPUT_DIR/sub-01.html`; nothing is known of a report that was moved away from its trail.
  static func trail(beside report: URL) throws -> LintKnowledge {
    let name = String(report.lastPathComponent.split(separator: ".").first ?? "")
    // A cohort page is about everybody.
    return try trails(in: report.standardizedFileURL.deletingLastPathComponent()) { $0 == name || name == "index" }
  }

  /// What the audit trails of an output folder say of the patients that are wanted.
  static func trails(in root: URL, where isWanted: (String) -> Bool = { _ in true }) throws -> LintKnowledge {
    var identifiers: Set<String> = []
    var dates: Set<String> = []
    for patient in OutputLayout.patientNames(in: root) where isWanted(patient) {
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
    return LintKnowledge(identifiers: identifiers.filter { $0.count >= 4 }.sorted(), dates: dates)
  }

  /// A check that knows this machine, what is known here, and the given words and days.
  func lint(identifiers more: [String] = [], dates moreDates: [String] = []) -> ReportLint {
    let machine = Self.machine()
    return ReportLint(
      identifiers: machine.identifiers + identifiers + more, addressees: machine.addressees,
      ownDates: dates.union(moreDates))
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
    guard isPage(page) else {
      throw Fault(.input, report.path, found: "is no HTML page", expected: "a finished report (.html) or a folder")
    }
    let lint = try LintKnowledge.trail(beside: report).lint(identifiers: identifiers, dates: dates)
    return lint.leaks(in: page)
  }

  static func isPage(_ page: [UInt8]) -> Bool {
    let start = String(decoding: page.prefix(4096), as: UTF8.self).lowercased()
    return start.contains("<!doctype html") || start.contains("<html")
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
