import ErrorScore
import Lesions
import Results

/// Retention curves of the criteria between a random order and the oracle.
enum RetentionPlot {
  static func svg(_ table: RankingTable) -> String {
    let lesions = table.kind == .lesion
    let shown = table.rows.compactMap { row in row.retention.map { (row.criterion, $0) } }
    let base = shown.first?.1.points.last?.correct ?? 0
    // The curves start at the base rate: from there to 1 is what a ranking can gain.
    let floor = (base * 10).rounded(.down) / 10
    var plot = CurvePlot(
      width: 760, title: lesions ? "Lesion PPV retention curve" : "Retention curve of missed-lesion candidates",
      x: (0, 1, "kept without looking", { Formatting.percent($0) }),
      y: (
        floor, 1, lesions ? "lesion PPV after the rest was put right" : "correct after the rest was put right",
        { Formatting.fixed($0, 2) }
      ))
    guard !shown.isEmpty else {
      plot.note("no errors, or nothing but errors: no curve")
      return plot.svg
    }
    plot.curve("oracle", [(0, 1), (base, 1), (1, base)], colour: "#777777", dash: "2 3")
    for (index, (criterion, retention)) in shown.enumerated() {
      plot.curve(
        short(criterion), retention.points.map { ($0.kept, $0.correct) },
        colour: SVGCanvas.colours[index % SVGCanvas.colours.count], width: index == 0 ? 3 : 1.8,
        dash: index < SVGCanvas.colours.count ? nil : "6 3")
    }
    plot.curve("random order", [(0, 1), (1, base)], colour: "#777777", dash: "6 4")
    return plot.svg
  }

  private static func short(_ criterion: RankingCriterion) -> String {
    switch criterion {
    case .crossValidatedPeaks: "peak, calibrated on the others"
    case .crossValidatedExtended: "all features, calibrated on the others"
    default: EvaluationWording.criterion(criterion)
    }
  }
}

/// Calibration curves: error scores against observed errors, both kinds beside the diagonal.
enum ReliabilityPlot {
  static func svg(_ evaluation: Evaluation) -> String {
    var plot = CurvePlot(
      width: 560, title: "Calibration curve", x: (0, 1, "mean error score", { Formatting.fixed($0, 2) }),
      y: (0, 1, "observed share of errors", { Formatting.fixed($0, 2) }))
    plot.curve("as predicted", [(0, 0), (1, 1)], colour: "#777777", dash: "6 4")
    let kinds = [("lesions", evaluation.lesions.reliability), ("candidates", evaluation.candidates.reliability)]
    for (index, (name, reliability)) in kinds.enumerated() {
      guard let reliability else { continue }
      plot.curve(
        name, reliability.bins.map { ($0.meanPredicted, $0.observed) }, colour: SVGCanvas.colours[index], width: 2.4)
    }
    return plot.svg
  }
}
