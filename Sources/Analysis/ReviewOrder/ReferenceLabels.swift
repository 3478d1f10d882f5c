package import ErrorScore
package import Lesions
package import Results
package import Volumes

/// What a reference segmentation says about the findings of a patient: the one rule, whoever made the mask.
package struct ReferenceLabels {
  package let reference: Components
  package let comparison: ReferenceComparison
  private let overlap: VoxelOverlap
  private let outcomes: [FindingID: RegionGroup]

  /// - Parameters:
  ///   - prediction: components of the mask.
  ///   - findings: its lesions and candidates.
  /// - Throws: `LesionsError` when the masks lie on different grids.
  package init(prediction: Components, findings: [Finding], reference: Components) throws {
    self.reference = reference
    comparison = try ReferenceComparison(prediction: prediction, reference: reference)
    overlap = try VoxelOverlap(prediction: prediction, reference: reference)
    let numbers = reference.numbers()
    let missed = Set(comparison.reference.filter(\.isMissed).map { Int32($0.number) })
    var outcomes: [FindingID: RegionGroup] = [:]
    for finding in findings {
      let touched = Set(finding.voxels.lazy.map { numbers[$0] }.filter { $0 != 0 })
      switch finding.id.kind {
      case .lesion: outcomes[finding.id] = touched.isEmpty ? .falsePositive : .truePositive
      case .candidate:
        outcomes[finding.id] =
          touched.isEmpty
          ? .otherCandidate : touched.isDisjoint(with: missed) ? .partOfFoundCandidate : .missedCandidate
      case .missedReference, .readerMark: break
      }
    }
    self.outcomes = outcomes
  }

  package func outcome(of finding: FindingID) -> RegionGroup? { outcomes[finding] }

  /// Reference lesions without a predicted lesion: their numbers and voxels.
  package var missed: [(number: Int, voxels: [Int])] {
    comparison.reference.filter(\.isMissed).map { ($0.number, reference.kept[$0.number - 1]) }
  }

  /// The same as findings, numbered from 1 on.
  ///
  /// - Parameters:
  ///   - affine: the grid's affine, mm, RAS+.
  ///   - probability: of a lesion, one value per voxel; nil where there is none.
  package func missedFindings(affine: Affine, probability: [Float]?) -> [Finding] {
    missed.enumerated().map { index, lesion in
      Finding(
        id: FindingID(kind: .missedReference, number: index + 1), voxels: lesion.voxels,
        measurements: Measurements(
          voxels: lesion.voxels, shape: reference.shape, affine: affine, probability: probability))
    }
  }

  /// - Parameter voxelMillimetres3: volume of a voxel.
  package func record(voxelMillimetres3: Double) -> ReferenceRecord {
    ReferenceRecord(
      reference, detection: DetectionMetrics(comparison), overlap: overlap, voxelMillimetres3: voxelMillimetres3)
  }
}
