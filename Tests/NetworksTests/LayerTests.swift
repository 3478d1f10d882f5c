import Foundation
import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Models
@testable import Networks

@Suite("Tapped layers") struct LayerTests {
  static let models = [
    "unet-batch", "unet-residual-instance", "dynunet-residual", "plainconv-batch", "residual-encoder",
  ]

  private func window(_ name: String, _ layer: String?) throws -> (Executor, ModelDescription) {
    let model = try ModelFolder.load(fixtures.appendingPathComponent(name).path)
    return (try Executor(model.networks[0], threads: 1, layer: layer), model.description)
  }

  @Test("Logits do not change, and gradients at the output's own layer are the cotangent", arguments: models)
  func logits(name: String) throws {
    let (plain, description) = try window(name, nil)
    let layer = try #require(try plain.network.defaultLayer(spatialShape: description.window))
    let (tapped, _) = try window(name, layer)
    let count = description.window.reduce(1, *)
    var numbers = SeededNumbers(5)
    let input = Tensor(shape: [2] + description.window, values: numbers.floats(2 * count))
    let (a, b) = (try plain.output(input), try tapped.output(input))
    for (x, y) in zip(a, b) { #expect(abs(x - y) <= 1e-5 * (1 + abs(x))) }

    // The last module of the network: its values are the logits, its gradient the cotangent.
    let last = plain.network.graph.nodes[plain.network.graph.output].name
    let (end, _) = try window(name, last)
    let cotangent = numbers.floats(a.count)
    try end.visitLayer(
      count: 1, spatialShape: description.window, fill: { _ = $0.update(fromContentsOf: input.values) },
      cotangent: { _ = $1.update(fromContentsOf: cotangent) },
      read: { _, layer in
        #expect(layer.channels == description.outputChannels && layer.spatialShape == description.window)
        #expect(Array(layer.gradient) == cotangent)
        for (x, y) in zip(layer.values, a) { #expect(abs(x - y) <= 1e-5 * (1 + abs(y))) }
      })
  }

  /// y = w·leaky(b·x): the tapped convolution keeps its own values, and the gradient at it is w · leaky'.
  @Test("A tapped layer is not folded into what follows", arguments: channelBlocks) func notFolded(block: Int) throws {
    let window = ConvolutionWindow.centred(inputChannels: 1, outputChannels: 1, kernel: [1, 1, 1], stride: [1, 1, 1])
    var graph = Graph(inputChannels: 1)
    let first = graph.add("first", Convolution(window: window, weight: [2], bias: [1]), 0)
    let norm = graph.add("norm", BatchNorm(mean: [1], variance: [1], weight: [3], bias: [0], epsilon: 0), first)
    let active = graph.add("active", LeakyActivation(slope: 0.5), norm)
    graph.add("second", Convolution(window: window, weight: [-4], bias: []), active)
    let network = Network(graph: graph, outputChannels: 1, divisors: [1, 1, 1], parameterCount: 0)
    func layer(_ name: String) throws -> (values: [Float], gradient: [Float]) {
      let executor = try Executor(network, threads: 1, folding: true, block: block, layer: name)
      var found: (values: [Float], gradient: [Float]) = ([], [])
      try executor.visitLayer(
        count: 1, spatialShape: [1, 1, 2], fill: { _ = $0.update(fromContentsOf: [1, -2]) },
        cotangent: { _ = $1.update(fromContentsOf: [1, 1]) }, read: { found = (Array($1.values), Array($1.gradient)) })
      return found
    }
    // x = 1, −2 → 3, −3 → 3·(2, −4) = 6, −12 → 6, −6 → −24, 24.
    #expect(try layer("first") == ([3, -3], [-12, -6]))
    #expect(try layer("norm") == ([6, -12], [-4, -2]))
    #expect(try layer("active") == ([6, -6], [-4, -4]))
    #expect(try layer("second") == ([-24, 24], [1, 1]))
  }

  @Test("Default and unknown layers") func choices() throws {
    for (name, expected) in [
      ("unet-batch", "model.1.submodule.2.conv"), ("unet-residual-instance", "model.1.submodule.conv.unit1.conv"),
      ("dynunet-residual", "upsamples.0.conv_block.conv2.conv"), ("plainconv", "decoder.stages.0.convs.0.conv"),
    ] {
      let (executor, description) = try window(name, nil)
      #expect(try executor.network.defaultLayer(spatialShape: description.window) == expected)
    }
    #expect { _ = try window("unet-batch", "model.9") } throws: {
      "\($0)".contains("\"model.9\"") && "\($0)".contains("model.2.conv")
    }
  }
}
