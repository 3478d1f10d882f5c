/// What nnU-Net v2's `PlainConvUNet` and `ResidualEncoderUNet` have in common: the arguments of their constructors that
/// plans.json gives (`dynamic_network_architectures.architectures.unet`), all but the layers of a stage of the encoder.
public struct NNUNetStages: Hashable, Sendable {
  public var inputChannels: Int
  public var outputChannels: Int
  /// Channels per stage, top first.
  public var features: [Int]
  /// One per stage, for the axes D, H, W, as ``strides``; odd.
  public var kernels: [[Int]]
  /// One per stage; the first is 1 along every axis.
  public var strides: [[Int]]
  /// Convolutions per stage of the decoder, lowest resolution first.
  public var decoderConvolutions: [Int]
  public var hasBias: Bool = false
  public var normalisation: Normalisation?
  public var activation: ActivationKind?

  public init(
    inputChannels: Int, outputChannels: Int, features: [Int], kernels: [[Int]], strides: [[Int]],
    decoderConvolutions: [Int]
  ) {
    precondition(features.count >= 2 && kernels.count == features.count && strides.count == features.count)
    precondition(decoderConvolutions.count == features.count - 1)
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.features = features
    self.kernels = kernels
    self.strides = strides
    self.decoderConvolutions = decoderConvolutions
  }

  public var divisors: [Int] {
    strides.reduce([1, 1, 1]) { product, stride in zip(product, stride).map { $0 * $1 } }
  }
}
