import Checkpoints

/// Builds the graphs of nnU-Net v2's `PlainConvUNet` and `ResidualEncoderUNet` (dynamic_network_architectures 0.4) as
/// they are at inference: the segmentation layer at the resolution of the image alone. Parameters keep the names of the
/// state dict.
struct NNUNet {
  private let stages: NNUNetStages
  private var isActivationFirst = false
  private var layers: LayerBuilder

  private init(_ stages: NNUNetStages, _ weights: SafeTensors) {
    self.stages = stages
    layers = LayerBuilder(inputChannels: stages.inputChannels, weights: weights, aliases: NNUNetAliases.original)
  }

  /// - Throws: ``CheckpointError/parameters(file:architecture:missing:surplus:misshapen:)``,
  ///   ``CheckpointError/aliases(file:differing:)``.
  static func network(_ configuration: PlainConvUNetConfiguration, weights: SafeTensors) throws -> Network {
    var builder = NNUNet(configuration.stages, weights)
    builder.isActivationFirst = configuration.isActivationFirst
    let stages = configuration.stages
    var skips: [Int] = []
    var channels = stages.inputChannels
    for stage in stages.features.indices {
      skips.append(
        builder.chain(
          "encoder.stages.\(stage).0.convs", skips.last ?? 0, channels, stages.features[stage], stages.kernels[stage],
          stages.strides[stage], count: configuration.encoderConvolutions[stage]))
      channels = stages.features[stage]
    }
    return try builder.decoded(skips)
  }

  /// - Throws: ``CheckpointError/parameters(file:architecture:missing:surplus:misshapen:)``,
  ///   ``CheckpointError/aliases(file:differing:)``.
  static func network(_ configuration: ResidualEncoderUNetConfiguration, weights: SafeTensors) throws -> Network {
    let stages = configuration.stages
    var builder = NNUNet(stages, weights)
    var value = builder.chain(
      "encoder.stem.convs", 0, stages.inputChannels, configuration.stemChannels, stages.kernels[0], [1, 1, 1], count: 1)
    var skips: [Int] = []
    var channels = configuration.stemChannels
    for stage in stages.features.indices {
      for block in 0..<configuration.encoderBlocks[stage] {
        value = builder.residualBlock(
          "encoder.stages.\(stage).blocks.\(block)", value, channels, stages.features[stage], stages.kernels[stage],
          block == 0 ? stages.strides[stage] : [1, 1, 1])
        channels = stages.features[stage]
      }
      skips.append(value)
    }
    return try builder.decoded(skips)
  }

  /// `UNetDecoder`: from the last of `skips`, the bottleneck, to the first.
  private mutating func decoded(_ skips: [Int]) throws -> Network {
    var value = skips.last!
    let last = stages.features.count - 2
    for (index, stage) in (0...last).reversed().enumerated() {
      let channels = stages.features[stage]
      let raised = layers.transposedConvolution(
        "decoder.transpconvs.\(index)", value,
        .raising(inputChannels: stages.features[stage + 1], outputChannels: channels, by: stages.strides[stage + 1]),
        hasBias: stages.hasBias)
      let joined = layers.graph.add("decoder.stages.\(index).cat", Concatenation(), raised, skips[stage])
      value = chain(
        "decoder.stages.\(index).convs", joined, 2 * channels, channels, stages.kernels[stage], [1, 1, 1],
        count: stages.decoderConvolutions[index])
      // The file has a segmentation layer for every stage, for deep supervision.
      let name = "decoder.seg_layers.\(index)"
      guard index == last else {
        layers.parameters.skip("\(name).weight", [stages.outputChannels, channels, 1, 1, 1])
        layers.parameters.skip("\(name).bias", [stages.outputChannels])
        continue
      }
      value = layers.convolution(
        name, value,
        .centred(
          inputChannels: channels, outputChannels: stages.outputChannels, kernel: [1, 1, 1], stride: [1, 1, 1]),
        hasBias: true)
    }
    layers.graph.output = value
    return try layers.network(outputChannels: stages.outputChannels, divisors: stages.strides.productPerAxis)
  }

  /// `StackedConvBlocks`; the stride is the first one's.
  private mutating func chain(
    _ name: String, _ input: Int, _ inputChannels: Int, _ outputChannels: Int, _ kernel: [Int], _ stride: [Int],
    count: Int
  ) -> Int {
    (0..<count).reduce(input) { value, index in
      convolution(
        "\(name).\(index)", value, index == 0 ? inputChannels : outputChannels, outputChannels, kernel,
        index == 0 ? stride : [1, 1, 1])
    }
  }

  /// `BasicBlockD` of ResNet-D: two convolutions plus the input, which is averaged where the block is strided and
  /// passes a convolution of kernel 1 where the channels differ.
  private mutating func residualBlock(
    _ name: String, _ input: Int, _ inputChannels: Int, _ outputChannels: Int, _ kernel: [Int], _ stride: [Int]
  ) -> Int {
    let first = convolution("\(name).conv1", input, inputChannels, outputChannels, kernel, stride)
    let end = convolution(
      "\(name).conv2", first, outputChannels, outputChannels, kernel, [1, 1, 1], isActivated: false)
    var residual = input
    let isStrided = stride != [1, 1, 1]
    if isStrided { residual = layers.graph.add("\(name).skip.0", AveragePooling(stride: stride), residual) }
    if inputChannels != outputChannels {
      residual = convolution(
        "\(name).skip.\(isStrided ? 1 : 0)", residual, inputChannels, outputChannels, [1, 1, 1], [1, 1, 1],
        isActivated: false, hasBias: false)
    }
    let sum = layers.graph.add("\(name).add", Addition(), end, residual)
    return layers.activation(stages.activation, "\(name).nonlin2", sum)
  }

  /// `ConvDropoutNormReLU`; dropout does nothing at inference.
  private mutating func convolution(
    _ name: String, _ input: Int, _ inputChannels: Int, _ outputChannels: Int, _ kernel: [Int], _ stride: [Int],
    isActivated: Bool = true, hasBias: Bool? = nil
  ) -> Int {
    let result = layers.convolution(
      "\(name).conv", input,
      .centred(inputChannels: inputChannels, outputChannels: outputChannels, kernel: kernel, stride: stride),
      hasBias: hasBias ?? stages.hasBias)
    let activation = isActivated ? stages.activation : nil
    if isActivationFirst {
      let active = layers.activation(activation, "\(name).nonlin", result)
      return layers.normalisation(stages.normalisation, "\(name).norm", active, channels: outputChannels)
    }
    let normed = layers.normalisation(stages.normalisation, "\(name).norm", result, channels: outputChannels)
    return layers.activation(activation, "\(name).nonlin", normed)
  }
}

/// nnU-Net's modules save parameters again under the names of containers: `all_modules` holds the layers of a
/// convolution a second time, and `decoder.encoder` the whole encoder.
enum NNUNetAliases {
  /// The name outside of the containers, or nil for a name that is in none.
  static func original(of name: String) -> String? {
    var parts = name.split(separator: ".", omittingEmptySubsequences: false)
    if parts.starts(with: ["decoder", "encoder"]) { parts.removeFirst() }
    // all_modules: the convolution, then perhaps dropout, which has no parameters, then the norm, or the norm last of
    // all.
    if let place = parts.firstIndex(of: "all_modules"), place + 2 < parts.count, let index = Int(parts[place + 1]) {
      parts.replaceSubrange(place...place + 1, with: [index == 0 ? "conv" : "norm"])
    }
    let original = parts.joined(separator: ".")
    return original == name ? nil : original
  }
}
