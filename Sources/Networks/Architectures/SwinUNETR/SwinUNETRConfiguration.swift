import Checkpoints

/// Arguments of MONAI's `SwinUNETR` in three dimensions.
struct SwinUNETRConfiguration: Hashable, Sendable, ArchitectureConfiguration {
  static let name = "SwinUNETR"
  /// Its many layers round more: in single precision PyTorch is as far from itself in double precision.
  static let probeTolerance = 5e-4

  /// How eight voxels are joined into one between the stages.
  enum Downsampling: Hashable, Sendable {
    /// MONAI's "merging". Until release 1.5 it took two neighbours twice and left two out, with the same parameters:
    /// only who trained the network knows which it was.
    case merging(isLegacy: Bool)
    /// MONAI's "mergingv2", another order of the neighbours.
    case mergingV2

    /// The neighbour (d, h, w) of each eighth of the channels, as 4·d + 2·h + w.
    var parts: [Int] {
      switch self {
      case .merging(isLegacy: false): [0b000, 0b100, 0b010, 0b001, 0b110, 0b101, 0b011, 0b111]
      case .merging(isLegacy: true): [0b000, 0b100, 0b010, 0b001, 0b101, 0b010, 0b001, 0b111]
      case .mergingV2: Array(0..<8)
      }
    }
  }

  var inputChannels: Int
  var outputChannels: Int
  /// Channels of the first stage, a multiple of 12.
  var featureSize: Int = 24
  /// Transformer blocks in each of the four stages.
  var depths: [Int] = [2, 2, 2, 2]
  var heads: [Int] = [3, 6, 12, 24]
  /// D, H, W of an attention window, in voxels of its stage.
  var window: [Int] = [7, 7, 7]
  var hasQKVBias: Bool = true
  /// Hidden channels of a block's perceptron per channel.
  var perceptronRatio: Double = 4
  var normalisesPatches: Bool = false
  /// Of encoder and decoder; the blocks of version 2 have an instance norm without scale and shift.
  var normalisation: Normalisation? = .instance(affine: false, epsilon: 1e-5)
  /// Whether what leaves a stage for the decoder is normalised over its channels.
  var normalisesStages: Bool = true
  /// A residual convolution block before each stage.
  var isVersion2: Bool = false
  var downsampling: Downsampling

  /// The patches and four mergings halve every axis five times.
  var divisors: [Int] { [32, 32, 32] }

  func network(weights: SafeTensors) throws -> Network { try SwinUNETR.network(self, weights: weights) }
}
