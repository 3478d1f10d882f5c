import AuditTrail
import Reports
import Results

extension SelfTestFacts {
  /// What the audit record of a finished run says about the self-test.
  var record: AuditValue {
    func counts(_ counts: MarkedCounts) -> AuditValue {
      [
        "asCandidate": .integer(Int64(counts.asCandidate)), "asLesion": .integer(Int64(counts.asLesion)),
        "notMarked": .integer(Int64(counts.notMarked)), "planted": .integer(Int64(counts.planted)),
      ]
    }
    func pairs(_ pairs: RankedPairs) -> AuditValue {
      ["count": .integer(Int64(pairs.count)), "inOrder": .integer(Int64(pairs.inOrder))]
    }
    return [
      "candidatePairs": pairs(candidatePairs), "lesionPairs": pairs(lesionPairs), "lesions": counts(lesions),
      "mimics": counts(mimics),
    ]
  }
}
