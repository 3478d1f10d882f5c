import ErrorScore
import Lesions
import Reports
import Results

/// What the readers of one patient say together.
///
/// A reader's latest entry on a finding counts. `accept` and `editNeeded` say that it is a lesion, `reject` that it is
/// not; `unsure` and `undecided` say neither. The majority of those who say something decides; without one the
/// network's answer stays.
struct MergedReview {
  enum Outcome: String, Codable, Sendable {
    case lesion, notALesion
    /// Nobody says anything, or as many say one as the other.
    case open
  }

  struct Finding {
    let record: FindingRecord
    /// By reader, in order of name; readers without an entry are left out.
    let entries: [ReviewRecord.Entry]
    let outcome: Outcome

    var id: FindingID { record.id }

    /// One reader says lesion and another says not.
    var isConflict: Bool {
      entries.contains { $0.verdict.isLesion == true } && entries.contains { $0.verdict.isLesion == false }
    }
    var needsEditing: Bool { entries.contains { $0.verdict == .editNeeded } }
    var isDecided: Bool { entries.contains { $0.verdict != .undecided } }
    /// In the mask once the review is applied.
    var isInMask: Bool {
      switch outcome {
      case .lesion: true
      case .notALesion: false
      case .open: record.kind == .lesion
      }
    }
  }

  /// Sorted names or codes.
  let readers: [String]
  /// Lesions by number, then candidates.
  let findings: [Finding]
  /// On `accept`, `reject`, `editNeeded` and `unsure`, over the findings that every reader answered; nil with one
  /// reader.
  let answers: Agreement?
  /// On lesion or not, over the findings where every reader says one of the two; nil with one reader.
  let lesionOrNot: Agreement?

  var conflicts: [Finding] { findings.filter(\.isConflict) }

  /// - Parameter entries: all on the present results, in any order.
  init(_ results: PatientResults, _ entries: [ReviewRecord.Entry]) throws {
    let readers = Set(entries.map(\.reader)).sorted()
    self.readers = readers
    findings = results.findings.map { record in
      let latest = readers.compactMap { reader in
        entries.filter { $0.reader == reader && $0.id == record.id.description }.max { $0.time < $1.time }
      }
      let votes = latest.compactMap(\.verdict.isLesion)
      let (yes, no) = (votes.count { $0 }, votes.count { !$0 })
      return Finding(record: record, entries: latest, outcome: yes > no ? .lesion : no > yes ? .notALesion : .open)
    }
    guard readers.count >= 2 else {
      (answers, lesionOrNot) = (nil, nil)
      return
    }
    (answers, lesionOrNot) = try Self.agreement(findings, readers: readers.count)
  }

  /// Over findings of one patient or of several with the same number of readers.
  static func agreement(_ findings: [Finding], readers: Int) throws -> (answers: Agreement, lesionOrNot: Agreement) {
    let complete = findings.filter { $0.entries.count == readers && $0.entries.allSatisfy { $0.verdict != .undecided } }
    let certain = complete.filter { $0.entries.allSatisfy { $0.verdict.isLesion != nil } }
    return (
      try Agreement(complete.map { $0.entries.map(\.verdict.rawValue) }),
      try Agreement(certain.map { $0.entries.map { $0.verdict.isLesion == true ? "lesion" : "not a lesion" } })
    )
  }
}

extension ReviewDecisions.Verdict {
  /// Nil where the reader does not say.
  var isLesion: Bool? {
    switch self {
    case .accept, .editNeeded: true
    case .reject: false
    case .unsure, .undecided: nil
    }
  }
}
