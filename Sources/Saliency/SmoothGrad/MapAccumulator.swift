import Networks

/// Adds up the gradients of one region over pieces and noise draws.
///
/// Sums are kept in double precision: hundreds of single-precision terms of both signs meet in a voxel, and the
/// rounding of their double sum (some 1e-14 of the sum of magnitudes) stays far below that of the float it becomes, for
/// any number of draws. Inside the region the spread over draws is followed too.
struct MapAccumulator {
  let region: SaliencyRegion
  let spatialShape: [Int]
  let channels: Int
  let box: VoxelBox
  private let aggregation: Aggregation
  private(set) var draws = 0
  /// `[C, box.shape]`.
  private var sum: [Double]
  /// `[C, box.shape]`: of this draw, the part's gradient of largest magnitude; empty where nothing is compared.
  private var largest: [Float]
  /// Position of each region voxel on the grid, D, H, W.
  private let positions: [(Int, Int, Int)]
  /// `[C, region]`: this draw's gradient of the whole region, and its statistics over draws.
  private var current: [Double]
  private var whole: DrawStatistics
  /// Statistics of the largest at the region's voxels.
  private var compared: DrawStatistics

  /// Bytes held for a box, the dominant part.
  static func bytes(channels: Int, box: VoxelBox, aggregation: Aggregation) -> Int {
    let each = MemoryLayout<Double>.stride + (aggregation.comparesParts ? MemoryLayout<Float>.stride : 0)
    return channels * box.voxelCount * each
  }

  init(region: SaliencyRegion, spatialShape: [Int], channels: Int, box: VoxelBox, aggregation: Aggregation) {
    self.region = region
    self.spatialShape = spatialShape
    self.channels = channels
    self.box = box
    self.aggregation = aggregation
    sum = Array(repeating: 0, count: channels * box.voxelCount)
    largest = Array(repeating: 0, count: aggregation.comparesParts ? sum.count : 0)
    let plane = spatialShape[1] * spatialShape[2]
    positions = region.voxels.map { ($0 / plane, $0 / spatialShape[2] % spatialShape[1], $0 % spatialShape[2]) }
    current = Array(repeating: 0, count: channels * region.voxels.count)
    whole = DrawStatistics(count: current.count)
    compared = DrawStatistics(count: aggregation.comparesParts ? current.count : 0)
  }

  /// A piece of the gradient of the whole region; pieces add up.
  mutating func add(_ piece: VoxelBox, _ gradient: UnsafeBufferPointer<Float>) {
    precondition(!aggregation.comparesParts, "the parts of this region are compared")
    let rows = PieceRows(of: piece, in: box, channels: channels, count: gradient.count)
    sum.withUnsafeMutableBufferPointer { sum in
      rows.visit { from, to, count in
        for w in 0..<count { sum[to + w] += Double(gradient[from + w]) }
      }
    }
    addInside(piece, gradient)
  }

  /// The complete gradient of a part, windows already added; parts come in array order, so that the first of two equal
  /// magnitudes stays.
  mutating func compare(_ piece: VoxelBox, _ gradient: UnsafeBufferPointer<Float>) {
    precondition(aggregation.comparesParts, "the parts of this region are not compared")
    let rows = PieceRows(of: piece, in: box, channels: channels, count: gradient.count)
    largest.withUnsafeMutableBufferPointer { largest in
      rows.visit { from, to, count in
        for w in 0..<count {
          let (old, new) = (largest[to + w], gradient[from + w])
          // A value that is not a number wins and stays, so that it is noticed at the end.
          largest[to + w] = abs(new) <= abs(old) || old.isNaN ? old : new
        }
      }
    }
    addInside(piece, gradient)
  }

  private mutating func addInside(_ piece: VoxelBox, _ gradient: UnsafeBufferPointer<Float>) {
    let shape = piece.shape
    for (index, position) in positions.enumerated() {
      let (d, h, w) = (position.0 - piece.lower[0], position.1 - piece.lower[1], position.2 - piece.lower[2])
      guard d >= 0, d < shape[0], h >= 0, h < shape[1], w >= 0, w < shape[2] else { continue }
      for channel in 0..<channels {
        let value = gradient[((channel * shape[0] + d) * shape[1] + h) * shape[2] + w]
        current[channel * positions.count + index] += Double(value)
      }
    }
  }

  /// Closes a draw: all its pieces or parts have been added.
  mutating func finishDraw() {
    draws += 1
    whole.add(current)
    for index in current.indices { current[index] = 0 }
    guard aggregation.comparesParts else { return }
    let (lower, shape) = (box.lower, box.shape)
    compared.add(
      (0..<channels).flatMap { channel in
        positions.map { position in
          let (d, h, w) = (position.0 - lower[0], position.1 - lower[1], position.2 - lower[2])
          return Double(largest[((channel * shape[0] + d) * shape[1] + h) * shape[2] + w])
        }
      })
    for index in largest.indices {
      sum[index] += Double(largest[index])
      largest[index] = 0
    }
  }

  /// Whether the region's FLAIR peak is known well enough.
  func satisfies(_ rule: StoppingRule) -> Bool {
    let statistics = aggregation.comparesParts ? compared : whole
    let flair = statistics.mean[0..<positions.count]
    guard let peak = flair.max(), let voxel = flair.firstIndex(of: peak), let error = statistics.standardError(voxel)
    else { return false }
    return rule.isSatisfied(draws: draws, peak: peak, standardError: error)
  }

  /// The map over the draws so far.
  func map() -> SaliencyMap {
    precondition(draws > 0, "a map needs a draw")
    let divisor = aggregation == .mean ? Double(region.omegaCount) : 1
    let values = sum.map { Float($0 / Double(draws) / divisor) }
    let statistics = aggregation.comparesParts ? compared : whole
    func errors(_ statistics: DrawStatistics, divisor: Double) -> [[Double]]? {
      draws < 2
        ? nil
        : (0..<channels).map { channel in
          positions.indices.map { statistics.standardError(channel * positions.count + $0)! / divisor }
        }
    }
    let sumInside =
      aggregation.comparesParts
      ? SaliencyMap.Inside(
        values: (0..<channels).map { Array(whole.mean[($0 * positions.count)..<(($0 + 1) * positions.count)]) },
        standardErrors: errors(whole, divisor: 1)) : nil
    return SaliencyMap(
      spatialShape: spatialShape, box: box, values: Tensor(shape: [channels] + box.shape, values: values),
      aggregation: aggregation, region: region, standardErrors: errors(statistics, divisor: divisor), draws: draws,
      sumInside: sumInside)
  }
}
