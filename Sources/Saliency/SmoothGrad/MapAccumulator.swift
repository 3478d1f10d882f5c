import CKernels
import Checkpoints
import Networks

/// Adds up the gradients of one region over pieces and noise samples.
///
/// The mean is kept in double precision, so that its rounding stays far below that of the float it becomes, for any
/// number of samples. The spread over the samples is followed in every voxel of the box, because which voxel is a peak
/// is known only at the end.
struct MapAccumulator {
  let region: SaliencyRegion
  let spatialShape: [Int]
  let channels: Int
  let box: VoxelBox
  private let aggregation: Aggregation
  private(set) var samples = 0
  /// `[C, box.shape]`: of this sample, the sum of the pieces so far, or where parts are compared the gradient of
  /// largest magnitude.
  private var current: [Float]
  /// `[C, box.shape]`, over the samples.
  private var mean: [Double]
  /// `[C, box.shape]`: sum of squared deviations from the mean; empty where no standard errors are wanted.
  private var squares: [Float]
  /// Position of each region voxel on the grid, D, H, W.
  private let positions: [(Int, Int, Int)]
  /// Where parts are compared: `[C, region]`, this sample's gradient of the whole region, and its statistics over
  /// samples.
  private var whole: (current: [Double], statistics: SampleStatistics)?

  /// Bytes held for a box, the dominant part.
  static func bytes(channels: Int, box: VoxelBox, hasSpread: Bool) -> Int {
    let floats = hasSpread ? 2 : 1
    return channels * box.voxelCount * (MemoryLayout<Double>.stride + floats * MemoryLayout<Float>.stride)
  }

  /// - Parameter hasSpread: whether standard errors are wanted.
  init(
    region: SaliencyRegion, spatialShape: [Int], channels: Int, box: VoxelBox, aggregation: Aggregation, hasSpread: Bool
  ) {
    self.region = region
    self.spatialShape = spatialShape
    self.channels = channels
    self.box = box
    self.aggregation = aggregation
    current = Array(repeating: 0, count: channels * box.voxelCount)
    mean = Array(repeating: 0, count: current.count)
    squares = Array(repeating: 0, count: hasSpread ? current.count : 0)
    let plane = spatialShape[1] * spatialShape[2]
    positions = region.voxels.map { ($0 / plane, $0 / spatialShape[2] % spatialShape[1], $0 % spatialShape[2]) }
    if aggregation.comparesParts {
      let count = channels * region.voxels.count
      whole = (Array(repeating: 0, count: count), SampleStatistics(count: count))
    }
  }

  /// A piece of the gradient of the whole region; pieces add up.
  mutating func add(_ piece: VoxelBox, _ gradient: UnsafeBufferPointer<Float>) {
    precondition(!aggregation.comparesParts, "the parts of this region are compared")
    PlacedPiece(piece, in: box, channels: channels, gradient).add(to: &current)
  }

  /// The complete gradient of a part, windows already added; parts come in array order, so that the first of two equal
  /// magnitudes stays.
  mutating func compare(_ piece: VoxelBox, _ gradient: UnsafeBufferPointer<Float>) {
    precondition(aggregation.comparesParts, "the parts of this region are not compared")
    PlacedPiece(piece, in: box, channels: channels, gradient).keepLarger(in: &current)
    let count = piece.voxelCount
    for (index, position) in positions.enumerated() {
      guard let place = piece.index(ofVoxel: position.0, position.1, position.2) else { continue }
      for channel in 0..<channels {
        whole!.current[channel * positions.count + index] += Double(gradient[channel * count + place])
      }
    }
  }

  /// Closes a sample: all its pieces or parts have been added.
  mutating func finishSample() {
    samples += 1
    current.withUnsafeMutableBufferPointer { current in
      mean.withUnsafeMutableBufferPointer { mean in
        squares.withUnsafeMutableBufferPointer { squares in
          lqc_close_draw(
            current.baseAddress!, mean.baseAddress!, squares.isEmpty ? nil : squares.baseAddress!, samples,
            current.count)
        }
      }
    }
    guard whole != nil else { return }
    whole!.statistics.add(whole!.current)
    for index in whole!.current.indices { whole!.current[index] = 0 }
  }

  /// Whether the region's FLAIR peak is known well enough.
  func satisfies(_ rule: StoppingRule) -> Bool {
    precondition(!squares.isEmpty, "a stopping rule needs the spread")
    guard samples >= 2 else { return false }
    // Outside of the box every value is 0 in every sample.
    let values = positions.map { position in
      box.index(ofVoxel: position.0, position.1, position.2).map { place in
        (mean[place], MapSpread.standardError(squaredDeviations: Double(squares[place]), samples: samples))
      } ?? (0, 0)
    }
    let (peak, error) = values.max { $0.0 < $1.0 }!
    return rule.isSatisfied(samples: samples, peak: peak, standardError: error)
  }

  /// The map over the samples so far.
  func map() -> SaliencyMap {
    precondition(samples > 0, "a map needs a sample")
    let divisor = aggregation == .mean ? Double(region.omegaCount) : 1
    let spread =
      samples < 2 || squares.isEmpty
      ? nil : MapSpread(squaredDeviations: squares, samples: samples, factor: 1 / divisor)
    return SaliencyMap(
      spatialShape: spatialShape, box: box,
      values: Tensor(shape: [channels] + box.shape, values: mean.map { Float($0 / divisor) }), aggregation: aggregation,
      region: region, spread: spread, samples: samples, sumInside: whole.map { inside($0.statistics) })
  }

  private func inside(_ statistics: SampleStatistics) -> SaliencyMap.Inside {
    let count = positions.count
    let channels = (0..<channels).map { $0 * count..<($0 + 1) * count }
    return SaliencyMap.Inside(
      values: channels.map { Array(statistics.mean[$0]) },
      standardErrors: samples < 2 ? nil : channels.map { $0.map { statistics.standardError($0)! } })
  }
}
