public import Checkpoints

extension SlidingWindow {
  /// Y at some voxels, from the windows that hold one of them alone: the same average as ``logits(_:)``, which no other
  /// window enters.
  ///
  /// The windows are found by their boxes, not as for the gradient, so that a window which one of the two forgets is
  /// noticed where the two are compared.
  ///
  /// - Parameter voxels: linear indices into `[D, H, W]`, last axis fastest.
  /// - Returns: for every class one value per voxel.
  /// - Throws: ``NetworkError/input(found:expected:)`` for an image that does not fit, and what the window function
  ///   throws.
  public func logits(_ input: Tensor, at voxels: [Int]) throws -> [[Double]] {
    let (grid, weightSum, _) = try placed([], at: input)
    let (volume, windowCount) = (grid.volume, window.reduce(1, *))
    let positions = voxels.map { [$0 / (volume[1] * volume[2]), $0 / volume[2] % volume[1], $0 % volume[2]] }
    var result = [[Double]](repeating: Array(repeating: 0, count: voxels.count), count: function.outputChannels)
    try input.values.withUnsafeBufferPointer { image in
      for start in grid.starts {
        let box = grid.inside(start)
        let held = positions.indices.filter {
          box.index(ofVoxel: positions[$0][0], positions[$0][1], positions[$0][2]) != nil
        }
        if held.isEmpty { continue }
        try function.forward(spatialShape: window) {
          fill($0, from: image, grid, start)
        } read: { logits in
          for n in held {
            let p = (0..<3).map { positions[n][$0] - start[$0] }
            let inWindow = (p[0] * window[1] + p[1]) * window[2] + p[2]
            let share = Double(weights[inWindow]) / Double(weightSum[voxels[n]])
            for k in result.indices { result[k][n] += share * Double(logits[k * windowCount + inWindow]) }
          }
        }
      }
    }
    return result
  }

  /// - Throws: ``NetworkError/input(found:expected:)`` for an image that does not fit, and what the window function
  ///   throws.
  public func value(of target: LogitTarget, at input: Tensor) throws -> Double {
    let logits = try logits(input, at: target.voxels)
    var sum = 0.0
    for (values, classWeight) in zip(logits, target.classWeights) where classWeight != 0 {
      for (value, weight) in zip(values, target.weights) { sum += Double(classWeight) * Double(weight) * value }
    }
    return sum
  }
}
