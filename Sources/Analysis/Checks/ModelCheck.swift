import Foundation
import Lesions
import Networks
package import Results
package import Saliency
import Volumes

/// All sanity checks of a model on one scan (method §10), and on wish the experiments (§9).
public enum ModelCheck {
  /// Shares of the learned tensors that are shuffled, from the output.
  static let stages = [0.1, 0.5, 1.0]

  /// - Parameters:
  ///   - isPhantom: the scan was drawn for this.
  ///   - labels: which values of its masks count.
  ///   - warned: called with what there is to say of the scan.
  ///   - progress: called with the check that is worked on.
  /// - Throws: ``Fault``, and errors of `Networks`, `Saliency` and `Volumes`.
  package static func run(
    _ model: LoadedModel, on scan: PatientInput, isPhantom: Bool, labels: MaskLabels? = nil, settings: CheckSettings,
    warned: ([Warning]) -> Void = { _ in }, progress: (SanityCheck) -> Void
  ) throws -> CheckReport {
    let checked = try CheckedScan(scan, model: model, labels: labels)
    warned(checked.scan.warnings)
    return try report(checked, subject: isPhantom ? "phantom" : "scan", settings, progress)
  }

  static func report(_ scan: CheckedScan, subject: String, _ settings: CheckSettings, _ progress: (SanityCheck) -> Void)
    throws -> CheckReport
  {
    let lesions = Array(scan.lesions.prefix(settings.lesions))
    var outcomes = try checks(scan, lesions, settings, progress)
    let experiments = settings.experiments ? try ExperimentRecord(scan, settings, progress) : nil
    if let experiments {
      outcomes.append(ExperimentChecks.context(experiments.perilesional))
      outcomes.append(ExperimentChecks.synthetic(experiments.synthetic))
    }
    return CheckReport(
      software: .this, model: scan.model.identity, subject: subject, settings: settings,
      lesionsFound: scan.lesions.count, lesionsChecked: lesions.map { "\($0.id)" },
      checks: outcomes.map(\.toleratingFewLesions.rounded), experiments: experiments)
  }

  private static func checks(
    _ scan: CheckedScan, _ lesions: [Finding], _ settings: CheckSettings, _ progress: (SanityCheck) -> Void
  ) throws -> [CheckOutcome] {
    let (model, tensor, network) = (scan.model.network, scan.tensor, scan.input.grid)
    let weights = try ExplainedScalar.logit.classWeights(of: scan.model)
    let regions = lesions.map { network.region(ofPatient: $0.voxels) }
    func smoothed(seed: UInt64, factor: Double, _ regions: [SaliencyRegion]) throws -> HalvedMaps {
      try HalvedMaps(
        of: regions, classWeights: weights, model: model, at: tensor, samples: settings.samples, noiseFactor: factor,
        seed: seed)
    }
    var outcomes = [
      try MaskCheck.outcome(
        mask: Volume(shape: scan.grid.shape, affine: scan.grid.affine, voxels: scan.components.mask()),
        reference: scan.scan.reference)
    ]
    // Without a lesion the gradient can still be checked, where a lesion is likeliest.
    let likeliest = scan.probability.voxels.indices.max { scan.probability.voxels[$0] < scan.probability.voxels[$1] }!
    let first = regions.first ?? network.region(ofPatient: [likeliest])
    progress(.finiteDifferences)
    outcomes.append(
      try FiniteDifferenceCheck().outcome(
        of: first, classWeights: weights, model: model, at: tensor, seed: settings.seed))
    outcomes.append(
      try WindowAverageCheck().outcome(
        of: first, classWeights: weights, logits: scan.segmentation.logits!, model: model, at: tensor))
    progress(.singleVoxel)
    outcomes.append(
      try SingleVoxelCheck().outcome(
        of: network.region(ofPatient: [likeliest], withMembers: true), classWeights: weights, model: model, at: tensor))
    progress(.weightRandomisation)
    outcomes.append(
      try RandomisationCheck().outcome(
        of: regions, classWeights: weights, model: model,
        stages: stages.map { share in
          .init(fraction: share) { try scan.model.randomised(share: share, seed: settings.seed) }
        }, at: tensor))
    progress(.windowShift)
    outcomes.append(try ShiftCheck().outcome(of: regions, classWeights: weights, model: model, at: tensor))

    progress(.splitHalf)
    let maps = try smoothed(seed: settings.seed, factor: settings.noiseFraction, regions)
    outcomes.append(RepeatabilityCheck.outcome(of: maps))
    progress(.seedSensitivity)
    let reseeded = try smoothed(seed: settings.seed &+ 1, factor: settings.noiseFraction, regions)
    outcomes.append(SensitivityCheck.seed(peaks: maps.flairPeaks, other: reseeded.flairPeaks))
    progress(.noiseSensitivity)
    let enough = regions.count >= SensitivityCheck.fewestForRanks
    let others = try (enough ? [0.5, 2] : []).map { factor in
      let fraction = factor * settings.noiseFraction
      return (factor: fraction, peaks: try smoothed(seed: settings.seed, factor: fraction, regions).flairPeaks)
    }
    outcomes.append(SensitivityCheck.noise(peaks: maps.flairPeaks, others: others))

    progress(.controlRegion)
    let places = ControlRegions(brain: scan.brain, awayFrom: scan.findingVoxels)
    let controls = lesions.indices.compactMap { index in
      places.region(shapedLike: lesions[index].voxels, seed: settings.seed, number: lesions[index].id.number).map {
        (index: index, region: network.region(ofPatient: $0))
      }
    }
    let controlPeaks = try smoothed(seed: settings.seed, factor: settings.noiseFraction, controls.map(\.region))
      .flairPeaks
    outcomes.append(
      RegionChecks.control(peaks: zip(controls, controlPeaks).map { (lesion: maps.flairPeaks[$0.index], control: $1) }))
    let features = zip(lesions, maps.halves).map { lesion, halves in
      let rim = Rim.voxels(
        around: lesion.voxels, shape: scan.grid.shape, affine: scan.grid.affine, occupied: scan.components.mask())
      return PeakFeatures(of: halves.even, rim: network.networkIndices(ofPatient: rim))
    }
    outcomes.append(
      RegionChecks.sign(balances: features.map { (inside: $0.channels[0].meanInside, rim: $0.channels[0].meanInRim) }))
    outcomes.append(
      RegionChecks.modality(flairFractions: features.compactMap(\.flairFraction), channelCount: scan.model.channelCount)
    )
    return outcomes
  }
}
