import Checkpoints
import SharedFixtures
import Testing

@testable import Networks

/// What the forward passes of gradients say beside them.
struct WatchedLogitsTests {
  private let shape = [4, 4, 12]
  private let image: Tensor

  init() {
    var numbers = SeededNumbers(5)
    image = Tensor(shape: [2, 4, 4, 12], values: numbers.floats(2 * 4 * 4 * 12))
  }

  private func window() -> SlidingWindow {
    SlidingWindow(ToyWindow(), window: [4, 4, 6], overlap: 0.5, importance: .gaussian)
  }

  private func watch(_ target: [Int], _ voxels: [Int], gradients: Int) throws -> [[Float]] {
    var visited = 0
    let logits = try window().visitGradients(
      of: [LogitTarget(voxels: target, classWeights: [0, 1])], at: image, watching: [voxels]
    ) { _, _, _ in visited += 1 }
    #expect(visited == gradients)
    return try #require(logits)[0]
  }

  @Test func ofATargetInEveryWindowTheyAreTheLogits() throws {
    let all = Array(0..<4 * 4 * 12)
    let found = try watch(all, all, gradients: 3)
    #expect(found.flatMap { $0 } == (try window().logits(image)).values)
  }

  /// Windows stand at 0, 3 and 6 of the last axis. A target at 0 lies in the first alone, so that what is seen at 5 is
  /// what that window says, and nothing is seen at 6.
  @Test func ofATargetInOneWindowTheyAreThatWindows() throws {
    let found = try watch([0], [5, 6], gradients: 1)
    let first = Tensor(
      shape: [2, 4, 4, 6], values: image.values.indices.filter { $0 % 12 < 6 }.map { image.values[$0] })
    let alone = try window().function.allLogits(first)
    // A product and a quotient with the same weight: two roundings.
    for (k, logits) in found.enumerated() {
      #expect(abs(logits[0] - alone[k * 4 * 4 * 6 + 5]) <= 2.5e-7 * abs(alone[k * 4 * 4 * 6 + 5]))
    }
    #expect(found[0][1].isNaN && found[1][1].isNaN)
  }

  @Test func aScaledInputHandsThemOn() throws {
    let scaled = ScaledInput(window(), factors: [2, 0.5])
    let all = Array(0..<4 * 4 * 12)
    let found = try #require(
      try scaled.visitGradients(
        of: [LogitTarget(voxels: all, classWeights: [1, 0])], at: image, watching: [all], { _, _, _ in }))
    #expect(found[0].flatMap { $0 } == (try scaled.logits(image)).values)
  }
}

extension WindowFunction {
  fileprivate func allLogits(_ image: Tensor) throws -> [Float] {
    var logits: [Float] = []
    try forward(
      spatialShape: Array(image.shape.dropFirst()), fill: { _ = $0.update(fromContentsOf: image.values) },
      read: { logits = Array($0) })
    return logits
  }
}
