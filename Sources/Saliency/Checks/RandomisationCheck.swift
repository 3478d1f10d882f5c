public import Checkpoints
public import Networks
import Statistics

/// Whether the map is about what the network learned: with its weights shuffled the map must become another.
///
/// The weights are shuffled tensor by tensor from the output towards the input; in each stage the plain gradient around
/// every region (its bounding box and 8 voxels more, both channels) is compared with that of the trained network by
/// Spearman's correlation, with signs: magnitudes fall with the distance from Ω in any convolutional network and would
/// stay alike. Source: Adebayo et al., NeurIPS 2018, arXiv 1810.03292.
public struct RandomisationCheck: Sendable {
  /// Mean |Spearman| that a fully shuffled network may keep: a quarter of the variance of the ranks.
  public static let limit = 0.5

  /// A network with a part of its weights shuffled.
  public struct Stage {
    /// Fraction of the weights that is shuffled, from the output.
    public let fraction: Double
    let model: () throws -> any DifferentiableModel

    public init(fraction: Double, model: @escaping () throws -> any DifferentiableModel) {
      self.fraction = fraction
      self.model = model
    }
  }

  public init() {}

  /// - Parameter stages: cumulative, the last one with every weight shuffled.
  public func outcome(
    of regions: [SaliencyRegion], classWeights: [Float], model: some DifferentiableModel, stages: [Stage],
    at image: Tensor
  ) throws -> CheckOutcome {
    precondition(!stages.isEmpty, "a cascade has a stage")
    guard !regions.isEmpty else { return CheckOutcome(.weightRandomisation, notAssessed: .noLesion) }
    func patches(_ model: some DifferentiableModel) throws -> [[Double]] {
      try PlainGradient.maps(of: regions, classWeights: classWeights, model: model, at: image).map {
        $0.values(in: $0.comparedBox)
      }
    }
    let trained = try patches(model)
    let measures = try stages.map { stage in
      let similarities = zip(trained, try patches(try stage.model())).map { abs(spearmanCorrelation($0, $1) ?? 0) }
      return CheckOutcome.Measure(
        .rankCorrelationWithTrained, of: "\(stage.fraction)", similarities.reduce(0, +) / Double(similarities.count))
    }
    return CheckOutcome(
      .weightRandomisation, passed: measures.last!.value <= Self.limit, measures: measures.reversed(),
      basis: .init(lesions: regions.count))
  }
}
