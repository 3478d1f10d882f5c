import Testing

@testable import Checkpoints
@testable import Networks

/// Values and gradients small enough to be worked out by hand. Exact: all numbers are small integers.
@Suite("Operations, by hand") struct OperationTests {
  /// A kernel along the last axis.
  private func window(_ taps: Int, stride: Int = 1, inputs: Int = 1, outputs: Int = 1) -> ConvolutionWindow {
    .centred(inputChannels: inputs, outputChannels: outputs, kernel: [1, 1, taps], stride: [1, 1, stride])
  }

  @Test("Convolution", arguments: channelBlocks) func convolution(block: Int) throws {
    let network = try makeExecutor(inputChannels: 1, outputChannels: 1, block: block) {
      $0.add("c", Convolution(window: window(3), weight: [1, 2, 3], bias: [10]), 0)
    }
    // y[o] = 10 + 1·x[o−1] + 2·x[o] + 3·x[o+1] for x = 1, −2, 4, 0:
    // 10+2·1−3·2 = 6; 10+1−4+12 = 19; 10−2+8+0 = 16; 10+4+0 = 14
    #expect(try network.output(Tensor(shape: [1, 1, 1, 4], values: [1, -2, 4, 0])) == [6, 19, 16, 14])
    // dx[i] = 3·dy[i−1] + 2·dy[i] + 1·dy[i+1] for dy = 1, 0, 2, −1: 2+0; 3+2; 4−1; 6−2
    #expect(try network.pullback([1, 0, 2, -1]) == [2, 5, 3, 4])
  }

  @Test("Strided convolution of two channels", arguments: channelBlocks) func stridedConvolution(block: Int) throws {
    let network = try makeExecutor(inputChannels: 2, outputChannels: 1, block: block) {
      // weight [K, C, taps]: channel 0 has 1, 2, 3 and channel 1 has 0, −1, 1
      $0.add("c", Convolution(window: window(3, stride: 2, inputs: 2), weight: [1, 2, 3, 0, -1, 1], bias: []), 0)
    }
    // x0 = 1, 2, 3, 4 and x1 = 5, 6, 7, 8; y[o] = x0[2o−1] + 2·x0[2o] + 3·x0[2o+1] − x1[2o] + x1[2o+1]
    // y[0] = 0 + 2 + 6 − 5 + 6 = 9; y[1] = 2 + 6 + 12 − 7 + 8 = 21
    #expect(try network.output(Tensor(shape: [2, 1, 1, 4], values: [1, 2, 3, 4, 5, 6, 7, 8])) == [9, 21])
    // dy = 1, 10: dx0[0] = 2·1; dx0[1] = 3·1 + 1·10; dx0[2] = 2·10; dx0[3] = 3·10
    //             dx1[0] = −1; dx1[1] = 1; dx1[2] = −10; dx1[3] = 10
    #expect(try network.pullback([1, 10]) == [2, 13, 20, 30, -1, 1, -10, 10])
  }

  @Test("Transposed convolution", arguments: channelBlocks) func transposedConvolution(block: Int) throws {
    let network = try makeExecutor(inputChannels: 1, outputChannels: 2, block: block) {
      // weight [C, K, taps]: output 0 has 1, 2, 3 and output 1 has 0, 1, 0
      $0.add(
        "t",
        TransposedConvolution(window: window(3, stride: 2, outputs: 2), weight: [1, 2, 3, 0, 1, 0], bias: [0, 5]), 0)
    }
    // y[o] += w[t]·x[i] at o = 2i + t − 1, x = 4, 7:
    // y0[0] = 2·4; y0[1] = 3·4 + 1·7; y0[2] = 2·7; y0[3] = 3·7; y1 = 5 + (4, 0, 7, 0)
    #expect(try network.output(Tensor(shape: [1, 1, 1, 2], values: [4, 7])) == [8, 19, 14, 21, 9, 5, 12, 5])
    // dy0 = 1, 2, 3, 4 and dy1 = 10, 20, 30, 40: dx[i] = dy0[2i−1] + 2·dy0[2i] + 3·dy0[2i+1] + dy1[2i]
    // dx[0] = 0 + 2 + 6 + 10 = 18; dx[1] = 2 + 6 + 12 + 30 = 50
    #expect(try network.pullback([1, 2, 3, 4, 10, 20, 30, 40]) == [18, 50])
  }

  @Test("Leaky activation, its kink and a negative slope", arguments: channelBlocks, [Float(2), 0, -3]) func activation(
    block: Int, slope: Float
  ) throws {
    let network = try makeExecutor(inputChannels: 1, outputChannels: 1, block: block) {
      $0.add("a", LeakyActivation(slope: slope), 0)
    }
    #expect(try network.output(Tensor(shape: [1, 1, 1, 3], values: [5, -4, 0])) == [5, -4 * slope, 0])
    // At 0 the slope of the negative side counts, as in PyTorch.
    #expect(try network.pullback([1, 10, 100]) == [1, 10 * slope, 100 * slope])
  }

  @Test("Activation absorbed by a convolution", arguments: channelBlocks, [Float(2), 0, -3]) func absorbedActivation(
    block: Int, slope: Float
  ) throws {
    let network = try makeExecutor(inputChannels: 1, outputChannels: 1, block: block) {
      let c = $0.add("c", Convolution(window: window(1), weight: [2], bias: [1]), 0)
      $0.add("a", LeakyActivation(slope: slope), c)
    }
    // 2x + 1 = 7, −5, −1
    #expect(try network.output(Tensor(shape: [1, 1, 1, 3], values: [3, -3, -1])) == [7, -5 * slope, -1 * slope])
    #expect(try network.pullback([1, 1, 10]) == [2, 2 * slope, 20 * slope])
  }

  @Test("Batch normalisation, alone and absorbed", arguments: channelBlocks, [false, true]) func batchNorm(
    block: Int, folding: Bool
  ) throws {
    // scale = γ/√(variance + ε) = 6/√(3 + 1) = 3; shift = β − mean·scale = 1 − 2·3 = −5
    let norm = BatchNorm(mean: [2], variance: [3], weight: [6], bias: [1], epsilon: 1)
    let network = try makeExecutor(inputChannels: 1, outputChannels: 1, block: block, folding: folding) {
      let c = $0.add("c", Convolution(window: window(1), weight: [2], bias: [4]), 0)
      $0.add("n", norm, c)
    }
    // 3·(2x + 4) − 5
    #expect(try network.output(Tensor(shape: [1, 1, 1, 2], values: [1, -2])) == [13, -5])
    #expect(try network.pullback([1, 5]) == [6, 30])
  }

  @Test("Instance normalisation", arguments: channelBlocks) func instanceNorm(block: Int) throws {
    let network = try makeExecutor(inputChannels: 1, outputChannels: 1, block: block) {
      $0.add("n", InstanceNorm(weight: [6], bias: [1], epsilon: 1), 0)
    }
    // x = 0, 2, 4, 2: mean 2, variance (4+0+4+0)/4 = 2, with ε = 1 √3; x̂ = (−2, 0, 2, 0)/√3; y = 6·x̂ + 1
    let root = Float(3).squareRoot()
    let found = try network.output(Tensor(shape: [1, 1, 1, 4], values: [0, 2, 4, 2]))
    #expect(deviation(found, [1 - 12 / root, 1, 1 + 12 / root, 1]) < 1e-6)
    // dy = 4, 0, 0, 0: mean(dy) = 1; mean(dy·x̂) = −8/√3/4 = −2/√3
    // dx = 6/√3·(dy − 1 + x̂·2/√3) = 6/√3·(3 − 4/3, −1, −1 + 4/3, −1) = 6/√3·(5/3, −1, 1/3, −1)
    let expected: [Float] = [10 / root, -6 / root, 2 / root, -6 / root]
    #expect(deviation(try network.pullback([4, 0, 0, 0]), expected) < 1e-6)
  }

  @Test("Average over boxes", arguments: channelBlocks) func averagePooling(block: Int) throws {
    let network = try makeExecutor(inputChannels: 1, outputChannels: 1, block: block) {
      $0.add("p", AveragePooling(stride: [1, 2, 2]), 0)
    }
    // Rows 1, 2, 3, 4 and 5, 6, 7, 8: the boxes hold 1, 2, 5, 6 and 3, 4, 7, 8
    #expect(try network.output(Tensor(shape: [1, 1, 2, 4], values: [1, 2, 3, 4, 5, 6, 7, 8])) == [3.5, 5.5])
    // Every voxel gets a quarter of its box's cotangent.
    #expect(try network.pullback([4, 8]) == [1, 1, 2, 2, 1, 1, 2, 2])
    #expect(throws: NetworkError.self) { try network.output(Tensor(shape: [1, 1, 3, 4])) }
  }

  @Test("Addition passes the cotangent to both sides", arguments: channelBlocks) func addition(block: Int) throws {
    let network = try makeExecutor(inputChannels: 1, outputChannels: 1, block: block) {
      let a = $0.add("a", LeakyActivation(slope: 2), 0)
      let b = $0.add("b", LeakyActivation(slope: -1), 0)
      $0.add("sum", Addition(), a, b)
    }
    // x = 3: 3 + 3; x = −1: −2 + 1
    #expect(try network.output(Tensor(shape: [1, 1, 1, 2], values: [3, -1])) == [6, -1])
    // x > 0: 1 + 1; x < 0: 2 − 1
    #expect(try network.pullback([1, 10]) == [2, 10])
  }

  @Test("Arithmetic is counted") func floatingPointOperations() throws {
    var graph = Graph(inputChannels: 1)
    let c = graph.add(
      "c", Convolution(window: window(3, stride: 2, outputs: 5), weight: Array(repeating: 1, count: 15), bias: []), 0)
    graph.add(
      "t",
      TransposedConvolution(window: window(3, stride: 2, inputs: 5), weight: Array(repeating: 1, count: 15), bias: []),
      c)
    let network = Network(graph: graph, outputChannels: 1, divisors: [1, 1, 2], parameterCount: 30)
    // 3 taps · 5 channel pairs for each of 4 voxels of the narrow side, multiplied and added, twice
    #expect(try network.floatingPointOperations(spatialShape: [1, 1, 8]) == 2 * 2 * 3 * 5 * 4)
  }

  @Test("A value with many readers", arguments: channelBlocks, [2, 3, 4, 6]) func manyReaders(block: Int, count: Int)
    throws
  {
    let network = try makeExecutor(inputChannels: 1, outputChannels: 1, block: block) { graph in
      let a = graph.add("a", Convolution(window: window(1), weight: [1], bias: [1]), 0)
      // Some readers own their cotangent (convolutions), some share it (additions).
      let readers = (0..<count).map { i in
        graph.add("r\(i)", Convolution(window: window(1), weight: [Float(i + 1)], bias: []), a)
      }
      graph.add("sum", Addition(), readers.reduce(a) { graph.add("s", Addition(), $0, $1) }, a)
    }
    // y = (x + 1) · (2 + 1 + 2 + … + count)
    let factor = Float(2 + count * (count + 1) / 2)
    #expect(try network.output(Tensor(shape: [1, 1, 1, 2], values: [3, -2])) == [4 * factor, -factor])
    #expect(try network.pullback([1, 2]) == [factor, 2 * factor])
  }

  @Test("A residual connection that has absorbed the norms before it", arguments: channelBlocks, [false, true])
  func normalisedSum(block: Int, folding: Bool) throws {
    let network = try makeExecutor(inputChannels: 1, outputChannels: 1, block: block, folding: folding) {
      let a = $0.add("n1", InstanceNorm(weight: [6], bias: [1], epsilon: 1), 0)
      let b = $0.add("n2", InstanceNorm(weight: [2], bias: [-1], epsilon: 1), 0)
      let sum = $0.add("s", Addition(), a, b)
      $0.add("a", LeakyActivation(slope: 0.5), sum)
    }
    // x = −3, 1, 1, 1: mean 0, variance 3, with ε = 1 x̂ = x/2; 6x̂ + 1 + 2x̂ − 1 = −12, 4, 4, 4
    #expect(try network.output(Tensor(shape: [1, 1, 1, 4], values: [-3, 1, 1, 1])) == [-6, 4, 4, 4])
    // g = 4, 0, 0, 0; mean(g) = 1; mean(g·x̂) = −1.5; dx = (6 + 2)/2 · (g − 1 + 1.5·x̂) = 4 · (0.75, −0.25, −0.25,
    // −0.25)
    #expect(try network.pullback([8, 0, 0, 0]) == [3, -1, -1, -1])
  }

  @Test("A residual connection with a norm on one side", arguments: channelBlocks, [false, true])
  func normalisedSumWithPlainTerm(block: Int, folding: Bool) throws {
    let network = try makeExecutor(inputChannels: 1, outputChannels: 1, block: block, folding: folding) {
      let c = $0.add("c", Convolution(window: window(1), weight: [1], bias: []), 0)
      let norm = $0.add("n", InstanceNorm(weight: [4], bias: [], epsilon: 1), c)
      $0.add("s", Addition(), c, norm)
    }
    // c + 4x̂ with x̂ as above
    #expect(try network.output(Tensor(shape: [1, 1, 1, 4], values: [-3, 1, 1, 1])) == [-9, 3, 3, 3])
    // dx = g + 4/2 · (g − 1 + 1.5·x̂) for g = 4, 0, 0, 0
    #expect(try network.pullback([4, 0, 0, 0]) == [5.5, -0.5, -0.5, -0.5])
  }

  @Test("Concatenation of what is also read elsewhere", arguments: channelBlocks) func concatenation(block: Int) throws
  {
    let network = try makeExecutor(inputChannels: 1, outputChannels: 1, block: block) {
      let a = $0.add("a", Convolution(window: window(1), weight: [2], bias: []), 0)
      let b = $0.add("b", Convolution(window: window(1), weight: [5], bias: []), a)
      let joined = $0.add("ab", Concatenation(), a, b)
      $0.add("c", Convolution(window: window(1, inputs: 2), weight: [3, 7], bias: []), joined)
    }
    // a = 2x, b = 10x, y = 3a + 7b = 76x
    #expect(try network.output(Tensor(shape: [1, 1, 1, 2], values: [1, -2])) == [76, -152])
    #expect(try network.pullback([1, 2]) == [76, 152])
  }

  @Test("A value joined twice and the image itself joined", arguments: channelBlocks) func repeatedConcatenation(
    block: Int
  ) throws {
    let network = try makeExecutor(inputChannels: 1, outputChannels: 1, block: block) {
      let a = $0.add("a", LeakyActivation(slope: 0), 0)
      let joined = $0.add("j", Concatenation(), [a, a, 0])
      $0.add("c", Convolution(window: window(1, inputs: 3), weight: [1, 10, 100], bias: []), joined)
    }
    // x = 2: 2 + 20 + 200; x = −1: −100
    #expect(try network.output(Tensor(shape: [1, 1, 1, 2], values: [2, -1])) == [222, -100])
    #expect(try network.pullback([1, 1]) == [111, 100])
  }

  /// An operation that runs forward and has no gradient.
  private struct Rounding: Operation {
    static let kind = "rounding"
    func outputShape(_ inputs: [[Int]]) -> [Int] { inputs[0] }
    func forward(_ node: ForwardNode) {}
  }

  @Test("An operation without a gradient is named") func missingGradient() throws {
    let network = try makeExecutor(inputChannels: 1, outputChannels: 1) {
      let c = $0.add("c", Convolution(window: window(1), weight: [2], bias: []), 0)
      let a = $0.add("model.0.adn.A", Rounding(), c)
      $0.add("d", Convolution(window: window(1), weight: [2], bias: []), a)
    }
    #expect(throws: NetworkError.noGradient(operation: "rounding", node: "model.0.adn.A")) {
      try network.output(Tensor(shape: [1, 1, 1, 1]))
    }
  }
}
