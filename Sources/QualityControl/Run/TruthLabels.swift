import Lesions
import Reports
import Results
import Volumes

/// What an expert mask says about the findings of a patient.
struct TruthLabels {
  let truth: Components
  let comparison: TruthComparison
  let overlap: VoxelOverlap
  /// By finding identifier: `TP` or `FP`; `missed`, `partOfFound` or `notALesion`.
  private let statuses: [FindingID: String]

  /// - Throws: `LesionsError` when the masks lie on different grids.
  init(prediction: Components, candidates: [MissedLesionCandidate], truth: Components) throws {
    self.truth = truth
    comparison = try TruthComparison(prediction: prediction, truth: truth)
    overlap = try VoxelOverlap(prediction: prediction, truth: truth)
    var statuses: [FindingID: String] = [:]
    for lesion in comparison.predicted {
      statuses[FindingID(kind: .lesion, number: lesion.number)] = lesion.outcome == .truePositive ? "TP" : "FP"
    }
    let numbers = truth.numbers()
    let missed = Set(comparison.truth.filter(\.isMissed).map { Int32($0.number) })
    for candidate in candidates {
      let touched = Set(candidate.voxels.lazy.map { numbers[$0] }.filter { $0 != 0 })
      statuses[candidate.id] =
        touched.isEmpty ? "notALesion" : touched.isDisjoint(with: missed) ? "partOfFound" : "missed"
    }
    self.statuses = statuses
  }

  func status(of finding: FindingID) -> String? { statuses[finding] }

  /// Truth lesions without a predicted lesion: their numbers and voxels.
  var missed: [(number: Int, voxels: [Int])] {
    comparison.truth.filter(\.isMissed).map { ($0.number, truth.kept[$0.number - 1]) }
  }

  func facts(affine: Affine) -> TruthFacts { PatientAnalysis.truthFacts(truth, comparison, overlap, affine: affine) }
}
