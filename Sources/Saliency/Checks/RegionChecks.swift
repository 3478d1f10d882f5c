import Statistics

/// What the maps of lesions must look like beside healthy tissue: checks on numbers that are already there.
public enum RegionChecks {
  public static let controlName = "same shape in healthy tissue"
  public static let signName = "sign inside lesions"
  public static let modalityName = "FLAIR before MPRAGE"
  /// Fraction of lesions that must behave so: a single odd lesion does not condemn a map.
  public static let fractionLimit = 0.75
  static let controlRule =
    "at least 75 % of the lesions have a higher FLAIR peak than their shape has in healthy tissue"
  static let signRule = "mean FLAIR saliency inside is positive in at least 75 % of the lesions"
  static let modalityRule = "FLAIR holds more than half of the saliency in at least 75 % of the lesions"

  /// - Parameter peaks: FLAIR peak of the `sum` map inside a lesion and inside its control region.
  public static func control(peaks: [(lesion: Double, control: Double)]) -> CheckOutcome {
    guard !peaks.isEmpty else {
      return .notAssessed(controlName, rule: controlRule, because: "no lesion with a control region")
    }
    let fraction = Double(peaks.count { $0.lesion > $0.control }) / Double(peaks.count)
    return CheckOutcome(
      name: controlName, passed: fraction >= fractionLimit,
      measures: [
        .init(fraction: "fraction of lesions above their control", fraction),
        .init("median control peak over lesion peak", median(peaks.map { $0.control / $0.lesion })!),
      ], rule: controlRule, detail: "\(peaks.count) lesions.")
  }

  /// - Parameter balances: mean FLAIR saliency inside each lesion and in the rim around it.
  public static func sign(balances: [(inside: Double, rim: Double?)]) -> CheckOutcome {
    guard !balances.isEmpty else { return .notAssessed(signName, rule: signRule, because: "no lesion") }
    let fraction = Double(balances.count { $0.inside > 0 }) / Double(balances.count)
    let rims = balances.compactMap(\.rim)
    var measures = [CheckOutcome.Measure(fraction: "fraction of lesions with a positive mean inside", fraction)]
    if !rims.isEmpty {
      measures.append(
        .init(fraction: "fraction of lesions with a negative rim", Double(rims.count { $0 < 0 }) / Double(rims.count)))
    }
    return CheckOutcome(
      name: signName, passed: fraction >= fractionLimit, measures: measures, rule: signRule,
      detail: "\(balances.count) lesions.")
  }

  /// - Parameters:
  ///   - flairFractions: Σ|FLAIR| / Σ|both| of each lesion.
  ///   - channelCount: of the network.
  public static func modality(flairFractions: [Double], channelCount: Int = 2) -> CheckOutcome {
    guard channelCount > 1 else {
      return .notAssessed(modalityName, rule: modalityRule, because: "the network takes FLAIR alone")
    }
    guard !flairFractions.isEmpty else { return .notAssessed(modalityName, rule: modalityRule, because: "no lesion") }
    let fraction = Double(flairFractions.count { $0 > 0.5 }) / Double(flairFractions.count)
    return CheckOutcome(
      name: modalityName, passed: fraction >= fractionLimit,
      measures: [
        .init(fraction: "fraction of lesions with FLAIR ahead", fraction),
        .init(fraction: "median FLAIR fraction", median(flairFractions)!),
      ], rule: modalityRule, detail: "\(flairFractions.count) lesions.")
  }
}
