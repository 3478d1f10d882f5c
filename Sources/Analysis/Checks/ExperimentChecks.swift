import Saliency

/// The paper's experiments held against what they found: rules on numbers that ``ExperimentFacts`` measured (method
/// §9).
enum ExperimentChecks {
  static func context(_ curves: [PerilesionalCurve]) -> CheckOutcome {
    guard !curves.isEmpty else { return CheckOutcome(.perilesionalContext, notAssessed: .noLesion) }
    let reached = curves.filter { $0.saturationMillimetres != nil && $0.points.last?.detected == true }
    let fraction = Double(reached.count) / Double(curves.count)
    let distances = reached.compactMap(\.saturationMillimetres).sorted()
    var measures = [CheckOutcome.Measure(.lesionsSaturating, fraction)]
    if let farthest = distances.last { measures.append(.init(.farthestSaturation, farthest)) }
    return CheckOutcome(
      .perilesionalContext, passed: fraction >= RegionChecks.fractionLimit, measures: measures,
      basis: .init(lesions: curves.count))
  }

  static func synthetic(_ trials: [SyntheticTrial]) -> CheckOutcome {
    func trial(_ variant: SyntheticVariant) -> SyntheticTrial? { trials.first { $0.variant == variant.rawValue } }
    guard let complete = trial(.complete), let dark = trial(.mprageAlone) else {
      return CheckOutcome(.syntheticLesion, notAssessed: trials.isEmpty ? .noPlaceForLesion : .flairAlone)
    }
    return CheckOutcome(
      .syntheticLesion, passed: complete.detected && !dark.detected,
      measures: [
        .init(.probabilityOfCompleteLesion, complete.maximumProbability),
        .init(.probabilityWithoutFlair, dark.maximumProbability),
      ])
  }
}
