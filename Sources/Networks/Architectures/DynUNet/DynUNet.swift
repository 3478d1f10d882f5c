import Checkpoints

/// Builds the graph of MONAI's `DynUNet` (monai.networks.nets.DynUNet, 1.6) as it is at inference: the output block at
/// the resolution of the image, no supervision heads. Parameters keep the names of its state dict.
struct DynUNet {
  private let configuration: DynUNetConfiguration
  private var layers: LayerBuilder

  /// - Throws: ``CheckpointError/parameters(file:architecture:missing:surplus:misshapen:)``,
  ///   ``CheckpointError/aliases(file:differing:)``.
  static func network(_ configuration: DynUNetConfiguration, weights: SafeTensors) throws -> Network {
    let levels = configuration.filters.count
    var builder = DynUNet(
      configuration: configuration,
      layers: LayerBuilder(inputChannels: configuration.inputChannels, weights: weights) {
        DynUNetAliases.original(of: $0, levels: levels)
      })
    builder.build()
    return try builder.layers.network(outputChannels: configuration.outputChannels, divisors: configuration.divisors)
  }

  private mutating func build() {
    let (filters, strides) = (configuration.filters, configuration.strides)
    let levels = filters.count
    var skips: [Int] = []
    var value = 0
    for level in 0..<levels {
      let name = level == 0 ? "input_block" : level == levels - 1 ? "bottleneck" : "downsamples.\(level - 1)"
      value = downBlock(
        name, value, level == 0 ? configuration.inputChannels : filters[level - 1], filters[level],
        configuration.kernels[level], strides[level])
      skips.append(value)
    }
    for (index, level) in (0..<levels - 1).reversed().enumerated() {
      let (name, channels) = ("upsamples.\(index)", filters[level])
      let window = ConvolutionWindow.raising(
        inputChannels: filters[level + 1], outputChannels: channels, by: strides[level + 1])
      let raised = layers.transposedConvolution(
        "\(name).transp_conv.conv", value, window, hasBias: configuration.hasTransposedBias)
      let joined = layers.graph.add("\(name).cat", Concatenation(), raised, skips[level])
      value = block("\(name).conv_block", joined, 2 * channels, channels, configuration.kernels[level + 1], [1, 1, 1])
    }
    let outputChannels = configuration.outputChannels
    for head in 0..<configuration.supervisionHeads {
      let name = "deep_supervision_heads.\(head).conv.conv"
      layers.parameters.skip("\(name).weight", [outputChannels, filters[head + 1], 1, 1, 1])
      layers.parameters.skip("\(name).bias", [outputChannels])
    }
    // Checkpoints of a training have heads whether or not the arguments of inference mention them.
    layers.parameters.ignore(under: "deep_supervision_heads.")
    let window = ConvolutionWindow.centred(
      inputChannels: filters[0], outputChannels: outputChannels, kernel: [1, 1, 1], stride: [1, 1, 1])
    layers.graph.output = layers.convolution("output_block.conv.conv", value, window, hasBias: true)
  }

  private mutating func downBlock(
    _ name: String, _ input: Int, _ inputChannels: Int, _ outputChannels: Int, _ kernel: [Int], _ stride: [Int]
  ) -> Int {
    configuration.isResidual
      ? residualBlock(name, input, inputChannels, outputChannels, kernel, stride)
      : block(name, input, inputChannels, outputChannels, kernel, stride)
  }

  /// MONAI's `UnetBasicBlock`: convolution, norm, activation, twice.
  private mutating func block(
    _ name: String, _ input: Int, _ inputChannels: Int, _ outputChannels: Int, _ kernel: [Int], _ stride: [Int]
  ) -> Int {
    layers.activation(
      configuration.activation, "\(name).lrelu", chain(name, input, inputChannels, outputChannels, kernel, stride))
  }

  /// MONAI's `UnetResBlock`: as a plain block, with the input added before the last activation; where its shape differs
  /// it passes a convolution of kernel 1 and a norm first.
  private mutating func residualBlock(
    _ name: String, _ input: Int, _ inputChannels: Int, _ outputChannels: Int, _ kernel: [Int], _ stride: [Int]
  ) -> Int {
    let end = chain(name, input, inputChannels, outputChannels, kernel, stride)
    var residual = input
    if inputChannels != outputChannels || stride != [1, 1, 1] {
      residual = normed(name, 3, input, inputChannels, outputChannels, [1, 1, 1], stride)
    }
    let sum = layers.graph.add("\(name).add", Addition(), end, residual)
    return layers.activation(configuration.activation, "\(name).lrelu", sum)
  }

  private mutating func chain(
    _ name: String, _ input: Int, _ inputChannels: Int, _ outputChannels: Int, _ kernel: [Int], _ stride: [Int]
  ) -> Int {
    let first = normed(name, 1, input, inputChannels, outputChannels, kernel, stride)
    let active = layers.activation(configuration.activation, "\(name).lrelu", first)
    return normed(name, 2, active, outputChannels, outputChannels, kernel, [1, 1, 1])
  }

  private mutating func normed(
    _ name: String, _ number: Int, _ input: Int, _ inputChannels: Int, _ outputChannels: Int, _ kernel: [Int],
    _ stride: [Int]
  ) -> Int {
    let window = ConvolutionWindow(
      inputChannels: inputChannels, outputChannels: outputChannels, kernel: kernel, stride: stride,
      padding: zip(kernel, stride).map { ($0 - $1 + 1) / 2 })
    let result = layers.convolution("\(name).conv\(number).conv", input, window, hasBias: false)
    return layers.normalisation(configuration.normalisation, "\(name).norm\(number)", result, channels: outputChannels)
  }
}

/// MONAI's `DynUNet` saves every block a second time, as part of the nested `skip_layers` that run it.
enum DynUNetAliases {
  /// The name outside of `skip_layers`, or nil for a name that is not in it.
  static func original(of name: String, levels: Int) -> String? {
    var parts = name.split(separator: ".", omittingEmptySubsequences: false)[...]
    guard parts.popFirst() == "skip_layers" else { return nil }
    var depth = 0
    while parts.first == "next_layer" {
      parts.removeFirst()
      depth += 1
    }
    guard let part = parts.first, depth < levels else { return nil }
    let block: String
    if depth == levels - 1 {
      return (["bottleneck"] + parts).joined(separator: ".")
    } else if part == "downsample" {
      block = depth == 0 ? "input_block" : "downsamples.\(depth - 1)"
    } else if part == "upsample" {
      block = "upsamples.\(levels - 2 - depth)"
    } else if part == "super_head", depth > 0 {
      block = "deep_supervision_heads.\(depth - 1)"
    } else {
      return nil
    }
    return ([Substring(block)] + parts.dropFirst()).joined(separator: ".")
  }
}
