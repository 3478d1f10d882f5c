/// The windows that attention works in: which voxel every token of a window is, and which tokens a mask keeps apart.
///
/// As in MONAI: the volume is padded at the far end to whole windows, then rolled by the shift. On an axis that is not
/// longer than the window, the window shrinks to the axis and nothing is shifted.
struct TokenWindows {
  /// Tokens in each window.
  let tokens: Int
  let count: Int
  /// [window][token]: the index of the voxel, −1 for padding.
  let voxels: [Int32]
  /// [window][token]: tokens with different numbers were not neighbours before the roll; empty without a shift.
  let regions: [Int32]

  init(spatialShape: [Int], window: [Int], isShifted: Bool) {
    let size = zip(spatialShape, window).map { min($0, $1) }
    let shift = (0..<3).map { isShifted && spatialShape[$0] > window[$0] ? window[$0] / 2 : 0 }
    let windows = zip(spatialShape, size).map { ($0 + $1 - 1) / $1 }
    let padded = zip(windows, size).map { $0 * $1 }
    tokens = size.reduce(1, *)
    count = windows.reduce(1, *)

    /// The place in the padded volume, −1 outside of the image, and the number of the band of an axis.
    func axis(_ axis: Int, _ position: Int) -> (voxel: Int, band: Int) {
      let source = (position + shift[axis]) % padded[axis]
      let band =
        shift[axis] == 0 || position < padded[axis] - size[axis] ? 0 : position < padded[axis] - shift[axis] ? 1 : 2
      return (source < spatialShape[axis] ? source : -1, band)
    }
    var (voxels, regions): ([Int32], [Int32]) = ([], [])
    voxels.reserveCapacity(count * tokens)
    for index in 0..<count {
      let corner = [
        index / (windows[1] * windows[2]) * size[0], index / windows[2] % windows[1] * size[1],
        index % windows[2] * size[2],
      ]
      for token in 0..<tokens {
        let d = axis(0, corner[0] + token / (size[1] * size[2]))
        let h = axis(1, corner[1] + token / size[2] % size[1])
        let w = axis(2, corner[2] + token % size[2])
        let isInside = d.voxel >= 0 && h.voxel >= 0 && w.voxel >= 0
        voxels.append(isInside ? Int32((d.voxel * spatialShape[1] + h.voxel) * spatialShape[2] + w.voxel) : -1)
        if shift != [0, 0, 0] { regions.append(Int32((d.band * 3 + h.band) * 3 + w.band)) }
      }
    }
    (self.voxels, self.regions) = (voxels, regions)
  }
}

/// Where the bias of two tokens of a window stands in the table of relative positions.
///
/// MONAI numbers the tokens of the full window and cuts the index to the first n × n for a smaller one, so that n
/// tokens get the relative positions of the first n of the full window, whatever shape they really have.
struct RelativePosition {
  let window: [Int]

  /// Rows of the table.
  var count: Int { window.reduce(1) { $0 * (2 * $1 - 1) } }

  /// The row for equal positions.
  var origin: Int { row(window.map { $0 - 1 }) }

  /// The row of (query, key) is place(query) − place(key) + origin.
  func place(_ token: Int) -> Int {
    row([token / (window[1] * window[2]), token / window[2] % window[1], token % window[2]])
  }

  private func row(_ position: [Int]) -> Int {
    (position[0] * (2 * window[1] - 1) + position[1]) * (2 * window[2] - 1) + position[2]
  }
}
