import Foundation
import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Networks

extension SmoothFunction {
  /// Value and derivative by the textbook, in double precision.
  fileprivate func reference(_ x: Double) -> (value: Double, slope: Double) {
    func logistic(_ z: Double) -> Double { z >= 0 ? 1 / (1 + exp(-z)) : exp(z) / (1 + exp(z)) }
    switch self {
    case .elu(let alpha): return x > 0 ? (x, 1) : (alpha * expm1(x), alpha * exp(x))
    case .gelu:
      let (p, density) = (erfc(-x / 2.0.squareRoot()) / 2, exp(-x * x / 2) / (2 * Double.pi).squareRoot())
      return (x * p, p + x * density)
    case .geluTanh:
      let c = (2 / Double.pi).squareRoot()
      let t = tanh(c * (x + 0.044715 * x * x * x))
      return (x / 2 * (1 + t), (1 + t) / 2 + x / 2 * (1 - t * t) * c * (1 + 3 * 0.044715 * x * x))
    case .swish(let scale):
      let s = logistic(scale * x)
      return (x * s, s + scale * x * s * (1 - s))
    case .mish:
      let t = tanh(max(x, 0) + log1p(exp(-abs(x))))
      return (x * t, t + x * (1 - t * t) * logistic(x))
    }
  }
}

@Suite("Smooth activations") struct SmoothActivationTests {
  static let functions: [SmoothFunction] = [
    .elu(alpha: 1), .elu(alpha: 0.3), .gelu, .geluTanh, .swish(scale: 1), .swish(scale: 1.7), .swish(scale: -0.5),
    .mish,
  ]

  @Test("Value and gradient against the textbook, far tails among them", arguments: functions, channelBlocks)
  func values(function: SmoothFunction, block: Int) throws {
    // 3 channels leave most of a block empty, 19 · 5 · 7 numbers no whole vectors.
    let network = try makeExecutor(inputChannels: 3, outputChannels: 3, block: block) {
      $0.add("f", SmoothActivation(function), 0)
    }
    var values: [Float] = (0..<3 * 19 * 5 * 7).map { (index: Int) -> Float in Float(index - 997) / 100 }
    let tails: [Float] = [-1e4, -500, -104, -89, -88, -60, -30, -20, 20, 30, 60, 88, 89, 104, 500, 1e4, 0, -1e-6, 1e-6]
    values.replaceSubrange(0..<tails.count, with: tails)
    let found = try network.output(Tensor(shape: [3, 19, 5, 7], values: values))
    let gradient = try network.pullback([Float](repeating: 3, count: values.count))
    for (index, x) in values.enumerated() {
      let (value, slope) = function.reference(Double(x))
      // Of the value, or of 1 where the value is smaller: single precision beside activations of order 1.
      let (error, slopeError) = (abs(Double(found[index]) - value), abs(Double(gradient[index]) - 3 * slope))
      #expect(error <= 1e-6 * max(1, abs(value)), "\(function) at \(x): \(found[index])")
      #expect(slopeError <= 6e-6, "\(function)' at \(x): \(gradient[index] / 3)")
    }
  }

  @Test("The gradient of one voxel, where nothing else is computed", arguments: functions, channelBlocks)
  func localGradient(function: SmoothFunction, block: Int) throws {
    var numbers = SeededNumbers(31)
    var graph = Graph(inputChannels: 2)
    func convolution(_ name: String, _ input: Int, _ c: Int, _ k: Int, stride: Int = 1) -> Int {
      let window = ConvolutionWindow.centred(
        inputChannels: c, outputChannels: k, kernel: [3, 3, 3], stride: [stride, stride, stride])
      return graph.add(
        name, Convolution(window: window, weight: numbers.floats(c * k * 27), bias: numbers.floats(k)), input)
    }
    let first = graph.add("a0", SmoothActivation(function), convolution("c0", 0, 2, 18, stride: 2))
    let second = graph.add("a1", SmoothActivation(function), convolution("c1", first, 18, 17))
    graph.output = convolution("c2", second, 17, 2)
    let executor = try Executor(
      Network(graph: graph, outputChannels: 2, divisors: [2, 2, 2], parameterCount: 0), threads: 2, folding: true,
      block: block)
    let shape = [36, 24, 40]
    _ = try executor.output(Tensor(shape: [2] + shape, values: numbers.floats(2 * shape.reduce(1, *))))
    let plan = try executor.plan(for: shape)
    #expect(try plan.localPlan(target: [1, 1, 1]) != nil)
    let count = plan.cotangent.count / 2
    for voxel in [0, count / 2 + 7, count - 1] {
      plan.cotangent.update(repeating: 0)
      plan.cotangent[voxel] = 1
      plan.cotangent[count + voxel] = -0.5
      for step in plan.gradientSteps { try step.run() }
      let expected = Array(plan.sourceGradient)
      plan.sourceGradient.update(repeating: .nan)
      try plan.gradient()
      #expect(relativeDistance(Array(plan.sourceGradient), expected) < 1e-6 && expected.contains { $0 != 0 })
    }
    #expect(plan.localGradientCount == 3)
  }
}

@Suite("Group normalisation") struct GroupNormTests {
  /// y = γ · x̂ + β and its input gradient by plain loops, [C][voxels].
  private func reference(
    _ x: [Double], _ dy: [Double], channels: Int, groups: Int, weight: [Float], bias: [Float], epsilon: Double,
    slope: Double
  ) -> (y: [Double], dx: [Double]) {
    let n = x.count / channels
    let size = x.count / groups
    var (y, dx) = (x, x)
    for g in 0..<groups {
      let range = g * size..<(g + 1) * size
      let mean = range.reduce(0.0) { $0 + x[$1] } / Double(size)
      let variance = range.reduce(0.0) { $0 + (x[$1] - mean) * (x[$1] - mean) } / Double(size)
      let rate = 1 / (variance + epsilon).squareRoot()
      var (one, two) = (0.0, 0.0)
      var inner = [Int: Double]()
      for i in range {
        let c = i / n
        let (gamma, beta) = (weight.isEmpty ? 1 : Double(weight[c]), bias.isEmpty ? 0 : Double(bias[c]))
        let normal = (x[i] - mean) * rate
        let value = gamma * normal + beta
        y[i] = value > 0 ? value : slope * value
        inner[i] = gamma * dy[i] * (value > 0 ? 1 : slope)
        one += inner[i]!
        two += inner[i]! * normal
      }
      for i in range { dx[i] = rate * (inner[i]! - one / Double(size) - (x[i] - mean) * rate * two / Double(size)) }
    }
    return (y, dx)
  }

  static let cases: [(channels: Int, groups: Int, isAffine: Bool, slope: Float)] = [
    (6, 2, true, 1), (6, 3, true, 0.1), (6, 6, true, 0), (6, 1, false, 1), (40, 4, true, 1), (24, 8, true, -0.2),
    (1, 1, true, 1), (17, 17, false, 0.5),
  ]

  @Test("Value and gradient against plain loops", arguments: cases.indices, channelBlocks) func loops(
    index: Int, block: Int
  ) throws {
    let item = Self.cases[index]
    var numbers = SeededNumbers(UInt64(100 + index))
    let shape = [item.channels, 3, 5, 4]
    let weight = item.isAffine ? numbers.floats(item.channels) : []
    let bias = item.isAffine ? numbers.floats(item.channels) : []
    for folding in [false, true] {
      let network = try makeExecutor(
        inputChannels: item.channels, outputChannels: item.channels, block: block, folding: folding
      ) {
        let norm = $0.add("n", GroupNorm(groups: item.groups, weight: weight, bias: bias, epsilon: 1e-3), 0)
        if item.slope != 1 { $0.add("a", LeakyActivation(slope: item.slope), norm) }
      }
      // Far from 0, where a variance from raw sums would be lost.
      let x = numbers.floats(shape.reduce(1, *)).map { $0 + 300 }
      let found = try network.output(Tensor(shape: shape, values: x))
      let dy = numbers.floats(x.count)
      let (y, dx) = reference(
        x.map(Double.init), dy.map(Double.init), channels: item.channels, groups: item.groups, weight: weight,
        bias: bias, epsilon: Double(Float(1e-3)), slope: Double(item.slope))
      // The image itself is rounded to 3e-5 of its range at 300.
      #expect(deviation(found, y.map(Float.init)) < 1e-4)
      #expect(relativeDistance(try network.pullback(dy), dx.map(Float.init)) < 1e-4)
    }
  }

  @Test("By hand", arguments: channelBlocks) func byHand(block: Int) throws {
    let network = try makeExecutor(inputChannels: 2, outputChannels: 2, block: block) {
      $0.add("n", GroupNorm(groups: 1, weight: [2, 4], bias: [1, 0], epsilon: 1), 0)
    }
    // Both channels together are −3, 1, 1, 1: mean 0, variance 3, with ε = 1 x̂ = x/2; y0 = 2x̂ + 1, y1 = 4x̂
    #expect(try network.output(Tensor(shape: [2, 1, 1, 2], values: [-3, 1, 1, 1])) == [-2, 2, 2, 2])
    // γ·dy = 8, 0, 0, 0: mean 2; mean(γ·dy·x̂) = 8 · −1.5 / 4 = −3; dx = (γ·dy − 2 + 3·x̂)/2
    #expect(try network.pullback([4, 0, 0, 0]) == [0.75, -0.25, -0.25, -0.25])
  }

  @Test("A window of single numbers is refused") func singleNumbers() throws {
    let network = try makeExecutor(inputChannels: 2, outputChannels: 2) {
      $0.add("n", GroupNorm(groups: 2, weight: [], bias: [], epsilon: 1), 0)
    }
    #expect(message { _ = try network.output(Tensor(shape: [2, 1, 1, 1])) }.contains("a larger window"))
  }
}
