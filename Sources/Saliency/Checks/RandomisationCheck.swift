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
  public static let name = "weights randomised"
  /// Mean |Spearman| that a fully shuffled network may keep: a quarter of the variance of the ranks.
  public static let limit = 0.5
  static let rule = "with all weights shuffled the mean |Spearman correlation| with the trained map is at most 0.5"

  /// A network with a part of its weights shuffled.
  public struct Stage {
    /// For example `last 25 %`.
    public let name: String
    let model: () throws -> any DifferentiableModel

    public init(name: String, model: @escaping () throws -> any DifferentiableModel) {
      self.name = name
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
    guard !regions.isEmpty else { return .notAssessed(Self.name, rule: Self.rule, because: "no lesion") }
    func patches(_ model: some DifferentiableModel) throws -> [[Double]] {
      try PlainGradient.maps(of: regions, classWeights: classWeights, model: model, at: image).map {
        $0.values(in: $0.comparedBox)
      }
    }
    let trained = try patches(model)
    let measures = try stages.map { stage in
      let similarities = zip(trained, try patches(try stage.model())).map { abs(spearmanCorrelation($0, $1) ?? 0) }
      return CheckOutcome.Measure(stage.name, similarities.reduce(0, +) / Double(similarities.count))
    }
    return CheckOutcome(
      name: Self.name, passed: measures.last!.value <= Self.limit, measures: measures.reversed(), rule: Self.rule,
      detail: "Mean over \(regions.count) lesions of |Spearman| with the trained map, weights shuffled from the output."
    )
  }
}
