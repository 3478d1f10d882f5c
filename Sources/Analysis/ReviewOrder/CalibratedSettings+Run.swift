import Digests
package import ErrorScore
import Foundation
import Lesions
package import Results
import Saliency

extension CalibratedSettings {
  /// What a calibration is bound to, of a run with these settings: of one that is still to come, too.
  package init(_ settings: RunSettings, mirrorAxes: [Int]) {
    self.init()
    aggregation = settings.aggregation == .mean ? "sum" : settings.aggregation.rawValue
    target = settings.target.rawValue
    noiseFraction = settings.noiseFraction
    candidateThreshold = settings.candidateThreshold
    maximumCandidates = settings.maximumCandidates
    self.mirrorAxes = mirrorAxes
  }

  /// Of finished results; nil where no network was run.
  package init?(_ results: PatientResults) {
    guard let settings = results.settings, let explanation = results.explanation else { return nil }
    self.init(settings, mirrorAxes: explanation.mirrorAxes)
    minimumLesionVoxels = results.rules.lesions.minimumVoxels
    minimumCandidateVoxels = results.rules.candidates?.minimumVoxels ?? minimumCandidateVoxels
    precision = explanation.precision
  }

  /// SHA-256 of the JSON with sorted keys.
  package func digest() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return Digest.sha256(try encoder.encode(self))
  }
}

extension PatientResults {
  /// Fewest noise samples that a finding may have got; nil where no network was run.
  package var fewestSamples: Int? {
    settings.map { min($0.samples, explanation?.stopping?.minimumSamples ?? $0.samples) }
  }
}
