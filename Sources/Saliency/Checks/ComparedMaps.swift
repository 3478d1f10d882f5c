import Checkpoints
import Networks

/// The gradient at the image itself: one sample without noise, the cheapest map there is.
enum PlainGradient {
  static func maps(
    of regions: [SaliencyRegion], classWeights: [Float], model: some DifferentiableModel, at image: Tensor,
    aggregation: Aggregation = .sum
  ) throws -> [SaliencyMap] {
    let settings = try SmoothGradSettings(samples: 1, noiseFactor: 0, aggregation: aggregation)
    return try SmoothGrad(settings: settings).maps(of: regions, classWeights: classWeights, model: model, at: image)
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
