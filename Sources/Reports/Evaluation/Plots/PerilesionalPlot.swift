/// Mean lesion probability against the surroundings that were left, one line per lesion.
public enum PerilesionalPlot {
  public static func svg(
    _ curves: [(name: String, points: [(millimetres: Double, probability: Double)])]
  ) -> String {
    let (left, top, right, bottom) = (70.0, 30.0, 470.0, 350.0)
    var canvas = SVGCanvas(width: 620, height: 410, title: "Lesion probability and perilesional context")
    let widest = max(curves.flatMap(\.points).map(\.millimetres).max() ?? 1, 1)
    func x(_ millimetres: Double) -> Double { left + millimetres / widest * (right - left) }
    func y(_ probability: Double) -> Double { bottom - probability * (bottom - top) }
    for step in 0...5 {
      let share = Double(step) / 5
      canvas.line(x(share * widest), top, x(share * widest), bottom, colour: "#e4e4e4")
      canvas.text(Formatting.fixed(share * widest, 0), x(share * widest), bottom + 18)
      canvas.line(left, y(share), right, y(share), colour: "#e4e4e4")
      canvas.text(Formatting.fixed(share, 1), left - 8, y(share) + 4, anchor: .end)
    }
    canvas.text("surroundings left around the lesion, mm", (left + right) / 2, bottom + 40)
    canvas.text("mean lesion probability inside", left - 48, (top + bottom) / 2, turned: true)
    for (index, curve) in curves.enumerated() {
      let colour = SVGCanvas.colours[index % SVGCanvas.colours.count]
      canvas.path(curve.points.map { (x($0.millimetres), y($0.probability)) }, colour: colour)
      let legend = top + 12 + Double(index) * 20
      canvas.line(right + 16, legend - 4, right + 46, legend - 4, colour: colour, width: 2.5)
      canvas.text(curve.name, right + 52, legend, anchor: .start, size: 11)
    }
    return canvas.svg
  }
}
