import Lesions
import Results

/// Which finding marks each inserted object, and what that comes to. Counts alone: no image and no network.
struct InsertionOutcome {
  struct Thing: Equatable {
    let isMimic: Bool
    /// The finding that marks it; nil: none does.
    let mark: FindingID?
  }

  let things: [Thing]
  /// Of the findings in the review order, 1 is reviewed first.
  let positions: [FindingID: Int]

  /// The finding that marks a set of voxels: a lesion before a candidate, then the one that shares most voxels, then
  /// the lower number; nil when none shares a voxel.
  static func mark(of voxels: [Int], among findings: [Finding]) -> FindingID? {
    let own = Set(voxels)
    return findings.map { (id: $0.id, shared: $0.voxels.count { own.contains($0) }) }.filter { $0.shared > 0 }.min {
      a, b in
      if a.id.kind != b.id.kind { return a.id < b.id }
      return a.shared != b.shared ? a.shared > b.shared : a.id < b.id
    }?.id
  }

  /// - Parameter wanted: how many were to be inserted.
  func counts(mimics: Bool, wanted: Int) -> SelfTestRecord.DetectionCounts {
    let own = things.filter { $0.isMimic == mimics }
    return SelfTestRecord.DetectionCounts(
      wanted: wanted, inserted: own.count, asLesion: own.count { $0.mark?.kind == .lesion },
      asCandidate: own.count { $0.mark?.kind == .candidate }, missed: own.count { $0.mark == nil })
  }

  /// Every inserted lesion with every mimic that is marked as the same kind by another finding. An error of the network
  /// should be reviewed before what it got right: a marked mimic before a found lesion, a lesion left as candidate
  /// before a mimic left as candidate.
  func pairs(_ kind: FindingKind) -> SelfTestRecord.RankedPairs {
    let marks = { (mimics: Bool) in things.filter { $0.isMimic == mimics }.compactMap(\.mark).filter { $0.kind == kind }
    }
    var pairs = SelfTestRecord.RankedPairs(count: 0, inOrder: 0)
    for lesion in marks(false) {
      for mimic in marks(true) where mimic != lesion {
        guard let a = positions[lesion], let b = positions[mimic] else { continue }
        pairs.count += 1
        if kind == .lesion ? b < a : a < b { pairs.inOrder += 1 }
      }
    }
    return pairs
  }
}
