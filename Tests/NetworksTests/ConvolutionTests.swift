import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Networks

/// Convolutions of many shapes against plain loops in Double, forward and gradient.
@Suite("Convolutions against plain loops") struct ConvolutionTests {
  struct Shape: CustomTestStringConvertible, Sendable {
    var inputs: Int
    var outputs: Int
    var extent: [Int]
    var kernel = [3, 3, 3]
    var stride = [1, 1, 1]
    var testDescription: String { "\(inputs)→\(outputs) \(extent) kernel \(kernel) stride \(stride)" }
    var window: ConvolutionWindow {
      .centred(inputChannels: inputs, outputChannels: outputs, kernel: kernel, stride: stride)
    }
  }

  static let shapes = [
    Shape(inputs: 2, outputs: 32, extent: [4, 6, 14], stride: [2, 2, 2]),
    Shape(inputs: 1, outputs: 5, extent: [3, 4, 7]),
    Shape(inputs: 3, outputs: 70, extent: [2, 3, 13], kernel: [1, 3, 5]),
    Shape(inputs: 8, outputs: 16, extent: [3, 3, 3], kernel: [1, 1, 1]),
    Shape(inputs: 9, outputs: 17, extent: [4, 6, 4], kernel: [3, 1, 3], stride: [2, 3, 1]),
    Shape(inputs: 16, outputs: 32, extent: [6, 6, 6], stride: [3, 3, 3]),
    Shape(inputs: 33, outputs: 2, extent: [4, 4, 6], kernel: [5, 3, 1], stride: [2, 1, 1]),
    Shape(inputs: 4, outputs: 4, extent: [4, 4, 4], kernel: [1, 1, 1], stride: [2, 2, 2]),
    Shape(inputs: 2, outputs: 2, extent: [1, 1, 1]),
    Shape(inputs: 20, outputs: 3, extent: [2, 2, 24], kernel: [3, 3, 7], stride: [1, 1, 4]),
  ]

  /// y[k, o] and the sum of absolute terms, which bounds the rounding of a sum in single precision.
  static func plainConvolution(_ x: [Float], _ weight: [Float], _ bias: [Float], _ shape: Shape) -> [Float] {
    let window = shape.window
    let out = zip(shape.extent, shape.stride).map { ($0 - 1) / $1 + 1 }
    var result: [Float] = []
    for k in 0..<shape.outputs {
      forEachIndex(out) { o in
        var sum = Double(bias[k])
        for c in 0..<shape.inputs {
          forEachIndex(shape.kernel) { t in
            let i = (0..<3).map { o[$0] * shape.stride[$0] + t[$0] - window.padding[$0] }
            guard (0..<3).allSatisfy({ i[$0] >= 0 && i[$0] < shape.extent[$0] }) else { return }
            sum +=
              Double(weight[linear([k, c] + t, [shape.outputs, shape.inputs] + shape.kernel)])
              * Double(x[linear([c] + i, [shape.inputs] + shape.extent)])
          }
        }
        result.append(Float(sum))
      }
    }
    return result
  }

  static func linear(_ index: [Int], _ shape: [Int]) -> Int { zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 } }

  static func forEachIndex(_ shape: [Int], _ body: ([Int]) -> Void) {
    for i in 0..<shape[0] { for j in 0..<shape[1] { for k in 0..<shape[2] { body([i, j, k]) } } }
  }

  @Test("Forward; the gradient is the adjoint", arguments: shapes, channelBlocks) func convolution(
    shape: Shape, block: Int
  ) throws {
    var numbers = SeededNumbers(1)
    let weight = numbers.floats(shape.inputs * shape.outputs * shape.kernel.reduce(1, *))
    let bias = numbers.floats(shape.outputs)
    let network = try makeExecutor(inputChannels: shape.inputs, outputChannels: shape.outputs, block: block) {
      $0.add("c", Convolution(window: shape.window, weight: weight, bias: bias), 0)
    }
    let x = numbers.floats(shape.inputs * shape.extent.reduce(1, *))
    let input = Tensor(shape: [shape.inputs] + shape.extent, values: x)
    let y = try network.output(input)
    #expect(deviation(y, Self.plainConvolution(x, weight, bias, shape)) < 2e-6)
    try expectAdjoint(network, y: y, input: input, bias: bias, &numbers)
  }

  @Test("Transposed: the adjoint of the convolution with the same weights", arguments: shapes, channelBlocks)
  func transposed(shape: Shape, block: Int) throws {
    guard (0..<3).allSatisfy({ shape.extent[$0] % shape.stride[$0] == 0 }) else { return }
    var numbers = SeededNumbers(2)
    let weight = numbers.floats(shape.inputs * shape.outputs * shape.kernel.reduce(1, *))
    // The convolution takes `inputs` channels of the wide side to `outputs` of the narrow one; its transpose goes back.
    let window = ConvolutionWindow.centred(
      inputChannels: shape.outputs, outputChannels: shape.inputs, kernel: shape.kernel, stride: shape.stride)
    let bias = numbers.floats(shape.inputs)
    let network = try makeExecutor(inputChannels: shape.outputs, outputChannels: shape.inputs, block: block) {
      $0.add("t", TransposedConvolution(window: window, weight: weight, bias: bias), 0)
    }
    let narrow = zip(shape.extent, shape.stride).map { $0 / $1 }
    let input = Tensor(shape: [shape.outputs] + narrow, values: numbers.floats(shape.outputs * narrow.reduce(1, *)))
    let y = try network.output(input)
    let probe = numbers.floats(shape.inputs * shape.extent.reduce(1, *))
    let back = Self.plainConvolution(probe, weight, Array(repeating: 0, count: shape.outputs), shape)
    let plane = shape.extent.reduce(1, *)
    let unbiased = y.enumerated().map { $1 - bias[$0 / plane] }
    let expected = dot(input.values, back)
    let scale = (dot(probe, probe) * dot(unbiased, unbiased)).squareRoot()
    #expect(abs(dot(unbiased, probe) - expected) < 2e-6 * scale)
    #expect(deviation(try network.pullback(probe), back) < 2e-6)
  }

  /// ⟨F(x) − b, c⟩ = ⟨x, Fᵀc⟩ for every linear F; rounding is bounded by the sizes of the vectors.
  private func expectAdjoint(
    _ network: Executor, y: [Float], input: Tensor, bias: [Float], _ numbers: inout SeededNumbers
  ) throws {
    let plane = y.count / bias.count
    let linear = y.enumerated().map { $1 - bias[$0 / plane] }
    let cotangent = numbers.floats(y.count)
    let gradient = try network.pullback(cotangent)
    let scale = (dot(linear, linear) * dot(cotangent, cotangent)).squareRoot()
    #expect(abs(dot(linear, cotangent) - dot(input.values, gradient)) < 2e-6 * scale)
  }
}

@Suite("A convolution as the transpose of another") struct ConvolutionTransposeTests {
  /// 1D written as 3D: kernel 3 of taps 1, 2, 3 from 2 channels to 1, no padding: y[o] = Σ_c Σ_t w[c][t] · x[c][o + t].
  @Test("Shapes and weights, derived by hand") func mirrored() {
    let geometry = ConvolutionGeometry(
      source: [2, 1, 1, 5], destination: [1, 1, 1, 3], kernel: [1, 1, 3], stride: [1, 1, 1], padding: [0, 0, 0])
    let other = geometry.transposed
    #expect(other.source == [1, 1, 1, 3] && other.destination == [2, 1, 1, 5] && other.padding == [0, 0, 2])
    #expect(other.transposed == geometry)
    // [K 1][C 2][3] becomes [C 2][K 1][3], taps in reverse.
    #expect(geometry.transposed([1, 2, 3, 4, 5, 6]) == [3, 2, 1, 6, 5, 4])
  }

  /// 40 channels in blocks of 8, with bias and activation, against the plain layout.
  @Test("Blocks of 8 give what plain channels give", arguments: channelBlocks.filter { $0 > 1 }) func blocks(block: Int)
    throws
  {
    var numbers = SeededNumbers(11)
    let window = ConvolutionWindow.centred(
      inputChannels: 40, outputChannels: 24, kernel: [3, 1, 3], stride: [1, 1, 1])
    var convolution = Convolution(window: window, weight: numbers.floats(40 * 24 * 9), bias: numbers.floats(24))
    convolution.slope = 0.1
    let image = Tensor(shape: [40, 5, 4, 6], values: numbers.floats(40 * 120))
    let results = try [1, block].map { block in
      try makeExecutor(inputChannels: 40, outputChannels: 24, block: block) { $0.add("c", convolution, 0) }.output(
        image)
    }
    #expect(deviation(results[1], results[0]) < 1e-6)
  }
}
