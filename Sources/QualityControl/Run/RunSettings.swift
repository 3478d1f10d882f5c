public import Foundation

/// What a user can set about a run; everything that changes a number is recorded in the results and the audit trail.
public struct RunSettings: Sendable, Equatable {
  /// How the gradients of a lesion's voxels are put together.
  public enum Aggregation: String, Sendable, CaseIterable {
    /// Sum over the lesion's voxels: the default, from which the review order is always made.
    case sum
    /// Eq. 2 of the paper: `sum` divided by the number of voxels.
    case mean
  }

  /// What is differentiated.
  public enum Target: String, Sendable, CaseIterable {
    /// The lesion-class logit, as in the paper.
    case logit
    /// Lesion-class minus background logit, which alone decides the mask (two classes).
    case margin
  }

  /// Which error-score calibration is used.
  public enum CalibrationChoice: Sendable, Equatable {
    /// `calibration.json` of the model folder, if it is there.
    case ofModel
    case file(URL)
    /// No calibration: the uncalibrated order.
    case off
  }

  public var samples = 50
  public var noiseFraction = 0.05
  public var seed: UInt64 = 1
  public var aggregation = Aggregation.sum
  public var target = Target.logit
  public var candidateThreshold = 0.1
  public var maximumCandidates = 20
  /// Average the logits over the mirrorings that the model allows.
  public var mirror = false
  /// Resample MPRAGE onto the FLAIR grid by header when the grids differ.
  public var reslice = false
  public var calibration = CalibrationChoice.ofModel
  /// With a truth, also explain missed lesions and control regions.
  public var controls = false
  /// Also write whole-volume saliency maps.
  public var saveMaps = false
  public var overwrite = false
  /// 0: all cores.
  public var threads = 0
  /// Who ran it, for the audit trail.
  public var operatorName: String?

  public init() {}

  /// Every fault of the settings, in words.
  public var problems: [String] {
    var found: [String] = []
    if !(1...100_000).contains(samples) { found.append("--samples must be from 1 to 100000, not \(samples)") }
    if !(noiseFraction >= 0 && noiseFraction <= 10) {
      found.append("--noise must be from 0 to 10 (a fraction of the FLAIR range), not \(noiseFraction)")
    }
    if !(candidateThreshold > 0 && candidateThreshold < 1) {
      found.append("--candidate-threshold must lie between 0 and 1, not \(candidateThreshold)")
    }
    if !(0...999).contains(maximumCandidates) {
      found.append("--max-candidates must be from 0 to 999, not \(maximumCandidates)")
    }
    if !(0...1024).contains(threads) { found.append("--threads must be from 1 to 1024, not \(threads)") }
    return found
  }
}
