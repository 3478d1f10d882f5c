import Checkpoints

/// Builds the graph of MONAI's `UNet` (monai.networks.nets.UNet, 1.6): a convolution per level on the way down, a
/// transposed one on the way up, the two joined by a concatenation. Parameters keep the names of its state dict.
struct UNet {
  private let configuration: UNetConfiguration
  private var layers: LayerBuilder

  /// - Throws: ``CheckpointError/parameters(file:architecture:missing:surplus:misshapen:)``.
  static func network(_ configuration: UNetConfiguration, weights: SafeTensors) throws -> Network {
    var builder = UNet(
      configuration: configuration, layers: LayerBuilder(inputChannels: configuration.inputChannels, weights: weights))
    _ = builder.level(
      0, prefix: "model", input: 0, inputChannels: configuration.inputChannels,
      outputChannels: configuration.outputChannels)
    return try builder.layers.network(outputChannels: configuration.outputChannels, divisors: configuration.divisors)
  }

  /// Sequential(down, SkipConnection(level below), up).
  private mutating func level(_ index: Int, prefix: String, input: Int, inputChannels: Int, outputChannels: Int) -> Int
  {
    let channels = configuration.channels[index]
    let below = configuration.channels[index + 1]
    let stride = configuration.strides[index]
    let isBottom = index + 2 == configuration.channels.count

    let down = down("\(prefix).0", input, inputChannels, channels, stride)
    let inner =
      isBottom
      ? self.down("\(prefix).1.submodule", down, channels, below, [1, 1, 1])
      : level(
        index + 1, prefix: "\(prefix).1.submodule", input: down, inputChannels: channels, outputChannels: channels)
    let innerChannels = isBottom ? below : channels
    let joined = layers.graph.add("\(prefix).1", Concatenation(), down, inner)
    return up("\(prefix).2", joined, channels + innerChannels, outputChannels, stride, isTop: index == 0)
  }

  private mutating func down(_ name: String, _ input: Int, _ inputChannels: Int, _ outputChannels: Int, _ stride: [Int])
    -> Int
  {
    configuration.residualUnits > 0
      ? residualUnit(name, input, inputChannels, outputChannels, stride, units: configuration.residualUnits)
      : convolution(name, input, inputChannels, outputChannels, configuration.kernel, stride)
  }

  private mutating func up(
    _ name: String, _ input: Int, _ inputChannels: Int, _ outputChannels: Int, _ stride: [Int], isTop: Bool
  ) -> Int {
    guard configuration.residualUnits > 0 else {
      return convolution(
        name, input, inputChannels, outputChannels, configuration.upKernel, stride, isTransposed: true,
        isConvolutionOnly: isTop)
    }
    let raised = convolution(
      "\(name).0", input, inputChannels, outputChannels, configuration.upKernel, stride, isTransposed: true)
    return residualUnit(
      "\(name).1", raised, outputChannels, outputChannels, [1, 1, 1], units: 1, lastIsConvolutionOnly: isTop)
  }

  /// MONAI's `Convolution`: convolution, then normalisation and activation (dropout does nothing here).
  private mutating func convolution(
    _ name: String, _ input: Int, _ inputChannels: Int, _ outputChannels: Int, _ kernel: [Int], _ stride: [Int],
    isTransposed: Bool = false, isConvolutionOnly: Bool = false
  ) -> Int {
    var result = plainConvolution(
      "\(name).conv", input, inputChannels, outputChannels, kernel, stride, isTransposed: isTransposed)
    if isConvolutionOnly { return result }
    let (norm, activation) = ("\(name).adn.N", "\(name).adn.A")
    if configuration.isActivationFirst {
      result = layers.activation(configuration.activation, activation, result)
      return layers.normalisation(configuration.normalisation, norm, result, channels: outputChannels)
    }
    result = layers.normalisation(configuration.normalisation, norm, result, channels: outputChannels)
    return layers.activation(configuration.activation, activation, result)
  }

  /// MONAI's `ResidualUnit`: a chain of convolutions plus the input, which is itself convolved where its shape differs.
  private mutating func residualUnit(
    _ name: String, _ input: Int, _ inputChannels: Int, _ outputChannels: Int, _ stride: [Int], units: Int,
    lastIsConvolutionOnly: Bool = false
  ) -> Int {
    var chain = input
    for unit in 0..<units {
      chain = convolution(
        "\(name).conv.unit\(unit)", chain, unit == 0 ? inputChannels : outputChannels, outputChannels,
        configuration.kernel, unit == 0 ? stride : [1, 1, 1],
        isConvolutionOnly: lastIsConvolutionOnly && unit == units - 1)
    }
    let isStrided = stride != [1, 1, 1]
    guard isStrided || inputChannels != outputChannels else { return layers.graph.add(name, Addition(), chain, input) }
    let residual = plainConvolution(
      "\(name).residual", input, inputChannels, outputChannels, isStrided ? configuration.kernel : [1, 1, 1], stride)
    return layers.graph.add(name, Addition(), chain, residual)
  }

  private mutating func plainConvolution(
    _ name: String, _ input: Int, _ inputChannels: Int, _ outputChannels: Int, _ kernel: [Int], _ stride: [Int],
    isTransposed: Bool = false
  ) -> Int {
    let window = ConvolutionWindow.centred(
      inputChannels: inputChannels, outputChannels: outputChannels, kernel: kernel, stride: stride)
    return isTransposed
      ? layers.transposedConvolution(name, input, window, hasBias: configuration.hasBias)
      : layers.convolution(name, input, window, hasBias: configuration.hasBias)
  }
}
