import Lesions
import Networks
import Reports
import Results
import Saliency
import Volumes

/// The trust checks that are cheap enough for every patient: a handful of passes over the windows of one finding, and what
/// the maps of the run tell anyway.
enum PatientChecks {
  /// - Parameters:
  ///   - subjects: the findings, the first of which is looked at.
  ///   - facts: of the same findings.
  ///   - logits: `[K, D, H, W]` on the network's grid that decided the mask.
  /// - Returns: nil without a finding.
  static func facts(
    of subjects: [FindingSubject], facts: [FindingFacts], probability: Volume<Float>, logits: Tensor, at tensor: Tensor,
    network: NetworkGrid, model: LoadedModel, settings: RunSettings
  ) throws -> [CheckFacts]? {
    guard let subject = subjects.first else { return nil }
    let weights = try settings.target.classWeights(of: model)
    let region = network.region(ofPatient: subject.voxels)
    let surest = subject.voxels.max { probability.voxels[$0] < probability.voxels[$1] }!
    let single = network.region(ofPatient: [surest], withMembers: true)
    let lesions = facts.filter { $0.kind == .lesion }
    let peaks = facts.compactMap { finding in
      finding.flair.insideHighest.standardError.map { (value: finding.flair.insideHighest.value, standardError: $0) }
    }
    return [
      try FiniteDifferenceCheck().outcome(
        of: region, classWeights: weights, model: model.network, at: tensor, seed: settings.seed),
      try WindowAverageCheck().outcome(
        of: region, classWeights: weights, logits: logits, model: model.network, at: tensor),
      // Of the ways to aggregate this one takes another path; the others follow it or are a division.
      try SingleVoxelCheck([.signedMax]).outcome(
        of: single, classWeights: weights, model: model.network, at: tensor),
      RepeatabilityCheck.outcome(peaks: peaks, draws: facts.compactMap(\.draws).min() ?? 0),
      RegionChecks.sign(balances: lesions.map { (inside: $0.signBalance.meanInside, rim: $0.signBalance.meanRim) }),
      RegionChecks.modality(flairShares: lesions.compactMap(\.flairShare)),
    ].map(CheckFacts.init)
  }
}
