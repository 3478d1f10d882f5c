import Foundation
import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Networks

/// The operations of a transformer against plain loops in double precision. Their gradients are compared with central
/// differences of those loops.
@Suite("Operations on tokens") struct TokenOperationTests {
  /// Runs one operation after and before others that want the layout of convolutions, and compares value and gradient
  /// with `expected`, a function of [C][voxels].
  private func check(
    _ operation: any Networks.Operation, shape: [Int], outputChannels: Int, block: Int, tolerance: Double = 2e-6,
    _ expected: ([Double]) -> [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var numbers = SeededNumbers(UInt64(shape.reduce(7) { $0 * 31 + $1 }))
    let network = try makeExecutor(inputChannels: shape[0], outputChannels: outputChannels, block: block) {
      $0.add("operation", operation, 0)
    }
    let input = Tensor(shape: shape, values: numbers.floats(shape.reduce(1, *), in: -2...2))
    let exact = input.values.map(Double.init)
    let value = expected(exact)
    #expect(deviation(try network.output(input), value.map(Float.init)) < tolerance, sourceLocation: sourceLocation)

    let cotangent = numbers.floats(value.count)
    let gradient = try network.pullback(cotangent)
    // The error of a central difference is of order h² = 1e-8 times a third derivative of order 1.
    let h = 1e-4
    let scale = dot(gradient, gradient).squareRoot()
    for _ in 0..<6 {
      let direction = numbers.floats(exact.count)
      func moved(_ sign: Double) -> Double {
        let y = expected(zip(exact, direction).map { (x: Double, d: Float) -> Double in x + sign * h * Double(d) })
        return zip(y, cotangent).reduce(0.0) { (sum: Double, pair: (Double, Float)) -> Double in
          sum + pair.0 * Double(pair.1)
        }
      }
      let difference = (moved(1) - moved(-1)) / (2 * h)
      #expect(abs(difference - dot(gradient, direction)) < 10 * tolerance * scale, sourceLocation: sourceLocation)
    }
  }

  @Test("Linear layer", arguments: channelBlocks, [(2, 5), (24, 72), (17, 3)]) func linear(
    block: Int, channels: (Int, Int)
  ) throws {
    let (c, k) = channels
    var numbers = SeededNumbers(1)
    let (weight, bias) = (numbers.floats(k * c), numbers.floats(k))
    let layer = Linear(inputChannels: c, outputChannels: k, weight: weight, bias: bias)
    try check(layer, shape: [c, 3, 2, 5], outputChannels: k, block: block) { (x: [Double]) -> [Double] in
      var y: [Double] = []
      for output in 0..<k {
        for v in 0..<30 {
          var sum = Double(bias[output])
          for input in 0..<c { sum += Double(weight[output * c + input]) * x[input * 30 + v] }
          y.append(sum)
        }
      }
      return y
    }
  }

  @Test("Layer normalisation", arguments: channelBlocks, [(3, true), (24, false), (41, true)]) func layerNorm(
    block: Int, variant: (channels: Int, isAffine: Bool)
  ) throws {
    let c = variant.channels
    var numbers = SeededNumbers(2)
    let weight = variant.isAffine ? numbers.floats(c) : []
    let bias = variant.isAffine ? numbers.floats(c) : []
    try check(
      LayerNorm(weight: weight, bias: bias, epsilon: 1e-2), shape: [c, 2, 3, 4], outputChannels: c, block: block
    ) { (x: [Double]) -> [Double] in
      var y = x
      for v in 0..<24 {
        let values = (0..<c).map { x[$0 * 24 + v] }
        let mean = values.reduce(0, +) / Double(c)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(c)
        for k in 0..<c {
          let normal = (values[k] - mean) / (variance + Double(Float(1e-2))).squareRoot()
          y[k * 24 + v] = variant.isAffine ? normal * Double(weight[k]) + Double(bias[k]) : normal
        }
      }
      return y
    }
  }

  @Test("GELU", arguments: channelBlocks) func gelu(block: Int) throws {
    // 5 · 7 · 11 · 3 numbers: whole vectors and a rest.
    try check(SmoothActivation(.gelu), shape: [5, 7, 11, 3], outputChannels: 5, block: block) {
      (x: [Double]) -> [Double] in
      x.map { (number: Double) -> Double in 0.5 * number * (1 + erf(number / 2.0.squareRoot())) }
    }
  }

  @Test("GELU far from zero") func geluTails() throws {
    let network = try makeExecutor(inputChannels: 1, outputChannels: 1) { $0.add("g", SmoothActivation(.gelu), 0) }
    let found = try network.output(Tensor(shape: [1, 1, 1, 4], values: [-40, 40, -1e4, 1e4]))
    // What is left of exp(−x²/2) is some 1e-30 times x.
    let expected: [(Float, Float)] = [(0, 0), (40, 1), (0, 0), (1e4, 1)]
    let gradient = try network.pullback([1, 1, 1, 1])
    for (i, (value, slope)) in expected.enumerated() {
      #expect(abs(found[i] - value) < 1e-25 && abs(gradient[i] - slope) < 1e-25)
    }
  }

  @Test(
    "Patch merging, odd axes and repeated neighbours", arguments: channelBlocks,
    [SwinUNETRConfiguration.Downsampling.merging(isLegacy: false), .merging(isLegacy: true), .mergingV2])
  func patchMerging(block: Int, downsampling: SwinUNETRConfiguration.Downsampling) throws {
    // The slices of MONAI's source: x0 … x7 as (d, h, w).
    let corners: [(Int, Int, Int)] =
      switch downsampling {
      case .merging(isLegacy: false):
        [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)]
      case .merging(isLegacy: true):
        [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (0, 1, 0), (0, 0, 1), (1, 1, 1)]
      case .mergingV2: [(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1), (1, 0, 0), (1, 0, 1), (1, 1, 0), (1, 1, 1)]
      }
    try check(PatchMerging(parts: downsampling.parts), shape: [3, 3, 4, 5], outputChannels: 24, block: block) {
      (x: [Double]) -> [Double] in
      var y: [Double] = []
      for (dz, dy, dx) in corners {
        for c in 0..<3 {
          for d in 0..<2 {
            for h in 0..<2 {
              for w in 0..<3 {
                let (z, v, u) = (2 * d + dz, 2 * h + dy, 2 * w + dx)
                y.append(z < 3 && v < 4 && u < 5 ? x[((c * 3 + z) * 4 + v) * 5 + u] : 0)
              }
            }
          }
        }
      }
      return y
    }
  }

  struct Attention: CustomTestStringConvertible {
    var heads: Int
    var depth: Int
    var window: [Int]
    var shape: [Int]
    var isShifted = false
    var testDescription: String { "\(heads) × \(depth), window \(window), \(shape)\(isShifted ? ", shifted" : "")" }
  }

  @Test(
    "Window attention",
    arguments: [
      Attention(heads: 1, depth: 1, window: [2, 2, 2], shape: [2, 2, 2]),
      Attention(heads: 3, depth: 4, window: [3, 3, 3], shape: [4, 5, 3], isShifted: true),
      Attention(heads: 2, depth: 8, window: [4, 2, 3], shape: [5, 6, 4], isShifted: true),
      Attention(heads: 2, depth: 8, window: [7, 7, 7], shape: [6, 3, 4], isShifted: true),
      Attention(heads: 1, depth: 16, window: [4, 4, 4], shape: [4, 4, 6]),
      Attention(heads: 2, depth: 5, window: [3, 5, 2], shape: [3, 7, 5], isShifted: true),
    ], [true, false]) func attention(_ a: Attention, hasBias: Bool) throws
  {
    var numbers = SeededNumbers(3)
    let channels = a.heads * a.depth
    let rows = a.window.map { 2 * $0 - 1 }
    let table = numbers.floats(rows.reduce(1, *) * a.heads)
    let absent = hasBias ? numbers.floats(3 * channels) : []
    let operation = WindowAttention(
      heads: a.heads, window: a.window, isShifted: a.isShifted, table: table, absent: absent)
    try check(operation, shape: [3 * channels] + a.shape, outputChannels: channels, block: OneDNN.channelBlock) {
      naive(a, table: table, absent: absent, qkv: $0)
    }
  }

  /// As MONAI does it, step by step: pad, roll, cut into windows, attend, put back, roll back, crop.
  private func naive(_ a: Attention, table: [Float], absent: [Float], qkv: [Double]) -> [Double] {
    let size = (0..<3).map { a.shape[$0] <= a.window[$0] ? a.shape[$0] : a.window[$0] }
    let shift = (0..<3).map { a.isShifted && a.shape[$0] > a.window[$0] ? a.window[$0] / 2 : 0 }
    let padded = (0..<3).map { (a.shape[$0] + size[$0] - 1) / size[$0] * size[$0] }
    let (n, channels) = (a.shape.reduce(1, *), a.heads * a.depth)
    var result = Array(repeating: 0.0, count: channels * n)

    func voxel(_ p: [Int]) -> Int? {
      let q = (0..<3).map { (p[$0] + shift[$0]) % padded[$0] }
      return (0..<3).allSatisfy { q[$0] < a.shape[$0] } ? (q[0] * a.shape[1] + q[1]) * a.shape[2] + q[2] : nil
    }
    // Slices [0, −window), [−window, −shift), [−shift, end) of each axis, numbered in order; the last one written
    // counts.
    func band(_ p: Int, _ axis: Int) -> Int {
      var band = 0
      let slices = [
        0..<padded[axis] - size[axis], padded[axis] - size[axis]..<padded[axis] - shift[axis],
        (shift[axis] == 0 ? 0 : padded[axis] - shift[axis])..<padded[axis],
      ]
      for (number, slice) in slices.enumerated() where slice.contains(p) { band = number }
      return band
    }
    // Coordinates of the first tokens of the full window, even where the window has shrunk.
    let full = (0..<a.window[0]).flatMap { d in
      (0..<a.window[1]).flatMap { h in (0..<a.window[2]).map { w in [d, h, w] } }
    }
    for corner in 0..<padded.reduce(1, *) {
      let start = [corner / (padded[1] * padded[2]), corner / padded[2] % padded[1], corner % padded[2]]
      guard (0..<3).allSatisfy({ start[$0] % size[$0] == 0 }) else { continue }
      let tokens = (0..<size[0]).flatMap { d in
        (0..<size[1]).flatMap { h in (0..<size[2]).map { w in [start[0] + d, start[1] + h, start[2] + w] } }
      }
      for head in 0..<a.heads {
        func number(_ token: Int, _ part: Int, _ d: Int) -> Double {
          let channel = part * channels + head * a.depth + d
          if let v = voxel(tokens[token]) { return qkv[channel * n + v] }
          return absent.isEmpty ? 0 : Double(absent[channel])
        }
        for i in tokens.indices {
          guard let target = voxel(tokens[i]) else { continue }
          let logits = tokens.indices.map { (j: Int) -> Double in
            var s = 0.0
            for d in 0..<a.depth { s += number(i, 0, d) * number(j, 1, d) }
            s /= Double(a.depth).squareRoot()
            let r = (0..<3).map { full[i][$0] - full[j][$0] + a.window[$0] - 1 }
            s += Double(table[((r[0] * (2 * a.window[1] - 1) + r[1]) * (2 * a.window[2] - 1) + r[2]) * a.heads + head])
            if (0..<3).contains(where: { band(tokens[i][$0], $0) != band(tokens[j][$0], $0) }) { s -= 100 }
            return s
          }
          let highest = logits.max()!
          let weights = logits.map { exp($0 - highest) }
          let sum = weights.reduce(0, +)
          for d in 0..<a.depth {
            var y = 0.0
            for j in tokens.indices { y += weights[j] / sum * number(j, 2, d) }
            result[(head * a.depth + d) * n + target] = y
          }
        }
      }
    }
    return result
  }
}
