import ErrorScore
import Foundation
import Lesions

/// Retention curves of the criteria between a random order and the oracle.
enum RetentionPlot {
  static func svg(_ table: RankingTable) -> String {
    let (left, top, right, bottom) = (70.0, 30.0, 470.0, 350.0)
    let lesions = table.kind == .lesion
    var canvas = SVGCanvas(
      width: 760, height: 410,
      title: lesions ? "Lesion PPV retention curve" : "Retention curve of missed-lesion candidates")
    let shown = table.rows.compactMap { row in row.retention.map { (row.criterion, $0) } }
    let base = shown.first?.1.points.last?.correct ?? 0
    // The curves start at the base rate: from there to 1 is what a ranking can gain.
    let floor = (base * 10).rounded(.down) / 10
    func x(_ kept: Double) -> Double { left + kept * (right - left) }
    func y(_ correct: Double) -> Double { bottom - (correct - floor) / (1 - floor) * (bottom - top) }
    for step in 0...5 {
      let share = Double(step) / 5
      canvas.line(x(share), top, x(share), bottom, colour: "#e4e4e4")
      canvas.text(Formatting.percent(share), x(share), bottom + 18)
      let level = floor + share * (1 - floor)
      canvas.line(left, y(level), right, y(level), colour: "#e4e4e4")
      canvas.text(Formatting.fixed(level, 2), left - 8, y(level) + 4, anchor: .end)
    }
    canvas.text("kept without looking", (left + right) / 2, bottom + 40)
    canvas.text(
      lesions ? "lesion PPV after the rest was put right" : "correct after the rest was put right", left - 48,
      (top + bottom) / 2, turned: true)
    guard !shown.isEmpty else {
      canvas.text("no errors, or nothing but errors: no curve", (left + right) / 2, (top + bottom) / 2)
      return canvas.svg
    }
    var legend = top + 12
    func entry(_ name: String, _ colour: String, _ dash: String?) {
      canvas.line(right + 16, legend - 4, right + 46, legend - 4, colour: colour, width: 2.5, dash: dash)
      canvas.text(name, right + 52, legend, anchor: .start, size: 11)
      legend += 20
    }
    canvas.path([(x(0), y(1)), (x(base), y(1)), (x(1), y(base))], colour: "#777777", dash: "2 3")
    entry("oracle", "#777777", "2 3")
    for (index, row) in shown.enumerated() {
      let colour = SVGCanvas.colours[index % SVGCanvas.colours.count]
      let dash = index < SVGCanvas.colours.count ? nil : "6 3"
      canvas.path(
        row.1.points.map { (x($0.kept), y($0.correct)) }, colour: colour, width: index == 0 ? 3 : 1.8, dash: dash)
      entry(short(row.0), colour, dash)
    }
    canvas.path([(x(0), y(1)), (x(1), y(base))], colour: "#777777", dash: "6 4")
    entry("random order", "#777777", "6 4")
    return canvas.svg
  }

  private static func short(_ criterion: RankingCriterion) -> String {
    switch criterion {
    case .crossValidatedPeaks: "peak, calibrated on the others"
    case .crossValidatedExtended: "all features, calibrated on the others"
    default: EvaluationWording.criterion(criterion)
    }
  }
}
