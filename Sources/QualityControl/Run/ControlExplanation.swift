import Lesions
import Networks
import Reports
import Results
import Saliency
import Volumes

/// Saliency of missed truth lesions and of control regions, for comparison with that of the findings.
enum ControlExplanation {
  private static let clearanceMillimetres = 5.0

  /// - Parameters:
  ///   - brain: non-zero where both images show brain.
  ///   - explain: explains subjects with the settings of the run.
  static func facts(
    lesions: [Lesion], candidates: [MissedLesionCandidate], prediction: Components, labels: TruthLabels,
    brain: Volume<UInt8>, probability: Volume<Float>, seed: UInt64,
    explain: ([FindingSubject]) throws -> [FindingExplanation]
  ) throws -> ControlFacts {
    // Small components that were dropped are no lesions, but no healthy tissue to compare with either.
    var findings = (prediction.kept + prediction.dropped + labels.truth.kept + labels.truth.dropped).flatMap { $0 }
    findings += candidates.flatMap(\.voxels)
    let places = ControlRegions(brain: brain, awayFrom: findings, clearanceMillimetres: clearanceMillimetres)
    let healthy = lesions.compactMap { lesion in
      places.region(shapedLike: lesion.voxels, seed: seed, number: lesion.number).map { (lesion.number, $0) }
    }
    let missed = labels.missed.map { ($0.number, $0.voxels) }
    let subjects = (missed + healthy).map { number, voxels in
      FindingSubject(
        id: FindingID(kind: .lesion, number: number), voxels: voxels,
        measurements: Measurements(
          voxels: voxels, shape: probability.shape, affine: probability.affine, probability: probability.voxels),
        wasDropped: false)
    }
    let facts = zip(subjects, try explain(subjects)).map { region($0, $1) }
    return ControlFacts(
      falseNegatives: Array(facts.prefix(missed.count)), trueNegatives: Array(facts.dropFirst(missed.count)),
      lesionsWithoutControl: lesions.count - healthy.count, clearanceMillimetres: clearanceMillimetres)
  }

  private static func region(_ subject: FindingSubject, _ explanation: FindingExplanation) -> RegionFacts {
    let (m, flair, mprage) = (
      subject.measurements, explanation.features.channels[0], explanation.features.channels[1]
    )
    let errors = [
      flair.standardErrorOfHighestInside, flair.standardErrorOfLowestInside, mprage.standardErrorOfHighestInside,
      mprage.standardErrorOfLowestInside,
    ].compactMap { $0 }
    return RegionFacts(
      number: subject.id.number, voxelCount: m.voxelCount, volumeMillimetres3: m.volumeMillimetres3,
      centroidWorldMillimetres: [m.centroidMillimetres.x, m.centroidMillimetres.y, m.centroidMillimetres.z],
      meanProbability: m.meanProbability ?? 0, maximumProbability: m.maximumProbability ?? 0,
      meanEntropy: m.meanEntropyNats ?? 0, flairHighest: Double(flair.highestInside.value),
      flairLowest: Double(flair.lowestInside.value), mprageHighest: Double(mprage.highestInside.value),
      mprageLowest: Double(mprage.lowestInside.value),
      standardErrors: errors.count < 4
        ? nil
        : .init(flairHighest: errors[0], flairLowest: errors[1], mprageHighest: errors[2], mprageLowest: errors[3]),
      flairShare: explanation.features.flairShare,
      signBalance: SignBalance(meanInside: flair.meanInside, meanRim: flair.meanInRim))
  }
}
