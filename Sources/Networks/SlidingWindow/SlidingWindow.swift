public import Checkpoints

/// A network applied to a whole volume by overlapping windows, with gradients through that very average (method.md §3).
///
///     Y[v] = Σ_w g_w[v] · y_w[v] / Σ_w g_w[v]
///
/// with the windows of ``WindowGrid`` and the weights of ``Importance``. Not safe for use by several threads at once.
public final class SlidingWindow {
  /// Voxels per axis.
  public let window: [Int]
  /// Share of the window by which neighbours overlap, in [0, 1).
  public let overlap: Double
  public let importance: Importance
  public let tiling: Tiling
  public let padding: Padding
  /// Told how many windows of a call are done, after each of them.
  public var onProgress: ((_ done: Int, _ total: Int) -> Void)?

  public let function: any WindowFunction
  /// g_w, [D, H, W].
  let weights: [Float]
  private var cached: (grid: WindowGrid, weightSum: [Float])?

  /// - Parameters:
  ///   - sigmaScale: The standard deviation of ``Importance/gaussian`` along each axis, in windows.
  ///   - padding: What lies beyond a volume that is smaller than the window.
  public init(
    _ function: any WindowFunction, window: [Int], overlap: Double, importance: Importance,
    sigmaScale: [Double] = Importance.defaultSigmaScale, tiling: Tiling = .monai, padding: Padding = .constant(0)
  ) {
    precondition(window.count == 3 && window.allSatisfy { $0 > 0 } && (0..<1).contains(overlap))
    precondition(sigmaScale.count == 3 && sigmaScale.allSatisfy { $0 > 0 })
    self.function = function
    self.window = window
    self.overlap = overlap
    self.importance = importance
    self.tiling = tiling
    self.padding = padding
    weights = importance.weights(window: window, sigmaScale: sigmaScale)
  }

  /// How many windows cover a volume of this shape.
  public func windowCount(spatialShape: [Int]) -> Int { grid(spatialShape).starts.count }

  func grid(_ volume: [Int]) -> WindowGrid {
    WindowGrid(volume: volume, window: window, overlap: overlap, tiling: tiling)
  }

  /// The grid and Σ_w g_w of every voxel, kept for the shape used last.
  private func weighted(_ volume: [Int]) -> (grid: WindowGrid, weightSum: [Float]) {
    if let cached, cached.grid.volume == volume { return cached }
    let grid = grid(volume)
    var sum = Array(repeating: Float(0), count: volume.reduce(1, *))
    sum.withUnsafeMutableBufferPointer { sum in
      weights.withUnsafeBufferPointer { weights in
        for start in grid.starts {
          grid.forEachRow(start) { inWindow, inVolume, count in
            for k in 0..<count { sum[inVolume + k] += weights[inWindow + k] }
          }
        }
      }
    }
    cached = (grid, sum)
    return (grid, sum)
  }

  private func requireShape(_ input: Tensor) throws -> [Int] {
    guard input.shape.count == 4, input.shape[0] == function.inputChannels, !input.shape.contains(0) else {
      throw NetworkError.input(
        found: "an image of shape \(input.shape)", expected: "[\(function.inputChannels), D, H, W]")
    }
    let volume = Array(input.shape.dropFirst())
    try requireRoom(volume)
    return volume
  }
}

extension SlidingWindow: DifferentiableModel {
  /// - Throws: ``NetworkError/input(found:expected:)`` for an image of other channels, and what the window function
  ///   throws.
  public func logits(_ input: Tensor) throws -> Tensor {
    let volume = try requireShape(input)
    let (grid, weightSum) = weighted(volume)
    let (windowCount, volumeCount) = (window.reduce(1, *), volume.reduce(1, *))
    var result = Tensor(shape: [function.outputChannels] + volume)
    try result.values.withUnsafeMutableBufferPointer { sum in
      try input.values.withUnsafeBufferPointer { image in
        for (index, start) in grid.starts.enumerated() {
          try function.forward(spatialShape: window) {
            fill($0, from: image, grid, start)
          } read: { logits in
            weights.withUnsafeBufferPointer { weights in
              for k in 0..<function.outputChannels {
                let (from, to) = (logits.baseAddress! + k * windowCount, sum.baseAddress! + k * volumeCount)
                grid.forEachRow(start) { inWindow, inVolume, count in
                  for n in 0..<count { to[inVolume + n] += from[inWindow + n] * weights[inWindow + n] }
                }
              }
            }
          }
          onProgress?(index + 1, grid.starts.count)
        }
      }
      weightSum.withUnsafeBufferPointer { weightSum in
        for k in 0..<function.outputChannels {
          let plane = sum.baseAddress! + k * volumeCount
          for v in 0..<volumeCount { plane[v] /= weightSum[v] }
        }
      }
    }
    return result
  }

  public func support(of target: LogitTarget, spatialShape: [Int]) -> VoxelBox {
    let grid = grid(spatialShape)
    let placed = PlacedTarget(target, volume: spatialShape)
    let boxes = grid.starts.compactMap { start -> VoxelBox? in
      let voxels = placed.voxels(in: start, window: window)
      return voxels.isEmpty ? nil : reach(of: voxels, grid, start)
    }
    return boxes.dropFirst().reduce(boxes.first ?? VoxelBox(shape: [0, 0, 0])) { $0.union($1) }
  }

  /// Where the gradient of a target's voxels in a window can be other than zero, on the grid of the volume.
  private func reach(of voxels: [PlacedTarget.Voxel], _ grid: WindowGrid, _ start: [Int]) -> VoxelBox {
    let positions = voxels.map { voxel in
      [voxel.inWindow / (window[1] * window[2]), voxel.inWindow / window[2] % window[1], voxel.inWindow % window[2]]
    }
    return origin(of: function.reach(of: VoxelBox(around: positions), spatialShape: window), grid, start)
  }

  public func pieces(of target: LogitTarget, spatialShape: [Int]) -> [VoxelBox] {
    let grid = grid(spatialShape)
    let placed = PlacedTarget(target, volume: spatialShape)
    return grid.starts.filter { !placed.voxels(in: $0, window: window).isEmpty }.map(grid.inside)
  }

  /// Windows in the order of the grid, targets in the given order within a window.
  ///
  /// - Throws: ``NetworkError/input(found:expected:)`` for an image or target that does not fit, and what the window
  ///   function throws.
  public func visitGradients(
    of targets: [LogitTarget], at input: Tensor,
    _ visit: (_ target: Int, _ box: VoxelBox, _ gradient: UnsafeBufferPointer<Float>) throws -> Void
  ) throws { _ = try visitGradients(of: targets, at: input, watching: targets.map { _ in [] }, visit) }

  /// Of the windows of a target, what they say of a voxel is averaged with their weights; nil where the window function
  /// gives no logits.
  public func visitGradients(
    of targets: [LogitTarget], at input: Tensor, watching voxels: [[Int]],
    _ visit: (_ target: Int, _ box: VoxelBox, _ gradient: UnsafeBufferPointer<Float>) throws -> Void
  ) throws -> [[[Float]]]? {
    let (grid, weightSum, touched) = try placed(targets, at: input)
    let total = touched.count { !$0.isEmpty }
    var done = 0
    var watched = voxels.map { WatchedLogits($0, volume: grid.volume, classes: function.outputChannels) }
    try input.values.withUnsafeBufferPointer { image in
      for (start, touching) in zip(grid.starts, touched) where !touching.isEmpty {
        try function.visitGradients(
          count: touching.count, spatialShape: window, fill: { fill($0, from: image, grid, start) },
          logits: { logits in
            for touch in touching { watched[touch.target].add(logits, weights: weights, window: window, at: start) }
          }, cotangent: { write(targets[touching[$0].target], touching[$0].voxels, weightSum, into: $1) },
          read: { number, gradient in
            let box = reach(of: touching[number].voxels, grid, start)
            try withGradient(of: box, from: gradient, grid, start) { try visit(touching[number].target, box, $0) }
          })
        done += 1
        onProgress?(done, total)
      }
    }
    let logits = watched.compactMap(\.mean)
    return logits.count == targets.count ? logits : nil
  }

  /// The grid, its Σ_w g_w, and for every window the targets that touch it with their voxels in it.
  ///
  /// - Throws: ``NetworkError/input(found:expected:)`` for an image or target that does not fit.
  func placed(_ targets: [LogitTarget], at input: Tensor) throws -> (
    grid: WindowGrid, weightSum: [Float], touched: [[(target: Int, voxels: [PlacedTarget.Voxel])]]
  ) {
    let volume = try requireShape(input)
    for target in targets where target.classWeights.count != function.outputChannels {
      throw NetworkError.input(
        found: "a target with \(target.classWeights.count) class weights for a network of "
          + "\(function.outputChannels) classes", expected: "one weight for each class")
    }
    let (grid, weightSum) = weighted(volume)
    let placed = targets.map { PlacedTarget($0, volume: volume) }
    let touched = grid.starts.map { start in
      placed.indices.compactMap { index in
        let voxels = placed[index].voxels(in: start, window: window)
        return voxels.isEmpty ? nil : (target: index, voxels: voxels)
      }
    }
    return (grid, weightSum, touched)
  }

  /// The cotangent of one window: g_w[v] · t[v] / Σ_w g_w[v] for every class.
  func write(
    _ target: LogitTarget, _ voxels: [PlacedTarget.Voxel], _ weightSum: [Float],
    into cotangent: UnsafeMutableBufferPointer<Float>
  ) {
    let windowCount = window.reduce(1, *)
    cotangent.update(repeating: 0)
    for voxel in voxels {
      let share = weights[voxel.inWindow] * target.weights[voxel.entry] / weightSum[target.voxels[voxel.entry]]
      for (k, classWeight) in target.classWeights.enumerated() {
        cotangent[k * windowCount + voxel.inWindow] += share * classWeight
      }
    }
  }
}

extension SlidingWindow: LayerModel {
  /// - Precondition: ``function`` is a ``LayerFunction`` with a tapped layer.
  /// - Throws: ``NetworkError/input(found:expected:)`` for an image or target that does not fit, and what `windowMap`
  ///   throws.
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
