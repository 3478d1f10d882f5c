import Checkpoints
import Statistics

/// `SwinTransformer`: patches, then four stages of attention within shifted windows, each followed by a merging of
/// patches.
extension SwinUNETR {
  /// What leaves the patches and the four stages, normalised if so configured: strides 2, 4, 8, 16 and 32.
  mutating func transformer() -> [Int] {
    let size = configuration.featureSize
    let patches = "swinViT.patch_embed"
    var value = convolution(
      "\(patches).proj", 0, configuration.inputChannels, size, kernel: 2, stride: 2, hasBias: true)
    if configuration.normalisesPatches { value = layerNorm("\(patches).norm", value, size) }
    var leaving = [normalised(0, value)]
    for stage in 0..<4 {
      let channels = size << stage
      if configuration.isVersion2 {
        value = residualBlock(
          "swinViT.layers\(stage + 1)c.0.layer", value, channels, channels,
          normalisation: .instance(affine: false, epsilon: 1e-5))
      }
      let name = "swinViT.layers\(stage + 1).0"
      for block in 0..<configuration.depths[stage] {
        value = self.block(
          "\(name).blocks.\(block)", value, channels, heads: configuration.heads[stage], isShifted: block % 2 == 1)
      }
      value = merged("\(name).downsample", value, channels)
      leaving.append(normalised(stage + 1, value))
    }
    return leaving
  }

  /// `proj_out`: layer normalisation without scale and shift.
  private mutating func normalised(_ stage: Int, _ input: Int) -> Int {
    guard configuration.normalisesStages else { return input }
    return layers.graph.add("swinViT.proj_out.\(stage)", LayerNorm(weight: [], bias: [], epsilon: 1e-5), input)
  }

  /// `SwinTransformerBlock`: x + attention(norm(x)), then x + perceptron(norm(x)).
  private mutating func block(_ name: String, _ input: Int, _ channels: Int, heads: Int, isShifted: Bool) -> Int {
    let attended = attention(
      "\(name).attn", layerNorm("\(name).norm1", input, channels), channels, heads: heads, isShifted: isShifted)
    let middle = layers.graph.add(name, Addition(), attended, input)
    let hidden = Int(saturating: Double(channels) * configuration.perceptronRatio)
    var chain = layerNorm("\(name).norm2", middle, channels)
    chain = linear("\(name).mlp.linear1", chain, channels, hidden)
    chain = layers.graph.add("\(name).mlp.fn", SmoothActivation(.gelu), chain)
    chain = linear("\(name).mlp.linear2", chain, hidden, channels)
    return layers.graph.add(name, Addition(), chain, middle)
  }

  private mutating func attention(_ name: String, _ input: Int, _ channels: Int, heads: Int, isShifted: Bool) -> Int {
    let position = RelativePosition(window: configuration.window)
    let table = layers.parameters.take("\(name).relative_position_bias_table", [position.count, heads])
    let tokens = configuration.window.reduce(1, *)
    layers.parameters.check(
      "\(name).relative_position_index", [tokens, tokens],
      isNamed: "the index of a window of \(configuration.window.map(String.init).joined(separator: " × "))"
    ) {
      let places = (0..<tokens).map(position.place)
      return places.flatMap { query in places.map { Float(query - $0 + position.origin) } }
    }
    let weight = layers.parameters.take("\(name).qkv.weight", [3 * channels, channels])
    let bias = configuration.hasQKVBias ? layers.parameters.take("\(name).qkv.bias", [3 * channels]) : []
    let queries = layers.graph.add(
      "\(name).qkv", Linear(inputChannels: channels, outputChannels: 3 * channels, weight: weight, bias: bias), input)
    let attention = WindowAttention(
      heads: heads, window: configuration.window, isShifted: isShifted, table: table, absent: bias)
    return linear("\(name).proj", layers.graph.add(name, attention, queries), channels, channels)
  }

  /// `PatchMerging`: eight neighbours joined, normalised, and reduced to twice the channels.
  private mutating func merged(_ name: String, _ input: Int, _ channels: Int) -> Int {
    var value = layers.graph.add(name, PatchMerging(parts: configuration.downsampling.parts), input)
    value = layerNorm("\(name).norm", value, 8 * channels)
    let weight = layers.parameters.take("\(name).reduction.weight", [2 * channels, 8 * channels])
    return layers.graph.add(
      "\(name).reduction", Linear(inputChannels: 8 * channels, outputChannels: 2 * channels, weight: weight, bias: []),
      value)
  }

  private mutating func layerNorm(_ name: String, _ input: Int, _ channels: Int) -> Int {
    let weight = layers.parameters.take("\(name).weight", [channels])
    let bias = layers.parameters.take("\(name).bias", [channels])
    return layers.graph.add(name, LayerNorm(weight: weight, bias: bias, epsilon: 1e-5), input)
  }

  private mutating func linear(_ name: String, _ input: Int, _ inputChannels: Int, _ outputChannels: Int) -> Int {
    let weight = layers.parameters.take("\(name).weight", [outputChannels, inputChannels])
    let bias = layers.parameters.take("\(name).bias", [outputChannels])
    return layers.graph.add(
      name, Linear(inputChannels: inputChannels, outputChannels: outputChannels, weight: weight, bias: bias), input)
  }
}
