import ErrorScore
import Lesions
import Results

/// Sentences that are made from numbers, in one place for review and translation. Fixed text stands in the templates.
package enum Wording {
  /// What the reference segmentation says of a finding.
  static func reference(_ group: RegionGroup?) -> String {
    switch group {
    case nil: Formatting.undefined
    case .truePositive: "true positive"
    case .falsePositive: "false positive"
    case .falseNegative: "false negative"
    case .trueNegative: "true negative"
    case .missedCandidate: "missed lesion"
    case .partOfFoundCandidate: "part of a lesion that was found"
    case .otherCandidate: "not a lesion"
    }
  }

  static func findings(_ results: PatientResults) -> String {
    let lesions = Formatting.counted(results.lesions.count, "lesion", "lesions")
    guard results.looksForCandidates else { return lesions }
    return lesions + " and "
      + Formatting.counted(results.candidates.count, "missed-lesion candidate", "missed-lesion candidates")
  }

  /// What the two channels and the surroundings contributed, in words.
  ///
  /// - Parameter othersHaveMaps: a finding without a map is an exception, of which something is to be said.
  static func explanation(_ finding: FindingRecord, othersHaveMaps: Bool) -> [String] {
    var sentences: [String] = []
    guard let saliency = finding.saliency else {
      return (othersHaveMaps ? [noSaliency] : []) + (finding.wasDroppedSmallComponent ? [droppedPart] : [])
    }
    if let fraction = saliency.flairFraction {
      sentences.append(
        "FLAIR carries \(Formatting.percent(fraction)) of the absolute saliency, MPRAGE "
          + "\(Formatting.percent(1 - fraction)).")
    }
    let balance = saliency.signBalance
    let zero = smallestMeanSaliency(saliency)
    let inside =
      "Mean FLAIR saliency is \(sign(balance.meanInside, zero)) inside (\(Formatting.peak(balance.meanInside)))"
    if let rim = balance.meanRim {
      sentences.append("\(inside) and \(sign(rim, zero)) in the rim 2–5 mm around it (\(Formatting.peak(rim))).")
    } else {
      sentences.append("\(inside); there is no rim of 2–5 mm to compare with.")
    }
    if finding.wasDroppedSmallComponent { sentences.append(droppedPart) }
    return sentences
  }

  static let noSaliency =
    "There is no saliency map of this finding, so nothing is said about what the network looked at."
  private static let droppedPart = "Part of a component that the size rule dropped from the mask."

  /// - Parameter zero: what is less than this in either direction counts as nothing.
  private static func sign(_ value: Double, _ zero: Double) -> String {
    abs(value) <= zero ? "about zero" : value > 0 ? "positive" : "negative"
  }

  /// Mean saliency below which no sign is told: 2 % of the larger of inside and rim, or its Monte-Carlo error. The
  /// error of a mean is not kept; that of the peak, relative to the peak, stands for it.
  private static func smallestMeanSaliency(_ saliency: SaliencyRecord) -> Double {
    let balance = saliency.signBalance
    let peak = saliency.flair.inside.maximum
    let relative = peak.value == 0 ? 0 : abs((peak.standardError ?? 0) / peak.value)
    return max(abs(balance.meanInside), abs(balance.meanRim ?? 0)) * max(0.02, min(relative, 1))
  }

  /// `a, b and c`.
  static func listed(_ names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }

  static func dropped(_ counts: FindingCounts) -> String {
    "\(Formatting.count(counts.componentsBeforeSizeFilter)) before, \(Formatting.count(counts.lesions)) after the size "
      + "rule"
  }
}
