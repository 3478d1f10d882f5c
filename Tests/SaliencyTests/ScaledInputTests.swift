import Checkpoints
import Networks
import Saliency
import Testing

@Suite("An image in other units") struct ScaledInputTests {
  /// t = 3·a² + 5·b of one voxel of the network's input (a, b).
  private final class Square: DifferentiableModel {
    func logits(_ input: Tensor) throws -> Tensor {
      let count = input.values.count / 2
      return Tensor(
        shape: [1] + input.shape.dropFirst(),
        values: (0..<count).map { 3 * input.values[$0] * input.values[$0] + 5 * input.values[count + $0] })
    }

    func support(of target: LogitTarget, spatialShape: [Int]) -> VoxelBox { VoxelBox(shape: spatialShape) }

    func visitGradients(
      of targets: [LogitTarget], at input: Tensor,
      _ visit: (_ target: Int, _ box: VoxelBox, _ gradient: UnsafeBufferPointer<Float>) throws -> Void
    ) throws {
      let count = input.values.count / 2
      for (index, target) in targets.enumerated() {
        var gradient = [Float](repeating: 0, count: 2 * count)
        for (voxel, weight) in zip(target.voxels, target.weights) {
          gradient[voxel] = weight * 6 * input.values[voxel]
          gradient[count + voxel] = weight * 5
        }
        try gradient.withUnsafeBufferPointer { try visit(index, VoxelBox(shape: Array(input.shape.dropFirst())), $0) }
      }
    }
  }

  @Test("Value and gradient are those of the network at the scaled image, times the scale") func scaled() throws {
    let model = ScaledInput(Square(), factors: [0.5, 0.25])
    let image = Tensor(shape: [2, 1, 1, 2], values: [4, -2, 8, 12])
    // The network sees a = 2, −1 and b = 2, 3.
    #expect(try model.logits(image).values == [22, 18])
    let target = LogitTarget(voxels: [0, 1], weights: [1, 2], classWeights: [1])
    #expect(try model.value(of: target, at: image) == 22 + 36)
    var found: [Float] = []
    try model.visitGradients(of: [target], at: image) { _, _, gradient in found = Array(gradient) }
    // 6·a·0.5 = 6 and, with its weight 2, −6; 5 · 0.25 = 1.25 and 2.5
    #expect(found == [6, -6, 1.25, 2.5])
    #expect(model.support(of: target, spatialShape: [1, 1, 2]).voxelCount == 2)
    #expect(model.pieces(of: target, spatialShape: [1, 1, 2]).count == 1)
  }

  @Test("A network that was trained in another unit has the same map") func sameMap() throws {
    // t = Σ w·u for u in standard deviations, and the same function of x = s·u.
    let settings = try SmoothGradSettings(samples: 4, noiseFactor: 0.1, seed: 3)
    let image = Tensor(shape: [2, 1, 1, 2], values: [1, 0, 3, -1])
    let region = SaliencyRegion(voxels: [0, 1])
    let own = try SmoothGrad(settings: settings).maps(
      of: [region], classWeights: [1], model: ScaledInput(Square(), factors: [1, 1]), at: image)[0]
    let plain = try SmoothGrad(settings: settings).maps(of: [region], classWeights: [1], model: Square(), at: image)[0]
    #expect(own.values == plain.values)
  }
}
