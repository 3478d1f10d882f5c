public import Foundation
import Reports
import Results
import Saliency

/// What a user can set about a run; everything that changes a number is recorded in the results and the audit trail.
public struct RunSettings: Sendable, Equatable {
  /// How the gradients of a lesion's voxels are put together.
  public enum Aggregation: String, Sendable, CaseIterable {
    /// Sum over the lesion's voxels: the default, from which the review order is always made.
    case sum
    /// Eq. 2 of the paper: `sum` divided by the number of voxels.
    case mean
    /// Eq. 3 of the paper: in every voxel of the map the gradient of largest magnitude over the lesion's voxels.
    case signedMax = "signed-max"
    /// Eq. 3 over sums of 512 voxels of the lesion.
    case chunkedMax = "chunked-max"
  }

  /// Which maps are made. Peaks and order always come from SmoothGrad, the quantitative one.
  public enum Method: String, Sendable, CaseIterable {
    case smoothgrad
    /// Instance Grad-CAM++ in addition: a map per finding that says where, not how much.
    case gradCAMPlusPlus = "gradcam++"
  }

  /// The layer that Grad-CAM++ looks at.
  public enum Layer: Sendable, Equatable {
    /// The decoder block at half resolution.
    case byDefault
    /// A module by its name in the network's origin.
    case named(String)
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

  /// Noise draws; with ``relativeError`` the most of them.
  public var samples = 50
  /// Draw until the standard error of a finding's peak is below this fraction of it; nil: always ``samples`` draws.
  public var relativeError: Double?
  public var noiseFraction = 0.05
  public var seed: UInt64 = 1
  public var method = Method.smoothgrad
  /// For Grad-CAM++; nil: the default layer.
  public var layer: String?
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
  /// Also write known lesions and mimics into copies of the images and state what becomes of them.
  public var selfTest = false
  /// Also write whole-volume saliency maps.
  public var saveMaps = false
  public var overwrite = false
  /// 0: all cores.
  public var threads = 0
  /// Who ran it, for the audit trail.
  public var operatorName: String?

  public init() {}

  /// The layer to tap; nil without Grad-CAM++.
  var tapping: Layer? {
    method == .gradCAMPlusPlus ? layer.map { .named($0) } ?? .byDefault : nil
  }

  /// When a finding has been drawn often enough; nil: always after ``samples`` draws.
  var stopping: StoppingRule? {
    get throws { try relativeError.map { try StoppingRule(relativeError: $0) } }
  }

  var stoppingFacts: StoppingFacts? {
    get throws {
      try stopping.map {
        StoppingFacts(
          relativeError: $0.relativeError, absoluteError: $0.absoluteError, minimumSamples: $0.minimumDraws)
      }
    }
  }

  /// Every fault of the settings, in words.
  public var problems: [String] {
    var found: [String] = []
    if !(1...100_000).contains(samples) { found.append("--samples must be from 1 to 100000, not \(samples)") }
    if let relativeError {
      if !(relativeError > 0 && relativeError < 1) {
        found.append("--relative-error must lie between 0 and 1, not \(relativeError)")
      }
      if samples < 10 { found.append("--max-samples must be 10 or more, not \(samples)") }
    }
    if layer != nil && method != .gradCAMPlusPlus { found.append("--layer needs --method gradcam++") }
    if mirror && method == .gradCAMPlusPlus {
      found.append(
        "--method gradcam++ looks into the network once and cannot be averaged over mirrorings; leave --mirror out")
    }
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
