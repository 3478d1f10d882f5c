import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Models
@testable import Networks

/// The gradient of a whole network against finite differences, taken where no activation changes sign.
@Suite("Input gradient") struct InputGradientTests {
  @Test("Finite differences through strides, skips, norms and activations", arguments: channelBlocks)
  func finiteDifferences(block: Int) throws {
    var numbers = SeededNumbers(5)
    func convolution(_ inputs: Int, _ outputs: Int, stride: Int = 1) -> Convolution {
      let window = ConvolutionWindow.centred(
        inputChannels: inputs, outputChannels: outputs, kernel: [3, 3, 3], stride: [stride, stride, stride])
      let size = 0.5 / Float(inputs).squareRoot()
      return Convolution(
        window: window, weight: numbers.floats(inputs * outputs * 27, in: -size...size), bias: numbers.floats(outputs))
    }
    let (first, second, third) = (convolution(2, 5, stride: 2), convolution(5, 20), convolution(25, 3))
    let window = ConvolutionWindow.centred(inputChannels: 3, outputChannels: 2, kernel: [3, 3, 3], stride: [2, 2, 2])
    let up = TransposedConvolution(window: window, weight: numbers.floats(3 * 2 * 27, in: -0.3...0.3), bias: [0, 1])
    let norm = InstanceNorm(weight: numbers.floats(20, in: 0.5...1.5), bias: numbers.floats(20), epsilon: 1e-5)

    let network = try makeExecutor(inputChannels: 2, outputChannels: 2, block: block) {
      let a = $0.add("a", first, 0)
      let b = $0.add("b", LeakyActivation(slope: 0.9), a)
      let c = $0.add("c", second, b)
      let d = $0.add("d", norm, c)
      let e = $0.add("e", LeakyActivation(slope: 0.8), d)
      let joined = $0.add("f", Concatenation(), b, e)
      let g = $0.add("g", third, joined)
      $0.add("h", up, g)
    }
    let input = Tensor(shape: [2, 4, 4, 4], values: numbers.floats(128, in: -3...3))
    let cotangent = numbers.floats(128)
    _ = try network.output(input)
    let gradient = try network.pullback(cotangent)

    // Central differences in a random direction: an error of order h² plus rounding of order 1e-6/h. The slopes near 1
    // keep the jumps of the few activations that cross zero within h small.
    for _ in 0..<5 {
      let direction = numbers.floats(128)
      let h: Float = 2e-3
      func value(_ sign: Float) throws -> Double {
        let moved = zip(input.values, direction).map { $0 + sign * h * $1 }
        return dot(try network.output(Tensor(shape: input.shape, values: moved)), cotangent)
      }
      let difference = (try value(1) - value(-1)) / Double(2 * h)
      let expected = dot(gradient, direction)
      let scale = dot(gradient, gradient).squareRoot()
      #expect(abs(difference - expected) < 5e-3 * scale, "\(difference) against \(expected)")
    }
  }

  @Test("The gradient may be asked for again and again") func repeated() throws {
    let folder = fixtures.appendingPathComponent("unet-batch").path
    let executor = try Executor(try ModelFolder.load(folder).networks[0], threads: 2)
    var numbers = SeededNumbers(9)
    _ = try executor.output(Tensor(shape: [2, 8, 8, 8], values: numbers.floats(1024)))
    let (a, b) = (numbers.floats(1024), numbers.floats(1024))
    let first = try executor.pullback(a)
    let other = try executor.pullback(b)
    #expect(try executor.pullback(a) == first)
    // Linear in the cotangent, and not a constant.
    let sum = try executor.pullback(zip(a, b).map { $0 + $1 })
    #expect(relativeDistance(sum, zip(first, other).map { $0 + $1 }) < 1e-6)
    #expect(relativeDistance(first, other) > 0.1)
  }
}
