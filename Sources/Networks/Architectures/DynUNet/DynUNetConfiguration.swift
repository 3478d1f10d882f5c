/// Arguments of MONAI's `DynUNet` in three dimensions.
public struct DynUNetConfiguration: Hashable, Sendable, ArchitectureConfiguration {
  static let name = "DynUNet"

  public var inputChannels: Int
  public var outputChannels: Int
  /// One per level, top first, for the axes D, H, W, as ``strides``; odd.
  public var kernels: [[Int]]
  /// One per level; the first is 1 along every axis.
  public var strides: [[Int]]
  /// Channels per level.
  public var filters: [Int]
  public var normalisation: Normalisation? = .instance(affine: true, epsilon: 1e-5)
  public var activation: ActivationKind? = .leakyReLU(negativeSlope: 0.01)
  /// Heads at lower resolutions that the weights contain; they take no part in inference.
  public var supervisionHeads: Int = 0
  /// Residual blocks on the way down.
  public var isResidual: Bool = false
  /// Whether transposed convolutions have a bias.
  public var hasTransposedBias: Bool = false

  public init(inputChannels: Int, outputChannels: Int, kernels: [[Int]], strides: [[Int]], filters: [Int]) {
    precondition(filters.count >= 3 && strides.count == filters.count && kernels.count == filters.count)
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.kernels = kernels
    self.strides = strides
    self.filters = filters
  }

  public var divisors: [Int] {
    strides.reduce([1, 1, 1]) { product, stride in zip(product, stride).map { $0 * $1 } }
  }

  func network(weights: SafeTensors) throws -> Network { try DynUNet.network(self, weights: weights) }
}
