public import Checkpoints
public import Networks

/// The raw saliency map of one region: never rescaled, flipped or normalised.
///
/// Unit: logit per standard deviation of non-zero intensity. Outside `box` every value is exactly 0.
public struct SaliencyMap: Sendable, Equatable {
  /// Shape `[D, H, W]` of the whole grid.
  public let spatialShape: [Int]
  public let box: VoxelBox
  /// `[C, box.shape]`, last axis fastest; channel 0 FLAIR, channel 1 MPRAGE.
  public let values: Tensor
  public let aggregation: Aggregation
  public let region: SaliencyRegion
  /// Nil for a single sample, and where it was not followed.
  private let spread: MapSpread?
  /// Noise samples behind the map.
  public let samples: Int
  /// Outside the box every value is exactly 0; otherwise it is not known.
  private(set) var isZeroOutside = true
  /// The `sum` map inside the region, where parts were compared: it costs nothing beside them, and the review order
  /// needs it.
  public let sumInside: Inside?

  /// Values at the voxels of the region.
  public struct Inside: Sendable, Equatable {
    /// Per channel, one value per voxel of the region.
    public let values: [[Double]]
    /// Of the mean over the noise samples; nil for a single sample.
    public let standardErrors: [[Double]]?
  }

  init(
    spatialShape: [Int], box: VoxelBox, values: Tensor, aggregation: Aggregation, region: SaliencyRegion,
    spread: MapSpread? = nil, samples: Int = 1, sumInside: Inside? = nil
  ) {
    self.spatialShape = spatialShape
    self.box = box
    self.values = values
    self.aggregation = aggregation
    self.region = region
    self.spread = spread
    self.samples = samples
    self.sumInside = sumInside
  }

  /// A map that was made elsewhere. What lies outside its box is not known, and so is not looked at.
  ///
  /// - Parameters:
  ///   - values: `[C, box.shape]`, last axis fastest.
  ///   - spatialShape: `[D, H, W]` of the whole grid.
  ///   - region: within the box.
  public init(given values: Tensor, box: VoxelBox, spatialShape: [Int], region: SaliencyRegion) {
    self.init(spatialShape: spatialShape, box: box, values: values, aggregation: .sum, region: region)
    isZeroOutside = false
  }

  /// The same map as `mean` or `sum`: `mean` is `sum` divided by |Ω|. Nil where one cannot be had from the other.
  public func aggregated(_ wanted: Aggregation) -> SaliencyMap? {
    let factor: Double
    switch (aggregation, wanted) {
    case (.sum, .mean): factor = 1 / Double(region.omegaCount)
    case (.mean, .sum): factor = Double(region.omegaCount)
    default: return aggregation == wanted ? self : nil
    }
    return SaliencyMap(
      spatialShape: spatialShape, box: box,
      values: Tensor(shape: values.shape, values: values.values.map { Float(Double($0) * factor) }),
      aggregation: wanted, region: region, spread: spread?.scaled(by: factor), samples: samples)
  }

  /// The value at a voxel of the grid.
  ///
  /// - Parameter position: index along D, H and W.
  public func value(channel: Int, at position: [Int]) -> Float {
    index(channel, position).map { values.values[$0] } ?? 0
  }

  /// Whether the value at a voxel of the grid is known: everywhere, but for a map that was made elsewhere.
  ///
  /// - Parameter position: index along D, H and W.
  public func isKnown(at position: [Int]) -> Bool { isZeroOutside || index(0, position) != nil }

  /// Monte-Carlo standard error of the value at a voxel of the grid: sd over the noise samples (N − 1) / √N; nil for a
  /// single sample.
  ///
  /// - Parameter position: index along D, H and W.
  public func standardError(channel: Int, at position: [Int]) -> Double? {
    spread.map { spread in index(channel, position).map(spread.standardError) ?? 0 }
  }

  private func index(_ channel: Int, _ position: [Int]) -> Int? {
    precondition(position.count == 3 && (0..<3).allSatisfy { (0..<spatialShape[$0]).contains(position[$0]) })
    return box.index(ofVoxel: position[0], position[1], position[2]).map { channel * box.voxelCount + $0 }
  }

  /// Index along D, H and W of a linear index into `[D, H, W]`, last axis fastest.
  func position(_ index: Int) -> [Int] {
    [index / (spatialShape[1] * spatialShape[2]), index / spatialShape[2] % spatialShape[1], index % spatialShape[2]]
  }
}
