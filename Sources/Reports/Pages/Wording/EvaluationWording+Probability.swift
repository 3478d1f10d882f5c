import ErrorScore
import Lesions
public import Results

extension Evaluation {
  /// Every figure of the rankings for the console, a line for each criterion, then what they say in words.
  public var summary: [String] {
    [lesions, candidates].flatMap { kind -> [String] in
      let table = kind.ranking
      guard !table.rows.isEmpty else { return [] }
      let lists = table.row(.meanProbability)?.withinPatient?.lists.count ?? 0
      return [
        "\(table.kind == .lesion ? "lesions" : "candidates"): \(table.errorCount) errors, "
          + "\(table.correctCount) correct, \(Formatting.counted(table.patients, "patient", "patients")), "
          + "\(Formatting.counted(lists, "list", "lists")) with both"
      ] + table.rows.map { "  " + EvaluationWording.line($0) }
        + [kind.reliability.map(EvaluationWording.curve)].compactMap { $0.map { "  " + $0 } }
    } + verdicts
  }
}

extension EvaluationWording {
  /// One criterion in one line: `mean probability: AUROC 0.81 (0.74 to 0.88), within patients 0.80 (…); …`.
  static func line(_ row: RankingRow) -> String {
    var parts = ["AUROC \(estimate(row.estimate(.areaUnderROC)))"]
    if let within = row.withinPatient {
      let areas = within.lists.map(\.areaUnderROC)
      parts.append(
        "within patients \(estimate(within.mean)), \(Formatting.fixed(areas.min(), 2)) to "
          + "\(Formatting.fixed(areas.max(), 2))")
    }
    let found = [RankingMeasure.foundAt10, .foundAt20, .foundAt30].map { Formatting.fixed(row.estimate($0)?.value, 2) }
    parts.append("errors found in the first 10, 20, 30 %: " + found.joined(separator: ", "))
    if let gain = row.gainOverProbability { parts.append("minus mean probability \(estimate(gain))") }
    if let gain = row.gainOverProbabilityWithin { parts.append("within patients \(estimate(gain))") }
    return "\(criterion(row.criterion)): " + parts.joined(separator: "; ")
  }

  /// The calibration curve in one line.
  static func curve(_ reliability: Reliability) -> String {
    "score and observed errors by fifths of the findings: "
      + reliability.bins.map { "\(Formatting.fixed($0.meanPredicted, 2)) and \(Formatting.fixed($0.observed, 2))" }
      .joined(separator: ", ")
  }

  private static let judged: [RankingCriterion] = [
    .errorScore, .crossValidatedExtended, .crossValidatedPeaks, .saliencyPeak,
  ]

  /// Each score that saliency has a part in, beside mean probability on the same findings, in words.
  static func overProbability(_ table: RankingTable) -> [String] {
    guard let baseline = table.row(.meanProbability) else { return [] }
    return judged.compactMap { table.row($0) }.compactMap { row in
      guard let gain = row.gainOverProbability, let own = row.estimate(.areaUnderROC),
        let theirs = baseline.estimate(.areaUnderROC)
      else { return nil }
      var text =
        "Against mean probability, \(criterion(row.criterion)): over all findings "
        + compared(own.value, theirs.value, gain)
      if let within = row.withinPatient, let other = baseline.withinPatient, let gain = row.gainOverProbabilityWithin {
        text += "; within patients " + compared(within.mean.value, other.mean.value, gain)
        let lower = zip(within.lists, other.lists).map { $0.areaUnderROC - $1.areaUnderROC }
        let count = lower.count { $0 < -0.02 }
        text +=
          "; more than 0.02 below it in \(count) of \(Formatting.counted(lower.count, "list", "lists"))"
          + (count > 0 ? ", at most \(Formatting.fixed(-(lower.min() ?? 0), 2))" : "")
      }
      return text + "."
    }
  }

  /// `0.82 against 0.81, difference 0.01 (-0.05 to 0.06), not shown to differ`.
  private static func compared(_ own: Double, _ theirs: Double, _ gain: Estimate) -> String {
    let verdict =
      switch (gain.lower, gain.upper) {
      case (let lower?, _) where lower > 0: "better"
      case (_, let upper?) where upper < 0: "**worse**"
      case (.some, .some): "not shown to differ"
      default: "too few patients to tell"
      }
    return
      "\(Formatting.fixed(own, 2)) against \(Formatting.fixed(theirs, 2)), difference \(estimate(gain)), \(verdict)"
  }
}
