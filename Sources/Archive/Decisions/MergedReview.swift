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

  /// What readers say of the whole, by name; those who say nothing of it are left out.
  let studies: [StudyRecord]

  /// A mask that was edited elsewhere takes the place of what the decisions leave.
  let corrected: CorrectedMask?

  /// Who decided on a finding or said something of the whole, by name.
  var everybody: [String] { Set(readers + studies.map(\.reader)).sorted() }

  var conflicts: [Finding] { findings.filter(\.isConflict) }

  /// Of those who say something about the whole and not only mark lesions.
  var verdicts: [ReviewedPage.Verdict] { studies.filter { !$0.study.isEmpty }.map { ($0.reader, $0.study) } }

  /// Lesions that readers marked, each once.
  var marks: [ReaderMarks.Marked] { ReaderMarks.distinct(studies) }

  /// Lesions and volume once the review is applied. A mark has no volume; whoever edited a mask drew what was missing.
  var figures: ReviewedPage.Figures {
    if let corrected { return ReviewedPage.Figures(lesions: corrected.lesions, millilitres: corrected.millilitres) }
    let kept = findings.filter(\.isInMask)
    return ReviewedPage.Figures(
      lesions: kept.count + marks.count, marks: marks.count,
      millilitres: kept.reduce(0) { $0 + $1.record.measurements.volumeMillilitres })
  }

  /// - Parameters:
  ///   - entries: all on the present results, in any order.
  ///   - studies: likewise.
  init(
    _ results: PatientResults, _ entries: [ReviewRecord.Entry], studies: [StudyRecord] = [],
    corrected: CorrectedMask? = nil
  ) throws {
    self.corrected = corrected
    self.studies = StudyRecord.latest(studies)
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

/// The marks of several readers, each lesion once.
enum ReaderMarks {
  /// Marks of different readers whose middles are nearer than this, or than the larger of their radii, are one lesion.
  static let sameLesionMillimetres = 5.0

  struct Marked: Sendable {
    let reader: String
    let mark: ReviewDecisions.Mark
  }

  /// By reader and number; of each lesion the mark that comes first.
  static func distinct(_ studies: [StudyRecord]) -> [Marked] {
    let all = studies.flatMap { study in study.marks.map { Marked(reader: study.reader, mark: $0) } }
    return all.reduce(into: []) { kept, next in
      if !kept.contains(where: { $0.reader != next.reader && isSame($0.mark, next.mark) }) { kept.append(next) }
    }
  }

  private static func isSame(_ a: ReviewDecisions.Mark, _ b: ReviewDecisions.Mark) -> Bool {
    let squared = zip(a.positionMillimetres, b.positionMillimetres).reduce(0) { sum, pair in
      sum + (pair.0 - pair.1) * (pair.0 - pair.1)
    }
    let reach = max(sameLesionMillimetres, (a.diameterMillimetres ?? 0) / 2, (b.diameterMillimetres ?? 0) / 2)
    return squared.squareRoot() < reach
  }
}
