import Lesions
public import Results

/// `*_desc-reviewed_decisions.tsv`: one row per finding with what the readers said and what became of it.
public enum DecisionTable {
  public struct Row: Sendable {
    public typealias Answer = (
      reader: String, verdict: ReviewDecisions.Verdict, reasons: [ReviewDecisions.Reason], comment: String, time: String
    )

    let finding: FindingRecord
    let position: Int?
    let outcome: String
    let isConflict: Bool
    let needsEditing: Bool
    let isInMask: (before: Bool, after: Bool)
    let answers: [Answer]

    public init(
      _ finding: FindingRecord, position: Int?, outcome: String, isConflict: Bool, needsEditing: Bool,
      isInMask: (before: Bool, after: Bool), answers: [Answer]
    ) {
      self.finding = finding
      self.position = position
      self.outcome = outcome
      self.isConflict = isConflict
      self.needsEditing = needsEditing
      self.isInMask = isInMask
      self.answers = answers
    }
  }

  static let columns = [
    "finding", "kind", "review_position", "volume_mm3", "mean_probability", "outcome", "conflict", "needs_editing",
    "in_mask_before", "in_mask_after", "answers", "reasons", "comments",
  ]

  public static func bytes(_ rows: [Row]) -> [UInt8] {
    var table = TabSeparated(columns)
    for row in rows {
      let measurements = row.finding.measurements
      func each(_ text: (Row.Answer) -> String) -> String {
        row.answers.compactMap { answer in
          let said = text(answer)
          return said.isEmpty ? nil : "\(answer.reader): \(said)"
        }.joined(separator: "; ")
      }
      table.append([
        "\(row.finding.id)", row.finding.kind.rawValue, TabSeparated.number(row.position),
        TabSeparated.number(measurements.volumeMillimetres3), TabSeparated.number(measurements.probability?.mean),
        row.outcome, word(row.isConflict), word(row.needsEditing), word(row.isInMask.before), word(row.isInMask.after),
        each(\.verdict.rawValue), each { $0.reasons.map(\.rawValue).joined(separator: ",") }, each(\.comment),
      ])
    }
    return table.bytes
  }

  private static func word(_ value: Bool) -> String { value ? "yes" : "no" }
}
