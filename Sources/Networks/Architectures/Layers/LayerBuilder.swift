import Checkpoints

/// Adds PyTorch's layers to a graph, each with the parameters that the weights hold under its name.
struct LayerBuilder {
  var graph: Graph
  let parameters: ParameterReader

  init(inputChannels: Int, weights: SafeTensors, aliases: @escaping ParameterReader.Aliases = { _ in nil }) {
    graph = Graph(inputChannels: inputChannels)
    parameters = ParameterReader(weights, aliases: aliases)
  }

  /// The finished network.
  ///
  /// - Throws: ``CheckpointError/parameters(file:architecture:missing:surplus:misshapen:)``,
  ///   ``CheckpointError/aliases(file:differing:)``.
  func network(outputChannels: Int, divisors: [Int]) throws -> Network {
    try parameters.finish()
    return Network(
      graph: graph, outputChannels: outputChannels, divisors: divisors, parameterCount: parameters.parameterCount,
      learnedTensors: parameters.learnedTensors, imageTensors: imageTensors)
  }

  private var imageTensors: [String]? {
    let readers = graph.nodes.filter { $0.inputs.contains(0) }
    guard readers.allSatisfy({ $0.operation is Convolution }) else { return nil }
    return readers.compactMap { parameters.storedName(of: "\($0.name).weight") }
  }

  /// `Conv3d`.
  mutating func convolution(_ name: String, _ input: Int, _ window: ConvolutionWindow, hasBias: Bool) -> Int {
    let weight = parameters.take("\(name).weight", [window.outputChannels, window.inputChannels] + window.kernel)
    let bias = hasBias ? parameters.take("\(name).bias", [window.outputChannels]) : []
    return graph.add(name, Convolution(window: window, weight: weight, bias: bias), input)
  }

  /// `ConvTranspose3d` whose result is the stride times its input.
  mutating func transposedConvolution(_ name: String, _ input: Int, _ window: ConvolutionWindow, hasBias: Bool) -> Int {
    let weight = parameters.take("\(name).weight", [window.inputChannels, window.outputChannels] + window.kernel)
    let bias = hasBias ? parameters.take("\(name).bias", [window.outputChannels]) : []
    return graph.add(name, TransposedConvolution(window: window, weight: weight, bias: bias), input)
  }

  /// `BatchNorm3d` in evaluation mode, `InstanceNorm3d` or `GroupNorm`.
  mutating func normalisation(_ kind: Normalisation?, _ name: String, _ input: Int, channels: Int) -> Int {
    switch kind {
    case .batch(let affine, let epsilon):
      let (weight, bias) = affineParameters(name, channels, isPresent: affine)
      let mean = parameters.take("\(name).running_mean", [channels], isLearned: false)
      let variance = parameters.take("\(name).running_var", [channels], isLearned: false)
      // Whatever is missing is reported at the end; until then the graph only has to hold together.
      guard mean.count == variance.count else { return input }
      return graph.add(
        name, BatchNorm(mean: mean, variance: variance, weight: weight, bias: bias, epsilon: epsilon), input)
    case .instance(let affine, let epsilon):
      let (weight, bias) = affineParameters(name, channels, isPresent: affine)
      return graph.add(name, InstanceNorm(weight: weight, bias: bias, epsilon: Float(epsilon)), input)
    case .group(let count, let affine, let epsilon):
      let (weight, bias) = affineParameters(name, channels, isPresent: affine)
      guard channels % count == 0 else {
        parameters.refuse("\(name) would normalise \(channels) channels in \(count) groups of one size")
        return input
      }
      return graph.add(name, GroupNorm(groups: count, weight: weight, bias: bias, epsilon: Float(epsilon)), input)
    case nil: return input
    }
  }

  /// `PReLU` with one slope, `ReLU`, `LeakyReLU`, or one without parameters.
  mutating func activation(_ kind: ActivationKind?, _ name: String, _ input: Int) -> Int {
    switch kind {
    case .prelu:
      let slope = parameters.take("\(name).weight", [1])
      return graph.add(name, LeakyActivation(slope: slope.first ?? 0), input)
    case .relu: return graph.add(name, LeakyActivation(slope: 0), input)
    case .leakyReLU(let slope): return graph.add(name, LeakyActivation(slope: Float(slope)), input)
    case .smooth(let function): return graph.add(name, SmoothActivation(function), input)
    case nil: return input
    }
  }

  private func affineParameters(_ name: String, _ channels: Int, isPresent: Bool) -> ([Float], [Float]) {
    guard isPresent else { return ([], []) }
    return (parameters.take("\(name).weight", [channels]), parameters.take("\(name).bias", [channels]))
  }
}
