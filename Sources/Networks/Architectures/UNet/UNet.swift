/// Builds the graph of MONAI's `UNet` (monai.networks.nets.UNet, 1.6): a convolution per level on the way down, a transposed
/// one on the way up, the two joined by a concatenation. Parameters keep the names of its state dict.
struct UNet {
  private let configuration: UNetConfiguration
  private let parameters: ParameterReader
  private var graph: Graph

  /// - Throws: ``NetworkError/parameters(file:missing:surplus:misshapen:)``.
  static func network(_ configuration: UNetConfiguration, weights: SafeTensors) throws -> Network {
    let reader = ParameterReader(weights)
    var builder = UNet(
      configuration: configuration, parameters: reader, graph: Graph(inputChannels: configuration.inputChannels))
    _ = builder.level(
      0, prefix: "model", input: 0, inputChannels: configuration.inputChannels,
      outputChannels: configuration.outputChannels)
    try reader.finish()
    return Network(
      graph: builder.graph, outputChannels: configuration.outputChannels, divisors: configuration.divisors,
      parameterCount: reader.parameterCount)
  }

  /// Sequential(down, SkipConnection(level below), up).
  private mutating func level(
    _ index: Int, prefix: String, input: Int, inputChannels: Int, outputChannels: Int
  ) -> Int {
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
    let joined = graph.add("\(prefix).1", Concatenation(), down, inner)
    return up("\(prefix).2", joined, channels + innerChannels, outputChannels, stride, isTop: index == 0)
  }

  private mutating func down(
    _ name: String, _ input: Int, _ inputChannels: Int, _ outputChannels: Int, _ stride: [Int]
  ) -> Int {
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

  /// MONAI's `Convolution`: convolution, then normalisation and activation (order "NDA"; dropout does nothing here).
  private mutating func convolution(
    _ name: String, _ input: Int, _ inputChannels: Int, _ outputChannels: Int, _ kernel: [Int], _ stride: [Int],
    isTransposed: Bool = false, isConvolutionOnly: Bool = false
  ) -> Int {
    var result = plainConvolution(
      "\(name).conv", input, inputChannels, outputChannels, kernel, stride, isTransposed: isTransposed)
    if isConvolutionOnly { return result }
    switch configuration.normalisation {
    case .batch(let affine, let epsilon):
      let norm = "\(name).adn.N"
      let weight = affine ? parameters.take("\(norm).weight", [outputChannels]) : []
      let bias = affine ? parameters.take("\(norm).bias", [outputChannels]) : []
      let mean = parameters.take("\(norm).running_mean", [outputChannels], isLearned: false)
      let variance = parameters.take("\(norm).running_var", [outputChannels], isLearned: false)
      guard mean.count == variance.count else { break }
      result = graph.add(
        norm, BatchNorm(mean: mean, variance: variance, weight: weight, bias: bias, epsilon: epsilon), result)
    case .instance(let affine, let epsilon):
      let norm = "\(name).adn.N"
      let weight = affine ? parameters.take("\(norm).weight", [outputChannels]) : []
      let bias = affine ? parameters.take("\(norm).bias", [outputChannels]) : []
      result = graph.add(norm, InstanceNorm(weight: weight, bias: bias, epsilon: Float(epsilon)), result)
    case nil: break
    }
    switch configuration.activation {
    case .prelu:
      let slope = parameters.take("\(name).adn.A.weight", [1])
      result = graph.add("\(name).adn.A", LeakyActivation(slope: slope.first ?? 0), result)
    case .relu: result = graph.add("\(name).adn.A", LeakyActivation(slope: 0), result)
    case .leakyReLU(let slope):
      result = graph.add("\(name).adn.A", LeakyActivation(slope: Float(slope)), result)
    case nil: break
    }
    return result
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
    guard isStrided || inputChannels != outputChannels else { return graph.add(name, Addition(), chain, input) }
    let residual = plainConvolution(
      "\(name).residual", input, inputChannels, outputChannels, isStrided ? configuration.kernel : [1, 1, 1], stride)
    return graph.add(name, Addition(), chain, residual)
  }

  private mutating func plainConvolution(
    _ name: String, _ input: Int, _ inputChannels: Int, _ outputChannels: Int, _ kernel: [Int], _ stride: [Int],
    isTransposed: Bool = false
  ) -> Int {
    let window = ConvolutionWindow.centred(
      inputChannels: inputChannels, outputChannels: outputChannels, kernel: kernel, stride: stride)
    let pair = isTransposed ? [inputChannels, outputChannels] : [outputChannels, inputChannels]
    let weight = parameters.take("\(name).weight", pair + kernel)
    let bias = configuration.hasBias ? parameters.take("\(name).bias", [outputChannels]) : []
    return isTransposed
      ? graph.add(name, TransposedConvolution(window: window, weight: weight, bias: bias), input)
      : graph.add(name, Convolution(window: window, weight: weight, bias: bias), input)
  }
}
