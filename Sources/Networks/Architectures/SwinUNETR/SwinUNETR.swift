import Checkpoints

/// Builds the graph of MONAI's `SwinUNETR` (monai.networks.nets.SwinUNETR, 1.6; Hatamizadeh et al., arXiv 2201.01266):
/// a transformer of four stages, and a decoder of residual convolution blocks that joins what leaves each stage.
/// Parameters keep the names of its state dict.
struct SwinUNETR {
  let configuration: SwinUNETRConfiguration
  var layers: LayerBuilder

  /// - Throws: `CheckpointError`.
  static func network(_ configuration: SwinUNETRConfiguration, weights: SafeTensors) throws -> Network {
    var builder = SwinUNETR(
      configuration: configuration, layers: LayerBuilder(inputChannels: configuration.inputChannels, weights: weights))
    builder.build()
    return try builder.layers.network(outputChannels: configuration.outputChannels, divisors: configuration.divisors)
  }

  private mutating func build() {
    let size = configuration.featureSize
    let stages = transformer()
    // In the order in which memory is needed: the encoders of fine grids come right before the decoders that read them.
    let bottom = residualBlock("encoder10.layer", stages[4], 16 * size, 16 * size)
    var value = up("decoder5", bottom, skip: stages[3], 16 * size, 8 * size)
    let third = residualBlock("encoder4.layer", stages[2], 4 * size, 4 * size)
    value = up("decoder4", value, skip: third, 8 * size, 4 * size)
    let second = residualBlock("encoder3.layer", stages[1], 2 * size, 2 * size)
    value = up("decoder3", value, skip: second, 4 * size, 2 * size)
    let first = residualBlock("encoder2.layer", stages[0], size, size)
    value = up("decoder2", value, skip: first, 2 * size, size)
    let image = residualBlock("encoder1.layer", 0, configuration.inputChannels, size)
    value = up("decoder1", value, skip: image, size, size)
    convolution("out.conv.conv", value, size, configuration.outputChannels, kernel: 1, hasBias: true)
  }

  /// `UnetrUpBlock`: a transposed convolution that doubles every axis, joined with a skip connection, and a residual
  /// block.
  private mutating func up(_ name: String, _ input: Int, skip: Int, _ inputChannels: Int, _ outputChannels: Int) -> Int
  {
    let raised = layers.transposedConvolution(
      "\(name).transp_conv.conv", input,
      .raising(inputChannels: inputChannels, outputChannels: outputChannels, by: [2, 2, 2]), hasBias: false)
    let joined = layers.graph.add(name, Concatenation(), raised, skip)
    return residualBlock("\(name).conv_block", joined, 2 * outputChannels, outputChannels)
  }

  /// One of encoder or decoder.
  private mutating func residualBlock(_ name: String, _ input: Int, _ inputChannels: Int, _ outputChannels: Int) -> Int
  { residualBlock(name, input, inputChannels, outputChannels, normalisation: configuration.normalisation) }

  /// `UnetResBlock`: leaky(norm(conv(leaky(norm(conv(x))))) + x), where x itself is convolved if its channels differ.
  mutating func residualBlock(
    _ name: String, _ input: Int, _ inputChannels: Int, _ outputChannels: Int, normalisation: Normalisation?
  ) -> Int {
    var chain = convolution("\(name).conv1.conv", input, inputChannels, outputChannels, kernel: 3)
    chain = layers.normalisation(normalisation, "\(name).norm1", chain, channels: outputChannels)
    chain = layers.graph.add("\(name).lrelu", LeakyActivation(slope: 0.01), chain)
    chain = convolution("\(name).conv2.conv", chain, outputChannels, outputChannels, kernel: 3)
    chain = layers.normalisation(normalisation, "\(name).norm2", chain, channels: outputChannels)
    var residual = input
    if inputChannels != outputChannels {
      residual = convolution("\(name).conv3.conv", input, inputChannels, outputChannels, kernel: 1)
      residual = layers.normalisation(normalisation, "\(name).norm3", residual, channels: outputChannels)
    }
    let sum = layers.graph.add(name, Addition(), chain, residual)
    return layers.graph.add("\(name).lrelu", LeakyActivation(slope: 0.01), sum)
  }

  @discardableResult mutating func convolution(
    _ name: String, _ input: Int, _ inputChannels: Int, _ outputChannels: Int, kernel: Int, stride: Int = 1,
    hasBias: Bool = false
  ) -> Int {
    let triple = { (value: Int) in [value, value, value] }
    let window = ConvolutionWindow(
      inputChannels: inputChannels, outputChannels: outputChannels, kernel: triple(kernel), stride: triple(stride),
      padding: triple((kernel - stride + 1) / 2))
    return layers.convolution(name, input, window, hasBias: hasBias)
  }
}
