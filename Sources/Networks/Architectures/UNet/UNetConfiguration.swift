/// Arguments of MONAI's `UNet` in three dimensions.
public struct UNetConfiguration: Hashable, Sendable, ArchitectureConfiguration {
  static let name = "UNet"

  public var inputChannels: Int
  public var outputChannels: Int
  /// Channels per level, top first; at least two levels.
  public var channels: [Int]
  /// One stride per level but the last, each for the axes D, H, W.
  public var strides: [[Int]]
  /// Odd, for the axes D, H, W, as ``upKernel``.
  public var kernel: [Int] = [3, 3, 3]
  public var upKernel: [Int] = [3, 3, 3]
  public var residualUnits: Int = 0
  public var activation: ActivationKind? = .prelu
  public var normalisation: Normalisation? = .instance(affine: false, epsilon: 1e-5)
  /// Activation before normalisation (`adn_ordering` "AN" rather than "NA"; dropout does nothing at inference).
  public var isActivationFirst: Bool = false
  public var hasBias: Bool = true

  public init(inputChannels: Int, outputChannels: Int, channels: [Int], strides: [[Int]]) {
    precondition(channels.count >= 2 && strides.count == channels.count - 1)
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.channels = channels
    self.strides = strides
  }

  /// The product of the strides per axis; the shape of a window must be divisible by it.
  public var divisors: [Int] {
    strides.reduce([1, 1, 1]) { product, stride in zip(product, stride).map { $0 * $1 } }
  }

  func network(weights: SafeTensors) throws -> Network { try UNet.network(self, weights: weights) }
}
