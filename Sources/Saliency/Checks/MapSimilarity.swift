import Networks

/// How alike two lists of numbers are, and the part of a map that is compared.
enum MapSimilarity {
  /// Pearson's correlation; 0 where one of the lists is constant, since nothing then speaks for likeness.
  static func pearson(_ a: [Double], _ b: [Double]) -> Double {
    precondition(a.count == b.count && !a.isEmpty, "two lists of one length")
    let n = Double(a.count)
    let (ma, mb) = (a.reduce(0, +) / n, b.reduce(0, +) / n)
    var (saa, sbb, sab) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      saa += (x - ma) * (x - ma)
      sbb += (y - mb) * (y - mb)
      sab += (x - ma) * (y - mb)
    }
    let scale = (saa * sbb).squareRoot()
    return scale > 0 ? sab / scale : 0
  }

  /// Spearman's correlation, ties with their mean rank.
  static func spearman(_ a: [Double], _ b: [Double]) -> Double { pearson(ranks(a), ranks(b)) }

  static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start
      while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
      for place in start...end { ranks[order[place]] = Double(start + end) / 2 + 1 }
      start = end + 1
    }
    return ranks
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}

extension SaliencyMap {
  /// Voxels around the region's bounding box that comparisons of maps take in.
  static let comparedMargin = 8

  /// The bounding box of the region with a margin, inside the grid.
  var comparedBox: VoxelBox {
    let places = region.voxels.map(position)
    func bound(_ axis: Int, _ pick: ([Int]) -> Int) -> Int { pick(places.map { $0[axis] }) }
    return VoxelBox(
      lower: (0..<3).map { max(bound($0) { $0.min()! } - Self.comparedMargin, 0) },
      upper: (0..<3).map { min(bound($0) { $0.max()! } + Self.comparedMargin + 1, spatialShape[$0]) })
  }

  /// The values of all channels in a box of the grid, moved by `offset` voxels.
  func values(in box: VoxelBox, movedBy offset: [Int] = [0, 0, 0]) -> [Double] {
    var found: [Double] = []
    found.reserveCapacity(box.voxelCount * values.shape[0])
    for channel in 0..<values.shape[0] {
      for d in box.lower[0]..<box.upper[0] {
        for h in box.lower[1]..<box.upper[1] {
          for w in box.lower[2]..<box.upper[2] {
            found.append(Double(value(channel: channel, at: [d + offset[0], h + offset[1], w + offset[2]])))
          }
        }
      }
    }
    return found
  }

  /// The highest FLAIR value inside the region.
  var flairPeak: Double {
    region.voxels.reduce(-Double.infinity) { max($0, Double(value(channel: 0, at: position($1)))) }
  }
}
