import Checkpoints
import Networks

/// A 3 × 3 × 3 convolution with zero padding, forward and input gradient, as plain loops in double precision.
struct NaiveConvolution {
  let inputs: Int
  let outputs: Int
  /// `[outputs, inputs, 3, 3, 3]`.
  let weight: [Float]
  let bias: [Float]

  func forward(_ x: [Double], _ shape: [Int]) -> [Double] {
    var y = [Double](repeating: 0, count: outputs * shape.reduce(1, *))
    for index in y.indices { y[index] = Double(bias[index / shape.reduce(1, *)]) }
    forEachTap(shape) { w, from, to in y[to] += Double(weight[w]) * x[from] }
    return y
  }

  func inputGradient(_ dy: [Double], _ shape: [Int]) -> [Double] {
    var dx = [Double](repeating: 0, count: inputs * shape.reduce(1, *))
    forEachTap(shape) { w, from, to in dx[from] += Double(weight[w]) * dy[to] }
    return dx
  }

  private func forEachTap(_ shape: [Int], _ body: (_ weight: Int, _ input: Int, _ output: Int) -> Void) {
    let voxels = shape.reduce(1, *)
    for o in 0..<outputs {
      for c in 0..<inputs {
        for tap in 0..<27 {
          let offset = [tap / 9 - 1, tap / 3 % 3 - 1, tap % 3 - 1]
          for d in 0..<shape[0] where (0..<shape[0]).contains(d + offset[0]) {
            for h in 0..<shape[1] where (0..<shape[1]).contains(h + offset[1]) {
              for w in 0..<shape[2] where (0..<shape[2]).contains(w + offset[2]) {
                body(
                  (o * inputs + c) * 27 + tap,
                  c * voxels + ((d + offset[0]) * shape[1] + h + offset[1]) * shape[2] + w + offset[2],
                  o * voxels + (d * shape[1] + h) * shape[2] + w)
              }
            }
          }
        }
      }
    }
  }
}

/// convolution – ReLU – convolution, whose gradient is handed out in two overlapping pieces.
final class ConvolutionalToy: DifferentiableModel {
  let first: NaiveConvolution
  let second: NaiveConvolution
  private(set) var forwardPasses = 0

  init(first: NaiveConvolution, second: NaiveConvolution) {
    self.first = first
    self.second = second
  }

  func logits(_ input: Tensor) -> Tensor {
    let shape = Array(input.shape[1...])
    let hidden = first.forward(input.values.map(Double.init), shape).map { max($0, 0) }
    return Tensor(shape: [second.outputs] + shape, values: second.forward(hidden, shape).map { Float($0) })
  }

  /// Two 3 × 3 × 3 convolutions reach two voxels.
  func support(of target: LogitTarget, spatialShape shape: [Int]) -> VoxelBox {
    var lower = shape
    var upper = [0, 0, 0]
    for voxel in target.voxels {
      let position = [voxel / (shape[1] * shape[2]), voxel / shape[2] % shape[1], voxel % shape[2]]
      for axis in 0..<3 {
        lower[axis] = min(lower[axis], max(0, position[axis] - 2))
        upper[axis] = max(upper[axis], min(shape[axis], position[axis] + 3))
      }
    }
    return VoxelBox(lower: lower, upper: upper)
  }

  func visitGradients(
    of targets: [LogitTarget], at input: Tensor,
    _ visit: (_ target: Int, _ box: VoxelBox, _ gradient: UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    let shape = Array(input.shape[1...])
    let voxels = shape.reduce(1, *)
    let hidden = first.forward(input.values.map(Double.init), shape)
    forwardPasses += 1
    for share in [0.25, 0.75] {
      for (number, target) in targets.enumerated() {
        var cotangent = [Double](repeating: 0, count: second.outputs * voxels)
        for (voxel, weight) in zip(target.voxels, target.weights) {
          for (k, classWeight) in target.classWeights.enumerated() {
            cotangent[k * voxels + voxel] = Double(weight * classWeight) * share
          }
        }
        var inner = second.inputGradient(cotangent, shape)
        for index in inner.indices where hidden[index] <= 0 { inner[index] = 0 }
        let gradient = first.inputGradient(inner, shape)
        let box = support(of: target, spatialShape: shape)
        var piece: [Float] = []
        for channel in 0..<first.inputs {
          for d in box.lower[0]..<box.upper[0] {
            for h in box.lower[1]..<box.upper[1] {
              for w in box.lower[2]..<box.upper[2] {
                piece.append(Float(gradient[channel * voxels + (d * shape[1] + h) * shape[2] + w]))
              }
            }
          }
        }
        try piece.withUnsafeBufferPointer { try visit(number, box, $0) }
      }
    }
  }
}

extension ConvolutionalToy {
  func visitGradients(
    of targets: [LogitTarget], at input: Tensor, watching voxels: [[Int]],
    _ visit: (_ target: Int, _ box: VoxelBox, _ gradient: UnsafeBufferPointer<Float>) throws -> Void
  ) throws -> [[[Float]]]? {
    try visitGradients(of: targets, at: input, visit)
    let (logits, count) = (logits(input), input.shape[1...].reduce(1, *))
    return voxels.map { own in (0..<second.outputs).map { k in own.map { logits.values[k * count + $0] } } }
  }
}

/// Y₁[v] = Σ_c a_c x_c[v]² / 2, so that the gradient is a_c x_c[v] on the region and 0 elsewhere.
final class QuadraticToy: DifferentiableModel {
  let coefficients: [Float]
  init(coefficients: [Float]) { self.coefficients = coefficients }

  func logits(_ input: Tensor) -> Tensor {
    let voxels = input.shape[1...].reduce(1, *)
    var y = Tensor(shape: [2] + input.shape[1...])
    for (channel, a) in coefficients.enumerated() {
      for voxel in 0..<voxels {
        let x = input.values[channel * voxels + voxel]
        y.values[voxels + voxel] += a * x * x / 2
      }
    }
    return y
  }

  func support(of target: LogitTarget, spatialShape shape: [Int]) -> VoxelBox {
    target.voxels.map { voxel in
      let position = [voxel / (shape[1] * shape[2]), voxel / shape[2] % shape[1], voxel % shape[2]]
      return VoxelBox(lower: position, upper: position.map { $0 + 1 })
    }.reduce(nil) { (box: VoxelBox?, next) in box?.union(next) ?? next }!
  }

  func visitGradients(
    of targets: [LogitTarget], at input: Tensor,
    _ visit: (_ target: Int, _ box: VoxelBox, _ gradient: UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    let shape = Array(input.shape[1...])
    for (number, target) in targets.enumerated() {
      // One piece per voxel: many pieces, none overlapping.
      for (voxel, weight) in zip(target.voxels, target.weights) {
        let box = support(of: LogitTarget(voxels: [voxel], classWeights: target.classWeights), spatialShape: shape)
        let gradient = coefficients.enumerated().map { channel, a in
          a * input.values[channel * shape.reduce(1, *) + voxel] * weight * target.classWeights[1]
        }
        try gradient.withUnsafeBufferPointer { try visit(number, box, $0) }
      }
    }
  }
}

/// Y₁[u] = Σ_v K[u, v] x[v] with K the sum of the windows' matrices; one channel, shape [1, 1, n], each window visited
/// as a piece.
final class LinearToy: DifferentiableModel {
  /// [window][u][v].
  let windows: [[[Float]]]
  init(windows: [[[Float]]]) { self.windows = windows }

  func logits(_ input: Tensor) -> Tensor {
    let n = input.values.count
    var y = Tensor(shape: [2, 1, 1, n])
    for rows in windows {
      for (u, row) in rows.enumerated() { for (k, x) in zip(row, input.values) { y.values[n + u] += k * x } }
    }
    return y
  }

  func support(of target: LogitTarget, spatialShape shape: [Int]) -> VoxelBox {
    VoxelBox(lower: [0, 0, 0], upper: shape)
  }

  func visitGradients(
    of targets: [LogitTarget], at input: Tensor,
    _ visit: (_ target: Int, _ box: VoxelBox, _ gradient: UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    for rows in windows {
      for (number, target) in targets.enumerated() {
        let gradient = (0..<input.values.count).map { v in
          zip(target.voxels, target.weights).reduce(Float(0)) { $0 + rows[$1.0][v] * $1.1 * target.classWeights[1] }
        }
        try gradient.withUnsafeBufferPointer {
          try visit(number, support(of: target, spatialShape: Array(input.shape[1...])), $0)
        }
      }
    }
  }
}
