import Networks

/// Adds up the gradients of one region over pieces and noise draws.
///
/// Sums are kept in double precision: hundreds of single-precision terms of both signs meet in a voxel, and the
/// rounding of their double sum (some 1e-14 of the sum of magnitudes) stays far below that of the float it becomes, for
/// any number of draws. Inside the region the spread over draws is followed by Welford's recurrence, so that the error
/// of a peak that is found only at the end is known without keeping every draw.
struct MapAccumulator {
  let region: SaliencyRegion
  let spatialShape: [Int]
  let channels: Int
  let box: VoxelBox
  /// `[C, box.shape]`.
  private var sum: [Double]
  /// Position of each region voxel on the grid, D, H, W.
  private let positions: [(Int, Int, Int)]
  /// `[C, region]`: this draw's gradient, its mean over draws so far, and the sum of squared deviations.
  private var current: [Double]
  private var mean: [Double]
  private var squares: [Double]
  private var draws = 0

  /// Bytes held for a box, the dominant part.
  static func bytes(channels: Int, box: VoxelBox) -> Int {
    channels * box.voxelCount * MemoryLayout<Double>.stride
  }

  init(region: SaliencyRegion, spatialShape: [Int], channels: Int, box: VoxelBox) {
    self.region = region
    self.spatialShape = spatialShape
    self.channels = channels
    self.box = box
    sum = Array(repeating: 0, count: channels * box.voxelCount)
    let plane = spatialShape[1] * spatialShape[2]
    positions = region.voxels.map { ($0 / plane, $0 / spatialShape[2] % spatialShape[1], $0 % spatialShape[2]) }
    current = Array(repeating: 0, count: channels * region.voxels.count)
    mean = current
    squares = current
  }

  mutating func add(_ piece: VoxelBox, _ gradient: UnsafeBufferPointer<Float>) {
    let shape = piece.shape
    precondition(gradient.count == channels * piece.voxelCount, "a piece is [C, box]")
    precondition(box.union(piece) == box, "a piece lies in the support of its target")
    addToMap(piece, gradient)
    for channel in 0..<channels {
      for (index, position) in positions.enumerated() {
        let (d, h, w) = (
          position.0 - piece.lower[0], position.1 - piece.lower[1], position.2 - piece.lower[2]
        )
        guard d >= 0, d < shape[0], h >= 0, h < shape[1], w >= 0, w < shape[2] else { continue }
        let value = gradient[((channel * shape[0] + d) * shape[1] + h) * shape[2] + w]
        current[channel * positions.count + index] += Double(value)
      }
    }
  }

  private mutating func addToMap(_ piece: VoxelBox, _ gradient: UnsafeBufferPointer<Float>) {
    let (outer, inner) = (box.shape, piece.shape)
    let offset = (0..<3).map { piece.lower[$0] - box.lower[$0] }
    sum.withUnsafeMutableBufferPointer { sum in
      for channel in 0..<channels {
        for d in 0..<inner[0] {
          for h in 0..<inner[1] {
            let from = ((channel * inner[0] + d) * inner[1] + h) * inner[2]
            let to = ((channel * outer[0] + d + offset[0]) * outer[1] + h + offset[1]) * outer[2] + offset[2]
            for w in 0..<inner[2] { sum[to + w] += Double(gradient[from + w]) }
          }
        }
      }
    }
  }

  /// Closes a draw: all its pieces have been added.
  mutating func finishDraw() {
    draws += 1
    for index in current.indices {
      let deviation = current[index] - mean[index]
      mean[index] += deviation / Double(draws)
      squares[index] += deviation * (current[index] - mean[index])
      current[index] = 0
    }
  }

  /// The map over the draws so far.
  func map(_ aggregation: Aggregation) -> SaliencyMap {
    precondition(draws > 0, "a map needs a draw")
    let divisor = aggregation == .mean ? Double(region.omegaCount) : 1
    let values = sum.map { Float($0 / Double(draws) / divisor) }
    let errors: [[Double]]? =
      draws < 2
      ? nil
      : (0..<channels).map { channel in
        (0..<positions.count).map { index in
          (squares[channel * positions.count + index] / Double(draws - 1) / Double(draws)).squareRoot() / divisor
        }
      }
    return SaliencyMap(
      spatialShape: spatialShape, box: box, values: Tensor(shape: [channels] + box.shape, values: values),
      aggregation: aggregation, region: region, standardErrors: errors)
  }
}
