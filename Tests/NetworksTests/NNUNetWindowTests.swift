import Foundation
import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Networks

@Suite("Windows of nnU-Net") struct NNUNetWindowTests {
  struct Stored: Decodable {
    struct Steps: Decodable {
      let volume: [Int]
      let window: [Int]
      let step: Double
      let starts: [[Int]]
    }
    struct Gaussian: Decodable {
      let window: [Int]
      let weights: [Float]
    }
    let steps: [Steps]
    let gaussians: [Gaussian]

    static func load() throws -> Stored {
      try JSONDecoder().decode(
        Stored.self, from: Data(contentsOf: fixtures.appendingPathComponent("nnunet-windows.json")))
    }
  }

  @Test("Windows stand where nnU-Net puts them") func positions() throws {
    let cases = try Stored.load().steps
    #expect(cases.count == 5)
    for item in cases {
      let grid = WindowGrid(volume: item.volume, window: item.window, overlap: 1 - item.step, tiling: .nnunet)
      let expected = item.starts[0].flatMap { i in item.starts[1].flatMap { j in item.starts[2].map { [i, j, $0] } } }
      #expect(grid.starts == expected, "\(item.volume) \(item.window) \(item.step)")
    }
  }

  @Test("nnU-Net's Gaussian, in half precision") func gaussian() throws {
    let cases = try Stored.load().gaussians
    #expect(cases.count == 3)
    for item in cases {
      let found = Importance.nnunetGaussian.weights(window: item.window)
      #expect(found.count == item.weights.count)
      // The filter's sums and our product may round to neighbouring half-precision numbers, 2⁻¹⁰ apart; below 2⁻¹⁴
      // those are 2⁻²⁴ apart.
      for (a, b) in zip(found, item.weights) { #expect(abs(a - b) <= max(b / 1024, 0x1p-24), "\(item.window)") }
      #expect(found.min()! > 0)
    }
  }

  static let axes = [[], [0], [1, 2], [0, 1, 2]]

  /// The members of an ensemble differ by a factor of their logits.
  private final class Scaled: WindowFunction {
    let base = ToyWindow()
    let factor: Float
    var inputChannels: Int { 2 }
    var outputChannels: Int { 2 }

    init(_ factor: Float) { self.factor = factor }

    func forward(
      spatialShape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void,
      read: (UnsafeBufferPointer<Float>) throws -> Void
    ) throws {
      try base.forward(spatialShape: spatialShape, fill: fill) { logits in
        try logits.map { $0 * factor }.withUnsafeBufferPointer(read)
      }
    }

    func visitGradients(
      count: Int, spatialShape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void,
      logits: (UnsafeBufferPointer<Float>) throws -> Void,
      cotangent: (Int, UnsafeMutableBufferPointer<Float>) throws -> Void,
      read: (Int, UnsafeBufferPointer<Float>) throws -> Void
    ) throws {
      try forward(spatialShape: spatialShape, fill: fill, read: logits)
      try base.visitGradients(
        count: count, spatialShape: spatialShape, fill: fill, logits: { _ in }, cotangent: cotangent,
        read: { number, g in try g.map { $0 * factor }.withUnsafeBufferPointer { try read(number, $0) } })
    }
  }

  @Test("The logits beside a gradient are those of a forward pass", arguments: axes) func watchedEnsemble(axes: [Int])
    throws
  {
    var numbers = SeededNumbers(12)
    let shape = [3, 4, 5]
    let image = numbers.floats(120)
    let ensemble = WindowEnsemble([Scaled(1), Scaled(-3)], mirrorAxes: axes)
    var (forward, beside): ([Float], [[Float]]) = ([], [])
    try ensemble.forward(
      spatialShape: shape, fill: { _ = $0.update(fromContentsOf: image) }, read: { forward = Array($0) })
    try ensemble.visitGradients(
      count: 2, spatialShape: shape, fill: { _ = $0.update(fromContentsOf: image) },
      logits: { beside.append(Array($0)) }, cotangent: { $1.update(repeating: 1) }, read: { _, _ in })
    #expect(beside.count == 1)
    // The one sums before it divides, the other after.
    #expect(zip(beside[0], forward).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($1)) })
  }

  /// Turns every axis of one channel volume by indices alone.
  private func turned(_ values: [Float], channels: Int, _ shape: [Int], _ axes: [Int]) -> [Float] {
    let count = shape.reduce(1, *)
    return (0..<channels * count).map { index in
      let v = index % count
      let at = [v / (shape[1] * shape[2]), v / shape[2] % shape[1], v % shape[2]]
      let p = (0..<3).map { axes.contains($0) ? shape[$0] - 1 - at[$0] : at[$0] }
      return values[index / count * count + (p[0] * shape[1] + p[1]) * shape[2] + p[2]]
    }
  }

  @Test("Logits and gradients are means over members and mirrorings", arguments: axes) func ensemble(axes: [Int]) throws
  {
    var numbers = SeededNumbers(11)
    let shape = [3, 4, 5]
    let image = numbers.floats(120)
    let ensemble = WindowEnsemble([Scaled(1), Scaled(-3)], mirrorAxes: axes)
    let sets = (0..<8).map { bits in (0..<3).filter { bits >> $0 & 1 == 1 } }.filter { Set($0).isSubset(of: axes) }
    #expect(ensemble.mirrorings.count == sets.count && Set(ensemble.mirrorings) == Set(sets))

    var expected = [Double](repeating: 0, count: 120)
    for set in sets {
      for factor in [1.0, -3] {
        var logits: [Float] = []
        try ToyWindow().forward(spatialShape: shape) {
          _ = $0.update(fromContentsOf: turned(image, channels: 2, shape, set))
        } read: {
          logits = Array($0)
        }
        for (index, value) in turned(logits, channels: 2, shape, set).enumerated() {
          expected[index] += factor * Double(value) / Double(2 * sets.count)
        }
      }
    }
    func logits(_ image: [Float]) throws -> [Float] {
      var found: [Float] = []
      try ensemble.forward(spatialShape: shape) {
        _ = $0.update(fromContentsOf: image)
      } read: {
        found = Array($0)
      }
      return found
    }
    #expect(deviation(try logits(image), expected.map(Float.init)) < 1e-6)

    // The toy is quadratic, so that a central difference is its derivative up to rounding.
    let cotangents = [numbers.floats(120), numbers.floats(120)]
    var gradients = [[Float]](repeating: [Float](repeating: 0, count: 120), count: 2)
    try ensemble.visitGradients(count: 2, spatialShape: shape) {
      _ = $0.update(fromContentsOf: image)
    } logits: { _ in
    } cotangent: { number, target in
      _ = target.update(fromContentsOf: cotangents[number])
    } read: { number, gradient in
      for index in gradient.indices { gradients[number][index] += gradient[index] }
    }
    let direction = numbers.floats(120)
    let plus = try logits(zip(image, direction).map { $0 + 0.5 * $1 })
    let minus = try logits(zip(image, direction).map { $0 - 0.5 * $1 })
    for number in 0..<2 {
      let difference = dot(cotangents[number], plus) - dot(cotangents[number], minus)
      #expect(abs(dot(gradients[number], direction) - difference) < 1e-4 * max(1, abs(difference)))
    }
  }

  @Test("nnU-Net's tiling of a volume, small ones padded, averages and differentiates") func tiling() throws {
    var numbers = SeededNumbers(12)
    let volume = [3, 9, 11]
    let model = SlidingWindow(
      ToyWindow(), window: [4, 4, 4], overlap: 0.5, importance: .nnunetGaussian, tiling: .nnunet)
    // Steps of at most 2: 5 voxels in 3 steps, 7 voxels in 4.
    #expect(model.grid(volume).starts.count == 1 * 4 * 5)
    let image = Tensor(shape: [2] + volume, values: numbers.floats(2 * 297))
    let target = LogitTarget(voxels: Array(0..<297), weights: numbers.floats(297), classWeights: [0, 1])
    var gradient = [Double](repeating: 0, count: 594)
    try model.visitGradients(of: [target], at: image) { _, box, piece in
      var next = 0
      for c in 0..<2 {
        for i in box.lower[0]..<box.upper[0] {
          for j in box.lower[1]..<box.upper[1] {
            for k in box.lower[2]..<box.upper[2] {
              gradient[((c * 3 + i) * 9 + j) * 11 + k] += Double(piece[next])
              next += 1
            }
          }
        }
      }
    }
    let direction = numbers.floats(594)
    func value(_ sign: Float) throws -> Double {
      let moved = Tensor(shape: image.shape, values: zip(image.values, direction).map { $0 + sign * 0.5 * $1 })
      return dot(Array(try model.logits(moved).values[297...]), target.weights)
    }
    let difference = try value(1) - value(-1)
    let found = zip(gradient, direction).reduce(0.0) { $0 + $1.0 * Double($1.1) }
    #expect(abs(found - difference) < 1e-4 * abs(difference))
  }
}
