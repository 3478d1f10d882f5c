import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Networks

/// Convolutions that run along rows, against plain loops in double precision; their gradients are the adjoints.
@Suite("Convolutions in rows") struct RowsConvolutionTests {
  struct Case: CustomTestStringConvertible {
    var inputs: Int
    var outputs: Int
    var kernel: [Int]
    var shape: [Int]
    var testDescription: String { "\(inputs) → \(outputs), kernel \(kernel), \(shape)" }
  }

  // Rows shorter than a vector, of one to five vectors, and with a rest; groups of eight, four, two and one channel.
  @Test(
    "Convolution",
    arguments: [
      Case(inputs: 24, outputs: 24, kernel: [3, 3, 3], shape: [3, 4, 48]),
      Case(inputs: 2, outputs: 12, kernel: [3, 3, 3], shape: [4, 3, 96]),
      Case(inputs: 5, outputs: 7, kernel: [1, 5, 3], shape: [2, 7, 33]),
      Case(inputs: 9, outputs: 2, kernel: [1, 1, 1], shape: [3, 3, 70]),
      Case(inputs: 1, outputs: 3, kernel: [7, 3, 5], shape: [5, 2, 6]),
      Case(inputs: 3, outputs: 36, kernel: [3, 1, 3], shape: [1, 1, 17]),
    ]) func convolution(_ c: Case) throws
  {
    let block = OneDNN.channelBlock
    var numbers = SeededNumbers(11)
    let window = ConvolutionWindow.centred(
      inputChannels: c.inputs, outputChannels: c.outputs, kernel: c.kernel, stride: [1, 1, 1])
    let weight = numbers.floats(c.inputs * c.outputs * c.kernel.reduce(1, *))
    let bias = numbers.floats(c.outputs)
    let layout = ChannelLayout(segments: [c.inputs], block: block)
    #expect(block != 16 || RowsConvolution.suits(window, input: layout, block: block))
    try check(c, outputShape: c.shape, Convolution(window: window, weight: weight, bias: bias), block: block) { x in
      var y = Array(repeating: 0.0, count: c.outputs * c.shape.reduce(1, *))
      forEachTap(c) { k, input, output, place, tap in
        y[k * c.shape.reduce(1, *) + output] +=
          Double(weight[(k * c.inputs + input) * c.kernel.reduce(1, *) + tap]) * x[place]
      }
      for k in 0..<c.outputs {
        for v in 0..<c.shape.reduce(1, *) { y[k * c.shape.reduce(1, *) + v] += Double(bias[k]) }
      }
      return y
    }
  }

  @Test(
    "Transposed convolution whose kernel is its stride",
    arguments: [
      Case(inputs: 5, outputs: 12, kernel: [2, 2, 2], shape: [2, 3, 24]),
      Case(inputs: 24, outputs: 9, kernel: [1, 2, 3], shape: [3, 1, 5]),
      Case(inputs: 48, outputs: 12, kernel: [2, 1, 1], shape: [2, 2, 17]),
    ]) func raising(_ c: Case) throws
  {
    var numbers = SeededNumbers(12)
    let window = ConvolutionWindow(
      inputChannels: c.inputs, outputChannels: c.outputs, kernel: c.kernel, stride: c.kernel, padding: [0, 0, 0])
    let taps = c.kernel.reduce(1, *)
    let weight = numbers.floats(c.inputs * c.outputs * taps)
    let bias = numbers.floats(c.outputs)
    let raised = zip(c.shape, c.kernel).map { $0 * $1 }
    let operation = TransposedConvolution(window: window, weight: weight, bias: bias)
    try check(c, outputShape: raised, operation, block: OneDNN.channelBlock) { x in
      var y: [Double] = []
      for k in 0..<c.outputs {
        for v in 0..<raised.reduce(1, *) {
          let o = [v / (raised[1] * raised[2]), v / raised[2] % raised[1], v % raised[2]]
          let i = zip(o, c.kernel).map { $0 / $1 }
          let t = zip(o, c.kernel).map { $0 % $1 }
          let tap = (t[0] * c.kernel[1] + t[1]) * c.kernel[2] + t[2]
          let place = (i[0] * c.shape[1] + i[1]) * c.shape[2] + i[2]
          var sum = Double(bias[k])
          for input in 0..<c.inputs {
            sum += Double(weight[(input * c.outputs + k) * taps + tap]) * x[input * c.shape.reduce(1, *) + place]
          }
          y.append(sum)
        }
      }
      return y
    }
  }

  /// Calls `body` with output channel, input channel, voxel of the output, number of the input and tap.
  private func forEachTap(_ c: Case, _ body: (Int, Int, Int, Int, Int) -> Void) {
    let (shape, kernel) = (c.shape, c.kernel)
    for v in 0..<shape.reduce(1, *) {
      let o = [v / (shape[1] * shape[2]), v / shape[2] % shape[1], v % shape[2]]
      for tap in 0..<kernel.reduce(1, *) {
        let t = [tap / (kernel[1] * kernel[2]), tap / kernel[2] % kernel[1], tap % kernel[2]]
        let i = (0..<3).map { o[$0] + t[$0] - kernel[$0] / 2 }
        guard (0..<3).allSatisfy({ (0..<shape[$0]).contains(i[$0]) }) else { continue }
        let place = (i[0] * shape[1] + i[1]) * shape[2] + i[2]
        for k in 0..<c.outputs {
          for input in 0..<c.inputs { body(k, input, v, input * shape.reduce(1, *) + place, tap) }
        }
      }
    }
  }

  private func check(
    _ c: Case, outputShape: [Int], _ operation: any Operation, block: Int, _ expected: ([Double]) -> [Double]
  ) throws {
    var numbers = SeededNumbers(13)
    let network = try makeExecutor(inputChannels: c.inputs, outputChannels: c.outputs, block: block) {
      $0.add("operation", operation, 0)
    }
    let input = Tensor(shape: [c.inputs] + c.shape, values: numbers.floats(c.inputs * c.shape.reduce(1, *)))
    #expect(deviation(try network.output(input), expected(input.values.map(Double.init)).map(Float.init)) < 1e-6)

    // ⟨A x − A 0, dy⟩ = ⟨x, Aᵀ dy⟩ for any x.
    let cotangent = numbers.floats(c.outputs * outputShape.reduce(1, *))
    let gradient = try network.pullback(cotangent)
    let zero = expected(Array(repeating: 0, count: input.values.count))
    for _ in 0..<3 {
      let x = numbers.floats(input.values.count)
      let y = zip(expected(x.map(Double.init)), zero).map { Float($0 - $1) }
      let size = dot(gradient, gradient).squareRoot() * dot(x, x).squareRoot()
      #expect(abs(dot(y, cotangent) - dot(x, gradient)) < 1e-6 * size)
    }
  }
}
