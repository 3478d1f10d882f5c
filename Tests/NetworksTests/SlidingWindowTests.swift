import Foundation
import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Networks

/// A window function with a known answer: y_k[v] = a_k(v)·x₀[v]·x₁[v] + b_k·x₀[v′], v′ the mirrored voxel, so that both
/// the position inside the window and values elsewhere in it matter.
final class ToyWindow: WindowFunction {
  let inputChannels = 2
  let outputChannels = 2
  private(set) var forwardCount = 0
  private var image: [Float] = []

  static func a(_ k: Int, _ v: Int) -> Float { Float(k + 1) + 0.01 * Float(v % 7) }
  static func b(_ k: Int) -> Float { k == 0 ? 0.5 : -2 }

  func forward(
    spatialShape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void,
    read: (UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    forwardCount += 1
    let n = spatialShape.reduce(1, *)
    image = Array(repeating: .nan, count: 2 * n)
    try image.withUnsafeMutableBufferPointer { try fill($0) }
    var logits: [Float] = []
    for k in 0..<2 {
      for v in 0..<n { logits.append(Self.a(k, v) * image[v] * image[n + v] + Self.b(k) * image[n - 1 - v]) }
    }
    try logits.withUnsafeBufferPointer(read)
  }

  func visitGradients(
    count: Int, spatialShape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void,
    logits: (UnsafeBufferPointer<Float>) throws -> Void,
    cotangent: (Int, UnsafeMutableBufferPointer<Float>) throws -> Void,
    read: (Int, UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    try forward(spatialShape: spatialShape, fill: fill, read: logits)
    for number in 0..<count { try gradient(fill: { try cotangent(number, $0) }, read: { try read(number, $0) }) }
  }

  private func gradient(
    fill: (UnsafeMutableBufferPointer<Float>) throws -> Void, read: (UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    let n = image.count / 2
    var cotangent = Array(repeating: Float.nan, count: 2 * n)
    try cotangent.withUnsafeMutableBufferPointer { try fill($0) }
    var result = Array(repeating: Float(0), count: 2 * n)
    for k in 0..<2 {
      for v in 0..<n {
        let c = cotangent[k * n + v]
        result[v] += c * Self.a(k, v) * image[n + v]
        result[n + v] += c * Self.a(k, v) * image[v]
        result[n - 1 - v] += c * Self.b(k)
      }
    }
    try result.withUnsafeBufferPointer(read)
  }
}

@Suite("Sliding window") struct SlidingWindowTests {
  struct Cases: Decodable {
    struct Case: Decodable {
      let volume: [Int]
      let window: [Int]
      let overlap: Double
      let starts: [[Int]]
    }
    let cases: [Case]
  }

  @Test("Windows stand where MONAI puts them") func positions() throws {
    let data = try Data(contentsOf: fixtures.appendingPathComponent("windows.json"))
    let cases = try JSONDecoder().decode(Cases.self, from: data).cases
    #expect(cases.count == 8)
    for item in cases {
      let grid = WindowGrid(volume: item.volume, window: item.window, overlap: item.overlap)
      // MONAI's positions count from the padded volume; ours from the volume.
      let expected = item.starts.map { start in
        (0..<3).map { start[$0] - max(item.window[$0] - item.volume[$0], 0) / 2 }
      }
      #expect(grid.starts == expected, "\(item.volume) \(item.window) \(item.overlap)")
    }
  }

  @Test("Gaussian importance") func importance() {
    // sigma = 0.125·8 = 1, distances 3.5, 2.5, 1.5, 0.5: e^(−d²/2)
    let axis: [Double] = [3.5, 2.5, 1.5, 0.5, 0.5, 1.5, 2.5, 3.5].map { exp(-$0 * $0 / 2) }
    let weights = Importance.gaussian.weights(window: [8, 1, 8])
    for i in 0..<8 { for k in 0..<8 { #expect(abs(Double(weights[i * 8 + k]) - max(axis[i] * axis[k], 1e-3)) < 1e-6) } }
    #expect(weights[0] == 1e-3)
    #expect(Importance.constant.weights(window: [2, 3, 4]) == Array(repeating: 1, count: 24))
  }

  struct Layout: CustomTestStringConvertible, Sendable {
    let volume: [Int]
    let window: [Int]
    let overlap: Double
    let importance: Importance
    var testDescription: String { "\(volume) by \(window), overlap \(overlap), \(importance)" }
  }

  static let layouts = [
    Layout(volume: [9, 7, 10], window: [4, 4, 4], overlap: 0.25, importance: .gaussian),
    Layout(volume: [9, 7, 10], window: [4, 4, 4], overlap: 0.6, importance: .constant),
    Layout(volume: [3, 9, 4], window: [6, 5, 7], overlap: 0.5, importance: .gaussian),
    Layout(volume: [4, 4, 4], window: [4, 4, 4], overlap: 0.25, importance: .gaussian),
  ]

  /// Y and d(Σ t·Y)/dx by loops in Double over every window, written from the formula of the method.
  private func reference(_ layout: Layout, _ image: [Float], _ cotangent: [Double]) -> ([Double], [Double]) {
    let (volume, window) = (layout.volume, layout.window)
    let grid = WindowGrid(volume: volume, window: window, overlap: layout.overlap)
    let weights = layout.importance.weights(window: window).map(Double.init)
    let (nv, nw) = (volume.reduce(1, *), window.reduce(1, *))
    // The index in the volume of every voxel of every window, nil inside the padding.
    let places = grid.starts.map { start in
      (0..<nw).map { v -> Int? in
        let at = [v / (window[1] * window[2]), v / window[2] % window[1], v % window[2]]
        let p = (0..<3).map { at[$0] + start[$0] }
        guard (0..<3).allSatisfy({ p[$0] >= 0 && p[$0] < volume[$0] }) else { return nil }
        return (p[0] * volume[1] + p[1]) * volume[2] + p[2]
      }
    }
    var total = Array(repeating: 0.0, count: nv)
    for place in places { for v in 0..<nw { if let p = place[v] { total[p] += weights[v] } } }
    var logits = Array(repeating: 0.0, count: 2 * nv)
    var gradient = Array(repeating: 0.0, count: 2 * nv)
    for place in places {
      func x(_ c: Int, _ v: Int) -> Double { place[v].map { Double(image[c * nv + $0]) } ?? 0 }
      for k in 0..<2 {
        for v in 0..<nw {
          guard let p = place[v] else { continue }
          let (a, b, m) = (Double(ToyWindow.a(k, v)), Double(ToyWindow.b(k)), nw - 1 - v)
          logits[k * nv + p] += weights[v] * (a * x(0, v) * x(1, v) + b * x(0, m)) / total[p]
          let c = cotangent[k * nv + p] * weights[v] / total[p]
          gradient[p] += c * a * x(1, v)
          gradient[nv + p] += c * a * x(0, v)
          if let q = place[m] { gradient[q] += c * b }
        }
      }
    }
    return (logits, gradient)
  }

  @Test("Logits and gradients against loops over the formula", arguments: layouts) func average(layout: Layout) throws {
    var numbers = SeededNumbers(3)
    let n = layout.volume.reduce(1, *)
    let image = Tensor(shape: [2] + layout.volume, values: numbers.floats(2 * n))
    let toy = ToyWindow()
    let model = SlidingWindow(toy, window: layout.window, overlap: layout.overlap, importance: layout.importance)
    var progress: [[Int]] = []
    model.onProgress = { progress.append([$0, $1]) }

    let voxels = (0..<n).filter { $0 % 3 == 1 }
    let target = LogitTarget(voxels: voxels, weights: numbers.floats(voxels.count), classWeights: [-1, 1])
    var cotangent = Array(repeating: 0.0, count: 2 * n)
    for (voxel, weight) in zip(voxels, target.weights) {
      cotangent[voxel] = -Double(weight)
      cotangent[n + voxel] = Double(weight)
    }
    let (logits, gradient) = reference(layout, image.values, cotangent)
    #expect(deviation(try model.logits(image).values, logits.map(Float.init)) < 1e-6)
    let windows = model.windowCount(spatialShape: layout.volume)
    #expect(progress == (1...windows).map { [$0, windows] })
    let found = try collect(model, [target], image)[0]
    #expect(relativeDistance(found, gradient.map(Float.init)) < 1e-6)
  }

  /// The gradients of all targets as whole volumes.
  private func collect(_ model: SlidingWindow, _ targets: [LogitTarget], _ image: Tensor) throws -> [[Float]] {
    var sums = Array(repeating: Array(repeating: Float(0), count: image.values.count), count: targets.count)
    let shape = image.shape
    try model.visitGradients(of: targets, at: image) { target, box, gradient in
      var next = 0
      #expect(gradient.count == shape[0] * box.voxelCount)
      for c in 0..<shape[0] {
        for i in box.lower[0]..<box.upper[0] {
          for j in box.lower[1]..<box.upper[1] {
            for k in box.lower[2]..<box.upper[2] {
              sums[target][((c * shape[1] + i) * shape[2] + j) * shape[3] + k] += gradient[next]
              next += 1
            }
          }
        }
      }
    }
    return sums
  }

  @Test("Targets share a window's forward pass; untouched windows are not run") func sharing() throws {
    var numbers = SeededNumbers(4)
    let image = Tensor(shape: [2, 4, 4, 12], values: numbers.floats(384))
    let toy = ToyWindow()
    // Windows begin at 0, 4, 8 of the last axis and do not overlap.
    let model = SlidingWindow(toy, window: [4, 4, 4], overlap: 0, importance: .gaussian)
    func target(_ voxels: [Int]) -> LogitTarget { LogitTarget(voxels: voxels, classWeights: [0, 1]) }
    let targets = [target([1, 2]), target([3]), target([3, 10]), target([])]

    var visits: [[Int]] = []
    var progress: [[Int]] = []
    model.onProgress = { progress.append([$0, $1]) }
    try model.visitGradients(of: targets, at: image) { target, box, _ in visits.append([target, box.lower[2]]) }
    #expect(visits == [[0, 0], [1, 0], [2, 0], [2, 8]])
    #expect(toy.forwardCount == 2)
    #expect(progress == [[1, 2], [2, 2]])

    let together = try collect(model, targets, image)
    for (index, target) in targets.enumerated() { #expect(try collect(model, [target], image)[0] == together[index]) }
    #expect(together[3].allSatisfy { $0 == 0 })

    #expect(model.support(of: targets[0], spatialShape: [4, 4, 12]) == VoxelBox(lower: [0, 0, 0], upper: [4, 4, 4]))
    #expect(model.support(of: targets[2], spatialShape: [4, 4, 12]) == VoxelBox(lower: [0, 0, 0], upper: [4, 4, 12]))
    #expect(model.support(of: targets[3], spatialShape: [4, 4, 12]).voxelCount == 0)
    #expect(model.support(of: target([0]), spatialShape: [2, 4, 3]) == VoxelBox(lower: [0, 0, 0], upper: [2, 4, 3]))
  }

  @Test("Inputs and targets that do not fit are refused") func refusals() {
    let model = SlidingWindow(ToyWindow(), window: [4, 4, 4], overlap: 0.25, importance: .constant)
    #expect(message { _ = try model.logits(Tensor(shape: [1, 4, 4, 4])) }.contains("[2, D, H, W]"))
    #expect(message { _ = try model.logits(Tensor(shape: [2, 4, 0, 4])) }.contains("[2, 4, 0, 4]"))
    let target = LogitTarget(voxels: [0], classWeights: [0, 1, 0])
    #expect(
      message { try model.visitGradients(of: [target], at: Tensor(shape: [2, 4, 4, 4])) { _, _, _ in } }.contains(
        "3 class weights for a network of 2"))
  }
}
