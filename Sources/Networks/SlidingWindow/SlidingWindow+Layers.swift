extension SlidingWindow: LayerModel {
  /// - Precondition: ``function`` is a ``LayerFunction`` with a tapped layer.
  /// - Throws: ``NetworkError/input(_:)`` for an image or target that does not fit, and what `windowMap` throws.
  public func joinedMaps(
    of targets: [LogitTarget], at input: Tensor, windowMap: (LayerValues, _ windowShape: [Int]) throws -> [Float]
  ) throws -> [Tensor] {
    guard let function = function as? any LayerFunction else { preconditionFailure("no layer is tapped") }
    let (grid, weightSum, touched) = try placed(targets, at: input)
    var joined = targets.map { _ in Tensor(shape: [1] + grid.volume) }
    try input.values.withUnsafeBufferPointer { image in
      for (start, touching) in zip(grid.starts, touched) where !touching.isEmpty {
        try function.visitLayer(
          count: touching.count, spatialShape: window, fill: { fill($0, from: image, grid, start) },
          cotangent: { write(targets[touching[$0].target], touching[$0].voxels, weightSum, into: $1) },
          read: { number, layer in
            let map = try windowMap(layer, window)
            precondition(map.count == window.reduce(1, *), "a window's map is [D, H, W]")
            let target = touching[number].target
            grid.forEachRow(start) { inWindow, inVolume, count in
              for k in 0..<count {
                joined[target].values[inVolume + k] +=
                  weights[inWindow + k] * map[inWindow + k] / weightSum[inVolume + k]
              }
            }
          })
      }
    }
    return joined
  }
}
