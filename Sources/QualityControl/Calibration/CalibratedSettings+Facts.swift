import AuditTrail
import Digests
import ErrorScore
import Foundation
import Lesions
import Reports
import Results
import Saliency

extension CalibratedSettings {
  /// The settings that a results file names.
  init(_ settings: SettingFacts) {
    self.init(
      method: settings.method, aggregation: settings.aggregation == "mean" ? "sum" : settings.aggregation,
      target: settings.target, noiseFraction: settings.noiseFraction, candidateThreshold: settings.candidateThreshold,
      maximumCandidates: settings.maximumCandidates, minimumLesionVoxels: settings.minimumLesionVoxels,
      minimumCandidateVoxels: settings.minimumCandidateVoxels, precision: settings.precision,
      mirrorAxes: settings.mirrorAxes ?? [])
  }

  /// SHA-256 of the JSON with sorted keys.
  func digest() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return Digest.sha256(try encoder.encode(self))
  }
}

extension SettingFacts {
  /// Fewest draws that a finding may have got.
  var fewestSamples: Int { min(samples, stopping?.minimumSamples ?? samples) }
}

extension RunSettings {
  /// Fewest draws that a finding may get.
  var fewestSamples: Int {
    get throws { min(samples, try stopping?.minimumDraws ?? samples) }
  }

  /// The saliency of a run that is still to come, as its results will name it.
  func calibrated(mirrorAxes: [Int]) -> CalibratedSettings {
    CalibratedSettings(
      method: "smoothgrad", aggregation: aggregation == .mean ? "sum" : aggregation.rawValue, target: target.rawValue,
      noiseFraction: noiseFraction, candidateThreshold: candidateThreshold, maximumCandidates: maximumCandidates,
      minimumLesionVoxels: ComponentRule.published.minimumVoxels,
      minimumCandidateVoxels: MissedLesionCandidates.Rule.published.minimumVoxels, precision: "fp32",
      mirrorAxes: mirrorAxes)
  }
}
