import Statistics

/// What the maps of lesions must look like beside healthy tissue: checks on numbers that are already there.
public enum RegionChecks {
  /// Fraction of lesions that must behave so: a single odd lesion does not condemn a map.
  public static let fractionLimit = 0.75
  /// - Parameter peaks: FLAIR peak of the `sum` map inside a lesion and inside its control region.
  public static func control(peaks: [(lesion: Double, control: Double)]) -> CheckOutcome {
    guard !peaks.isEmpty else { return CheckOutcome(.controlRegion, notAssessed: .noControlRegion) }
    let fraction = Double(peaks.count { $0.lesion > $0.control }) / Double(peaks.count)
    return CheckOutcome(
      .controlRegion, passed: fraction >= fractionLimit,
      measures: [
        .init(.lesionsAboveControl, fraction),
        .init(.medianControlOverLesion, median(peaks.map { $0.control / $0.lesion })!),
      ], basis: .init(lesions: peaks.count))
  }

  /// - Parameter balances: mean FLAIR saliency inside each lesion and in the rim around it.
  public static func sign(balances: [(inside: Double, rim: Double?)]) -> CheckOutcome {
    guard !balances.isEmpty else { return CheckOutcome(.insideSign, notAssessed: .noLesion) }
    let fraction = Double(balances.count { $0.inside > 0 }) / Double(balances.count)
    let rims = balances.compactMap(\.rim)
    var measures = [CheckOutcome.Measure(.lesionsPositiveInside, fraction)]
    if !rims.isEmpty { measures.append(.init(.lesionsNegativeRim, Double(rims.count { $0 < 0 }) / Double(rims.count))) }
    return CheckOutcome(
      .insideSign, passed: fraction >= fractionLimit, measures: measures, basis: .init(lesions: balances.count))
  }

  /// - Parameters:
  ///   - flairFractions: Σ|FLAIR| / Σ|both| of each lesion.
  ///   - channelCount: of the network.
  public static func modality(flairFractions: [Double], channelCount: Int = 2) -> CheckOutcome {
    guard channelCount > 1 else { return CheckOutcome(.flairFraction, notAssessed: .flairAlone) }
    guard !flairFractions.isEmpty else { return CheckOutcome(.flairFraction, notAssessed: .noLesion) }
    let fraction = Double(flairFractions.count { $0 > 0.5 }) / Double(flairFractions.count)
    return CheckOutcome(
      .flairFraction, passed: fraction >= fractionLimit,
      measures: [.init(.lesionsWithFlairAhead, fraction), .init(.medianFlairFraction, median(flairFractions)!)],
      basis: .init(lesions: flairFractions.count))
  }
}
