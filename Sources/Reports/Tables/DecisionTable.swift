import Lesions
public import Results

/// `*_desc-reviewed_decisions.tsv`: one line per finding with what the readers said and what became of it.
public enum DecisionTable {
  public struct Row: Sendable {
    public let finding: FindingFacts
    public let position: Int?
    public let outcome: String
    public let isConflict: Bool
    public let needsEditing: Bool
    public let isInMaskBefore: Bool
    public let isInMaskAfter: Bool
    public let answers:
      [(reader: String, verdict: ReviewDecisions.Verdict, reasons: [ReviewDecisions.Reason], comment: String)]

    public init(
      finding: FindingFacts, position: Int?, outcome: String, isConflict: Bool, needsEditing: Bool,
      isInMaskBefore: Bool,
      isInMaskAfter: Bool,
      answers: [(
        reader: String, verdict: ReviewDecisions.Verdict, reasons: [ReviewDecisions.Reason], comment: String
      )]
    ) {
      self.finding = finding
      self.position = position
      self.outcome = outcome
      self.isConflict = isConflict
      self.needsEditing = needsEditing
      self.isInMaskBefore = isInMaskBefore
      self.isInMaskAfter = isInMaskAfter
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
      let finding = row.finding
      func each(_ text: (ReviewDecisions.Verdict, [ReviewDecisions.Reason], String) -> String) -> String {
        row.answers.compactMap { answer in
          let said = text(answer.verdict, answer.reasons, answer.comment)
          return said.isEmpty ? nil : "\(answer.reader): \(said)"
        }.joined(separator: "; ")
      }
      table.append([
        finding.id, finding.kind.rawValue, TabSeparated.number(row.position),
        TabSeparated.number(finding.volumeMillimetres3), TabSeparated.number(finding.meanProbability), row.outcome,
        word(row.isConflict), word(row.needsEditing), word(row.isInMaskBefore), word(row.isInMaskAfter),
        each { verdict, _, _ in verdict.rawValue },
        each { _, reasons, _ in reasons.map(\.rawValue).joined(separator: ",") },
        each { _, _, comment in comment },
      ])
    }
    return table.bytes
  }

  private static func word(_ value: Bool) -> String { value ? "yes" : "no" }
}
