import ErrorScore
import Lesions
import Testing

/// The example of `Sources/ErrorScore/ErrorScore.docc`.
@Test func orderFindings() throws {
  // snippet
  // FLAIR peaks of the `sum` maps, in logit per standard deviation.
  let order = try ReviewOrder(uncalibrated: [
    RankedFinding(finding: FindingID(kind: .lesion, number: 1), value: 9.5),
    RankedFinding(finding: FindingID(kind: .lesion, number: 2), value: 0.8),
    RankedFinding(finding: FindingID(kind: .candidate, number: 1), value: 3.1),
  ])
  for entry in order.entries { print(entry.position, entry.finding) }  // L002, C001, L001
  // end of snippet
  #expect(order.entries.map(\.finding.description) == ["L002", "C001", "L001"])
}
