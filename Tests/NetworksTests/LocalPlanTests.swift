import Foundation
import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Models
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
    let shape = plan.spatialShape
    func position(_ voxel: Int) -> [Int] {
      [voxel / (shape[1] * shape[2]), voxel / shape[2] % shape[1], voxel % shape[2]]
    }
    let box = voxels.map { VoxelBox(lower: position($0), upper: position($0).map { $0 + 1 }) }.reduce(
      VoxelBox(lower: position(voxels[0]), upper: position(voxels[0]).map { $0 + 1 })
    ) { $0.union($1) }
    let reach = try plan.reach(of: box)
    let outside = expected.indices.filter { index in
      let place = position(index % n)
      return reach.index(ofVoxel: place[0], place[1], place[2]) == nil
    }
    #expect(outside.allSatisfy { expected[$0] == 0 })
    return zip(plan.sourceGradient, expected).reduce(0) { max($0, Double(abs($1.0 - $1.1) / largest)) }
  }

  @Test("Equal those of the whole window at every alignment and border", arguments: channelBlocks, [false, true])
  func equalsWhole(block: Int, folding: Bool) throws {
    var numbers = SeededNumbers(11)
    let shape = [48, 24, 40]
    let executor = try Executor(network(&numbers), threads: 2, folding: folding, block: block)
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

  /// The same function without knowing how far a voxel reaches.
  private final class WholeWindow: WindowFunction {
    let function: Executor
    init(_ function: Executor) { self.function = function }
    var inputChannels: Int { function.inputChannels }
    var outputChannels: Int { function.outputChannels }

    func forward(
      spatialShape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void,
      read: (UnsafeBufferPointer<Float>) throws -> Void
    ) throws { try function.forward(spatialShape: spatialShape, fill: fill, read: read) }

    func visitGradients(
      count: Int, spatialShape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void,
      logits: (UnsafeBufferPointer<Float>) throws -> Void,
      cotangent: (_ number: Int, _ target: UnsafeMutableBufferPointer<Float>) throws -> Void,
      read: (_ number: Int, _ gradient: UnsafeBufferPointer<Float>) throws -> Void
    ) throws {
      try function.visitGradients(
        count: count, spatialShape: spatialShape, fill: fill, logits: logits, cotangent: cotangent, read: read)
    }
  }

  @Test(
    "Only the part of a window that a voxel reaches is visited, and nothing is lost",
    arguments: [[60, 30, 56], [40, 20, 33]]) func visitsWhatIsReached(volume: [Int]) throws
  {
    var numbers = SeededNumbers(14)
    let executor = try Executor(network(&numbers), threads: 2)
    let image = Tensor(shape: [2] + volume, values: numbers.floats(2 * volume.reduce(1, *)))
    let targets = [[0], [volume.reduce(1, *) / 2 + 9], [volume.reduce(1, *) - 1], [1000, 1001], [500, 700]].map {
      LogitTarget(voxels: $0, classWeights: [0.5, 1])
    }
    func gradients(_ function: any WindowFunction) throws -> (maps: [Tensor], visited: [Int]) {
      let model = SlidingWindow(function, window: [48, 24, 40], overlap: 0.25, importance: .gaussian)
      var maps = targets.map { _ in Tensor(shape: [2] + volume) }
      var visited = targets.map { _ in 0 }
      try model.visitGradients(of: targets, at: image) { target, box, gradient in
        #expect(
          model.support(of: targets[target], spatialShape: volume).union(box).voxelCount
            == model.support(of: targets[target], spatialShape: volume).voxelCount)
        visited[target] += box.voxelCount
        var index = 0
        for c in 0..<2 {
          for d in box.lower[0]..<box.upper[0] {
            for h in box.lower[1]..<box.upper[1] {
              for w in box.lower[2]..<box.upper[2] {
                maps[target].values[((c * volume[0] + d) * volume[1] + h) * volume[2] + w] += gradient[index]
                index += 1
              }
            }
          }
        }
        #expect(index == gradient.count)
      }
      return (maps, visited)
    }
    let (small, whole) = (try gradients(executor), try gradients(WholeWindow(executor)))
    #expect(small.maps == whole.maps)
    #expect(zip(small.visited, whole.visited).prefix(4).allSatisfy { $0 < $1 } && small.visited[4] <= whole.visited[4])
  }

  @Test("The sample model takes the short way, networks with statistics of the window cannot") func whichNetworks()
    throws
  {
    let checkout = fixtures.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let model = try ModelFolder.load(checkout.appendingPathComponent("sample-data/models/unet").path)
    let executor = try Executor(model.networks[0], threads: 2)
    var numbers = SeededNumbers(12)
    let window = model.description.window
    _ = try executor.output(Tensor(shape: [2] + window, values: numbers.floats(2 * window.reduce(1, *))))
    let plan = try executor.plan(for: window)
    for voxel in [0, (47 * 96 + 33) * 96 + 62] { #expect(try compare(plan, at: [voxel], &numbers) < 1e-4) }
    #expect(plan.localGradientCount == 2)

    let other = try ModelFolder.load(fixtures.appendingPathComponent("dynunet-plain").path)
    let normed = try Executor(other.networks[0], threads: 1).plan(for: other.description.window)
    #expect(try normed.localPlan(target: [1, 1, 1]) == nil)
  }
}
