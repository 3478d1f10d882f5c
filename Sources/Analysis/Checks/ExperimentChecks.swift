import Saliency

/// The paper's experiments held against what they found: rules on numbers that ``ExperimentFacts`` measured (method
/// §9).
enum ExperimentChecks {
  static let contextName = "perilesional context"
  static let syntheticName = "synthetic lesions"
  /// Share of lesions that must behave so: a single odd lesion does not condemn a network.
  static let shareLimit = 0.75
  static let contextRule =
    "at least 75 % of the lesions are detected, and as probable as in the whole image within 5 %, with at most "
    + "\(PerilesionalContext.dilations) dilations of context"
  static let syntheticRule =
    "a lesion bright in FLAIR and dark in MPRAGE with a healthy border is detected, one without FLAIR brightness is not"

  static func context(_ curves: [PerilesionalCurve]) -> CheckOutcome {
    guard !curves.isEmpty else {
      return .notAssessed(contextName, rule: contextRule, because: "the model found no lesion")
    }
    let reached = curves.filter { $0.saturationMillimetres != nil && $0.points.last?.detected == true }
    let share = Double(reached.count) / Double(curves.count)
    let distances = reached.compactMap(\.saturationMillimetres).sorted()
    var measures = [CheckOutcome.Measure(fraction: "fraction of lesions that saturate", share)]
    if let farthest = distances.last { measures.append(.init("farthest saturation, mm", farthest)) }
    return CheckOutcome(
      name: contextName, passed: share >= shareLimit, measures: measures, rule: contextRule,
      detail: "\(curves.count) lesions.")
  }

  static func synthetic(_ trials: [SyntheticTrial]) -> CheckOutcome {
    func trial(_ variant: SyntheticVariant) -> SyntheticTrial? { trials.first { $0.variant == variant.rawValue } }
    guard let complete = trial(.complete), let dark = trial(.mprageAlone) else {
      return .notAssessed(
        syntheticName, rule: syntheticRule,
        because: trials.isEmpty
          ? "no place held a synthetic lesion" : "the network takes FLAIR alone: no lesion is without its brightness")
    }
    return CheckOutcome(
      name: syntheticName, passed: complete.detected && !dark.detected,
      measures: [
        .init("maximum probability of the complete lesion", complete.maximumProbability),
        .init("maximum probability without FLAIR brightness", dark.maximumProbability),
      ], rule: syntheticRule, detail: "Written into healthy tissue of this scan.")
  }
}
