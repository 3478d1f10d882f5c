import ErrorScore
import Lesions
import Results

/// The rules behind the counts and the order as sentences.
extension Wording {
  static func lesionRule(_ results: PatientResults) -> String {
    let voxels = results.model.map { "whose lesion probability exceeds \($0.threshold)" } ?? "of the given mask"
    return
      "A lesion is a connected group of at least \(atLeast(results.rules.lesions.minimumVoxels)) \(voxels). Voxels are "
      + "connected that share a face or an edge (\(results.rules.connectivity) neighbours); smaller groups are dropped."
  }

  static func candidateRule(_ results: PatientResults) -> String {
    guard let rule = results.rules.candidates else {
      return "No probability was given, so missed lesions were not looked for."
    }
    return
      "A missed-lesion candidate is a group of at least \(atLeast(rule.minimumVoxels)), connected in the same way, "
      + "whose \(results.external == nil ? "lesion probability" : "given probability") is \(rule.threshold) or more "
      + "and of which none belongs to a lesion. At most \(rule.maximumCount) are kept, by maximum probability."
  }

  private static func atLeast(_ voxels: Int) -> String { "\(voxels) voxel\(voxels == 1 ? "" : "s")" }

  static let numbering =
    "Lesions are numbered by voxels descending, then lowest linear index (first stored axis fastest); candidates "
    + "by maximum probability descending, then lowest linear index."

  static func reviewOrder(_ results: PatientResults) -> String {
    guard let refused = results.warnings.first(where: { $0.code == .calibrationNotUsed }) else {
      return order(results.rules)
    }
    return order(results.rules) + " For the scores of the model's calibration: \(refused.remedy)."
  }

  private static func order(_ rules: RuleRecord) -> String {
    switch rules.order {
    case .saliency:
      "Uncalibrated: \(measures(rules).map { "\($0.kind) by \($0.name), \($0.first) first" }.joined(separator: "; ")), "
        + "each as percentile within its kind, merged by percentile. "
        + (measures(rules).contains { $0.feature == .rimToPeak }
          ? "Rim ÷ peak is the mean FLAIR saliency 2–5 mm around the finding over the maximum inside: the more "
            + "negative, the more its surroundings speak against it as they do around true lesions. With a peak of 0 "
            + "or less it is not defined: lesions then come first, candidates last. " : "")
        + "The FLAIR peak is the maximum of the sum map inside the finding."
    case .errorScore:
      "By probability of an error, descending: that a lesion is a false positive, that a candidate is a missed lesion."
    case .flairSumPeak:
      "Uncalibrated: lesions ascending and candidates descending by the maximum of their FLAIR sum map inside the "
        + "finding, each as percentile within its kind, merged by percentile."
    case .givenPeak:
      "Uncalibrated: lesions ascending and candidates descending by the maximum of the given FLAIR map inside the "
        + "finding, each as percentile within its kind, merged by percentile. Whether the given maps are sums or means "
        + "was not stated."
    case .meanProbability:
      "Without saliency: lesions ascending and candidates descending by mean probability, each as percentile within "
        + "its kind, merged by percentile."
    case .volume: "Without saliency and probability: lesions by volume, smallest first."
    }
  }

  /// The numbers of an order by saliency.
  private static func measures(_ rules: RuleRecord) -> [(
    kind: String, name: String, first: String, feature: ScoreFeature
  )] {
    guard let order = rules.orderFeatures else { return [] }
    return [("lesions", order.lesions, -1), ("candidates", order.candidates, 1)].map { kind, measure, suspicious in
      (kind, feature(measure), measure.definition.sign.rawValue * suspicious > 0 ? "highest" : "lowest", measure)
    }
  }

  // MARK: - In a few words

  /// By what the work list is ordered, without a calibration.
  static func orderBasis(_ results: PatientResults) -> String {
    switch results.rules.order {
    case .meanProbability: "mean lesion probability alone"
    case .volume: "lesion size alone"
    case .errorScore: "a calibration with patients of another kind"
    case .saliency:
      measures(results.rules).map { "\($0.name) (\($0.kind))" }.joined(separator: " and ") + " of saliency"
    case .flairSumPeak, .givenPeak: "a raw saliency peak"
    }
  }

  /// By what the uncalibrated patients of a cohort are ordered, each basis once.
  static func orderBases(_ results: [PatientResults]) -> String {
    Set(results.filter { !$0.statesProbabilities }.map(orderBasis)).sorted(by: >).joined(separator: " or ")
  }
}
