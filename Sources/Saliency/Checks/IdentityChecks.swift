public import Checkpoints
public import Networks

/// Whether all aggregations agree where there is nothing to aggregate: for |Ω| = 1, mean = sum = signed-max =
/// chunked-max.
public struct SingleVoxelCheck: Sendable {
  /// The aggregations take different ways through the program but add the same numbers: rounding of single precision
  /// alone.
  public static let limit = 1e-5

  public let aggregations: [Aggregation]

  /// - Parameter aggregations: compared with `sum`.
  public init(_ aggregations: [Aggregation] = [.mean, .signedMax, .chunkedMax]) { self.aggregations = aggregations }

  /// - Parameter region: of one voxel of Ω.
  public func outcome(
    of region: SaliencyRegion, classWeights: [Float], model: some DifferentiableModel, at image: Tensor
  ) throws -> CheckOutcome {
    precondition(region.omegaCount == 1, "the identity is about a single voxel")
    func map(_ aggregation: Aggregation) throws -> SaliencyMap {
      try PlainGradient.maps(
        of: [region], classWeights: classWeights, model: model, at: image, aggregation: aggregation)[0]
    }
    let sum = try map(.sum)
    let largest = sum.values.values.reduce(0.0) { max($0, Double(abs($1))) }
    guard largest > 0 else {
      return CheckOutcome(.singleVoxel, passed: false, measures: [.init(.maximumValue, 0)], basis: .init(voxels: 1))
    }
    let differences = try aggregations.map { aggregation in
      let other = try map(aggregation)
      guard other.box == sum.box else { return CheckOutcome.Measure(.maximumDifference, of: aggregation.rawValue, 1) }
      let difference = zip(other.values.values, sum.values.values).reduce(0.0) { max($0, Double(abs($1.0 - $1.1))) }
      return CheckOutcome.Measure(.maximumDifference, of: aggregation.rawValue, difference / largest)
    }
    return CheckOutcome(
      .singleVoxel, passed: differences.allSatisfy { $0.value <= Self.limit }, measures: differences,
      basis: .init(voxels: 1))
  }
}

/// Whether the explained scalar is read from the logits that made the mask: Σ_Ω w·Y from the whole volume's logits
/// against the same sum from the windows that hold Ω.
public struct WindowAverageCheck: Sendable {
  /// Both sums hold the same single-precision logits, averaged over at most some dozen windows: 1e-5 leaves ten times
  /// the rounding of that.
  public static let limit = 1e-5

  public init() {}

  /// - Parameter logits: `[K, D, H, W]` that decided the mask.
  public func outcome(
    of region: SaliencyRegion, classWeights: [Float], logits: Tensor, model: some DifferentiableModel, at image: Tensor
  ) throws -> CheckOutcome {
    let target = LogitTarget(voxels: region.voxels, weights: region.weights, classWeights: classWeights)
    let count = logits.shape.dropFirst().reduce(1, *)
    var magnitude = 1.0
    for (voxel, weight) in zip(target.voxels, target.weights) {
      for (k, c) in classWeights.enumerated() {
        magnitude += abs(Double(weight * c * logits.values[k * count + voxel]))
      }
    }
    let error = abs(try model.value(of: target, at: image) - target.value(in: logits)) / magnitude
    return CheckOutcome(
      .windowAverage, passed: error <= Self.limit, measures: [.init(.relativeDifference, error)],
      basis: .init(voxels: region.omegaCount))
  }
}
