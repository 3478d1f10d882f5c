import Lesions
import Results
import Volumes

/// Saliency of missed reference lesions and of control regions, for comparison with that of the findings.
struct ControlExplanation {
  private static let clearanceMillimetres = 5.0

  /// Missed reference lesions, then control regions.
  let regions: [Finding]
  private let missedCount: Int
  private let lesionCount: Int

  /// - Parameter brain: non-zero where both images show brain.
  init(_ segmentation: Segmentation, labels: ReferenceLabels, brain: Volume<UInt8>, seed: UInt64) {
    // Small components that were dropped are no lesions, but no healthy tissue to compare with either.
    let (prediction, reference) = (segmentation.components, labels.reference)
    var taken = (prediction.kept + prediction.dropped + reference.kept + reference.dropped).flatMap { $0 }
    taken += (segmentation.candidates?.candidates ?? []).flatMap(\.voxels)
    let locations = ControlRegions(brain: brain, awayFrom: taken, clearanceMillimetres: Self.clearanceMillimetres)
    let lesions = segmentation.lesions
    let healthy = lesions.compactMap { lesion in
      locations.region(shapedLike: lesion.voxels, seed: seed, number: lesion.id.number).map { (lesion.id.number, $0) }
    }
    let missed = labels.missed
    (missedCount, lesionCount) = (missed.count, lesions.count)
    regions = (missed.map { ($0.number, $0.voxels) } + healthy).map { number, voxels in
      Finding(
        id: FindingID(kind: .lesion, number: number), voxels: voxels,
        measurements: Measurements(
          voxels: voxels, shape: brain.shape, affine: brain.affine, probability: segmentation.probability?.voxels))
    }
  }

  /// - Parameter explained: in the order of ``regions``.
  func record(_ explained: [ExplainedFinding]) -> ControlRecord {
    let records = zip(regions, explained).map { region, explained in
      ControlRecord.Region(number: region.id.number, measurements: region.measurements, saliency: explained.saliency)
    }
    return ControlRecord(
      falseNegatives: Array(records.prefix(missedCount)), trueNegatives: Array(records.dropFirst(missedCount)),
      lesionsWithoutControl: lesionCount - (records.count - missedCount),
      clearanceMillimetres: Self.clearanceMillimetres)
  }
}
