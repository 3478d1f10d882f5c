import Foundation
import Lesions
import Networks
import Results
import Saliency
import Volumes

/// The sanity checks that are cheap enough for every patient: a handful of passes over the windows of one finding, and
/// what the maps of the run tell anyway.
enum PatientChecks {
  /// - Parameters:
  ///   - segmentation: by the network; the first finding is looked at.
  ///   - records: of its findings.
  /// - Returns: nil without a finding.
  static func records(
    of segmentation: Segmentation, records: [FindingRecord], input: NetworkInput, model: LoadedModel,
    settings: RunSettings
  ) throws -> [CheckOutcome]? {
    guard let subject = segmentation.findings.first, let probability = segmentation.probability,
      let logits = segmentation.logits
    else { return nil }
    let (network, tensor) = (input.grid, input.tensor)
    let weights = try settings.target.classWeights(of: model)
    let region = network.region(ofPatient: subject.voxels)
    let surest = subject.voxels.max { probability.voxels[$0] < probability.voxels[$1] }!
    let single = network.region(ofPatient: [surest], withMembers: true)
    let saliency = records.compactMap(\.saliency)
    let ofLesions = records.filter { $0.kind == .lesion }.compactMap(\.saliency)
    let peaks = saliency.map(\.flair.inside.maximum).compactMap { peak in
      peak.standardError.map { (value: peak.value, standardError: $0) }
    }
    return [
      try FiniteDifferenceCheck().outcome(
        of: region, classWeights: weights, model: model.network, at: tensor, seed: settings.seed),
      try WindowAverageCheck().outcome(
        of: region, classWeights: weights, logits: logits, model: model.network, at: tensor),
      // Of the ways to aggregate this one takes another path; the others follow it or are a division.
      try SingleVoxelCheck([.signedMax]).outcome(of: single, classWeights: weights, model: model.network, at: tensor),
      RepeatabilityCheck.outcome(peaks: peaks, samples: saliency.compactMap(\.samples).min() ?? 0),
      RegionChecks.sign(balances: ofLesions.map { (inside: $0.signBalance.meanInside, rim: $0.signBalance.meanRim) }),
      RegionChecks.modality(flairFractions: ofLesions.compactMap(\.flairFraction), channelCount: model.channelCount),
    ].map(\.rounded)
  }
}

/// Whether the network sees the lesions of the scan at all: a map of a mask that is elsewhere explains nothing about
/// lesions.
///
/// Checks of a map beside itself cannot notice: the maps of a network with shuffled weights repeat, too.
enum MaskCheck {
  /// - Throws: `LesionsError` for masks of two grids.
  static func outcome(mask: Volume<UInt8>, reference: Volume<UInt8>?) throws -> CheckOutcome {
    guard let reference else { return CheckOutcome(.maskOverlap, notAssessed: .noReference) }
    // Nothing marked where nothing is: as it should be.
    let dice = try VoxelOverlap(prediction: mask, reference: reference).dice ?? 1
    return CheckOutcome(
      .maskOverlap, passed: dice >= SanityCheck.leastMaskOverlap, measures: [.init(.diceCoefficient, dice)])
  }
}
