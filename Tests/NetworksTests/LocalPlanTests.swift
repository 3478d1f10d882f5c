import Foundation
import Testing

@testable import Networks

@Suite("Gradients of small targets") struct LocalPlanTests {
  /// A U with two levels, strides that differ by axis, a residual connection and every kind of mask.
  private func network(_ numbers: inout SeededNumbers) -> Network {
    var graph = Graph(inputChannels: 2)
    func window(_ c: Int, _ k: Int, _ stride: [Int], kernel: [Int] = [3, 3, 3]) -> ConvolutionWindow {
      .centred(inputChannels: c, outputChannels: k, kernel: kernel, stride: stride)
    }
    func convolution(_ name: String, _ input: Int, _ window: ConvolutionWindow, slope: Float) -> Int {
      let count = window.inputChannels * window.outputChannels * window.kernel.reduce(1, *)
      var operation = Convolution(
        window: window, weight: numbers.floats(count), bias: numbers.floats(window.outputChannels))
      operation.slope = slope
      return graph.add(name, operation, input)
    }
    func raised(_ name: String, _ input: Int, _ window: ConvolutionWindow, slope: Float) -> Int {
      let count = window.inputChannels * window.outputChannels * window.kernel.reduce(1, *)
      var operation = TransposedConvolution(
        window: window, weight: numbers.floats(count), bias: numbers.floats(window.outputChannels))
      operation.slope = slope
      return graph.add(name, operation, input)
    }
    let first = convolution("down0", 0, window(2, 18, [2, 1, 2]), slope: 0.2)
    let second = convolution("down1", first, window(18, 20, [2, 2, 2], kernel: [3, 1, 3]), slope: 1)
    let active = graph.add("active", LeakyActivation(slope: -0.3), second)
    let bottom = convolution("bottom", active, window(20, 20, [1, 1, 1]), slope: 0.1)
    let sum = graph.add("sum", Addition(), bottom, active)
    let sumActive = graph.add("sumActive", LeakyActivation(slope: 0.4), sum)
    let joined = graph.add("joined1", Concatenation(), active, sumActive)
    let up = raised("up1", joined, window(40, 18, [2, 2, 2]), slope: 0.3)
    let whole = graph.add("joined0", Concatenation(), first, up)
    let last = raised("up0", whole, window(36, 2, [2, 1, 2]), slope: 1)
    graph.output = last
    return Network(graph: graph, outputChannels: 2, divisors: [4, 2, 4], parameterCount: 0)
  }

  /// The gradient of some voxels by the whole plan and by ``Plan/gradient()``, which takes the short way where it can.
  private func compare(_ plan: Plan, at voxels: [Int], _ numbers: inout SeededNumbers) throws -> Double {
    let n = plan.spatialShape.reduce(1, *)
    plan.cotangent.update(repeating: 0)
    for voxel in voxels {
      for k in 0..<plan.cotangent.count / n { plan.cotangent[k * n + voxel] = numbers.floats(1)[0] }
    }
    for step in plan.gradientSteps { try step.run() }
    let expected = Array(plan.sourceGradient)
    plan.sourceGradient.update(repeating: .nan)
    try plan.gradient()
    let largest = expected.reduce(0) { max($0, abs($1)) }
    #expect(largest > 0)
    return zip(plan.sourceGradient, expected).reduce(0) { max($0, Double(abs($1.0 - $1.1) / largest)) }
  }

  @Test("Equal those of the whole window at every alignment and border", arguments: channelBlocks, [false, true])
  func equalsWhole(block: Int, folding: Bool) throws {
    var numbers = SeededNumbers(11)
    let shape = [48, 24, 40]
    let executor = try Executor(network(&numbers), threads: 2, rules: .standard, folding: folding, block: block)
    let image = Tensor(shape: [2] + shape, values: numbers.floats(2 * shape.reduce(1, *)))
    _ = try executor.output(image)
    let plan = try executor.plan(for: shape)
    #expect(try plan.localPlan(target: [1, 1, 1]) != nil && plan.localPlan(target: [2, 2, 2]) != nil)
    for place in 0..<12 {
      // Corners first, then places whose alignment to the strides differs.
      let corner = [place & 1, place >> 1 & 1, place >> 2 & 1]
      let position =
        place < 8 ? (0..<3).map { corner[$0] * (shape[$0] - 2) } : [20 + place % 2, 9 + place % 3, 17 + place]
      func voxel(_ d: Int, _ h: Int, _ w: Int) -> Int {
        ((position[0] + d) * shape[1] + position[1] + h) * shape[2] + position[2] + w
      }
      // Single precision, summed in another order.
      #expect(try compare(plan, at: [voxel(1, 1, 1)], &numbers) < 1e-5, "voxel \(place)")
      #expect(try compare(plan, at: [voxel(0, 0, 0), voxel(1, 0, 1)], &numbers) < 1e-5, "box \(place)")
    }
    #expect(plan.localGradientCount == 24)
    // Farther apart than a small box: the whole gradient.
    #expect(try compare(plan, at: [0, 2], &numbers) == 0)
    #expect(plan.localGradientCount == 24)
  }

  @Test("The sample model takes the short way, networks with statistics of the window cannot")
  func whichNetworks() throws {
    let checkout = fixtures.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let model = try ModelFolder.load(checkout.appendingPathComponent("sample-data/models/unet").path)
    let executor = try Executor(model.networks[0], threads: 2)
    var numbers = SeededNumbers(12)
    let window = model.description.window
    _ = try executor.output(Tensor(shape: [2] + window, values: numbers.floats(2 * window.reduce(1, *))))
    let plan = try executor.plan(for: window)
    for voxel in [0, (47 * 96 + 33) * 96 + 62] {
      #expect(try compare(plan, at: [voxel], &numbers) < 1e-4)
    }
    #expect(plan.localGradientCount == 2)

    let other = try ModelFolder.load(fixtures.appendingPathComponent("dynunet-plain").path)
    let normed = try Executor(other.networks[0], threads: 1).plan(for: other.description.window)
    #expect(try normed.localPlan(target: [1, 1, 1]) == nil)
  }
}
