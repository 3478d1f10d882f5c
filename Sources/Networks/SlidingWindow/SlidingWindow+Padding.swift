extension SlidingWindow {
  /// Copies one window out of the image `[C, volume]`, padded where the image ends.
  func fill(
    _ target: UnsafeMutableBufferPointer<Float>, from image: UnsafeBufferPointer<Float>, _ grid: WindowGrid,
    _ start: [Int]
  ) {
    let (windowCount, volumeCount) = (window.reduce(1, *), grid.volume.reduce(1, *))
    if let sources = paddingSources(grid, start) {
      var next = 0
      for channel in 0..<function.inputChannels {
        for d in sources[0] {
          for h in sources[1] {
            let row = channel * volumeCount + (d * grid.volume[1] + h) * grid.volume[2]
            for w in sources[2] {
              target[next] = image[row + w]
              next += 1
            }
          }
        }
      }
      return
    }
    if case .constant(let value) = padding, grid.inside(start).voxelCount < windowCount {
      target.update(repeating: value)
    }
    for channel in 0..<function.inputChannels {
      grid.forEachRow(start) { inWindow, inVolume, count in
        let source = image.baseAddress! + channel * volumeCount + inVolume
        (target.baseAddress! + channel * windowCount + inWindow).update(from: source, count: count)
      }
    }
  }

  /// The part of the volume that a part of a window, in the window's coordinates, is made of.
  func origin(of part: VoxelBox, _ grid: WindowGrid, _ start: [Int]) -> VoxelBox {
    guard let sources = paddingSources(grid, start), !part.isEmpty else {
      return grid.inside(start).intersection(part.moved(to: start))
    }
    let axes = (0..<3).map { sources[$0][part.lower[$0]..<part.upper[$0]] }
    return VoxelBox(lower: axes.map { $0.min()! }, upper: axes.map { $0.max()! + 1 })
  }

  /// Hands out the gradient with respect to the voxels of `box` of the volume: that of a window `[C, window]`, where
  /// the padding's part goes to the voxels that it was copied from.
  func withGradient<Result>(
    of box: VoxelBox, from gradient: UnsafeBufferPointer<Float>, _ grid: WindowGrid, _ start: [Int],
    _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    let whole = VoxelBox(lower: start, shape: window)
    guard let sources = paddingSources(grid, start) else {
      if box == whole { return try body(gradient) }
      return try whole.crop(gradient, channels: function.inputChannels, to: box).withUnsafeBufferPointer(body)
    }
    var sum = [Float](repeating: 0, count: function.inputChannels * box.voxelCount)
    var next = 0
    for channel in 0..<function.inputChannels {
      for d in sources[0] {
        for h in sources[1] {
          for w in sources[2] {
            if let place = box.index(ofVoxel: d, h, w) { sum[channel * box.voxelCount + place] += gradient[next] }
            next += 1
          }
        }
      }
    }
    return try sum.withUnsafeBufferPointer(body)
  }

  /// For every place of a window along each axis the voxel of the volume that it holds; nil where the window lies
  /// inside of the volume or is padded with a constant.
  private func paddingSources(_ grid: WindowGrid, _ start: [Int]) -> [[Int]]? {
    if case .constant = padding { return nil }
    if zip(window, grid.volume).allSatisfy({ $0 <= $1 }) { return nil }
    return (0..<3).map { axis in
      (0..<window[axis]).map { padding.source(of: start[axis] + $0, extent: grid.volume[axis])! }
    }
  }

  /// - Throws: ``NetworkError/input(found:expected:)`` for a volume that is too small for the padding.
  func requireRoom(_ volume: [Int]) throws {
    for axis in 0..<3 where window[axis] > volume[axis] {
      let needed = (window[axis] - volume[axis] + 1) / 2
      guard let limit = padding.limit(extent: volume[axis]), needed > limit else { continue }
      throw NetworkError.input(
        found: "an image of \(volume[axis]) voxels along network axis \(axis) for a window of \(window[axis]) with "
          + "\(padding.mode.rawValue) padding, which PyTorch refuses, too",
        expected: "an image that needs at most \(limit) voxels of padding at each end")
    }
  }
}
