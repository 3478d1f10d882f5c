/// Curves over a grid of five by five, each named beside the grid.
struct CurvePlot {
  /// What an axis says: the end of its values, its title and the text of a value.
  typealias Axis = (from: Double, to: Double, title: String, text: (Double) -> String)

  private static let (left, top, right, bottom) = (70.0, 30.0, 470.0, 350.0)

  private var canvas: SVGCanvas
  private let x: PlotAxis
  private let y: PlotAxis
  private var legend = CurvePlot.top + 12

  init(width: Double, title: String, x: Axis, y: Axis) {
    let (left, top, right, bottom) = (Self.left, Self.top, Self.right, Self.bottom)
    self.x = PlotAxis(.linear, x.from, x.to, from: left, to: right)
    self.y = PlotAxis(.linear, y.from, y.to, from: bottom, to: top)
    canvas = SVGCanvas(width: width, height: 410, title: title)
    for (across, up) in zip(self.x.divisionValues, self.y.divisionValues) {
      let (column, row) = (self.x.place(across), self.y.place(up))
      canvas.line(column, top, column, bottom, colour: "#e4e4e4")
      canvas.text(x.text(across), column, bottom + 18)
      canvas.line(left, row, right, row, colour: "#e4e4e4")
      canvas.text(y.text(up), left - 8, row + 4, anchor: .end)
    }
    canvas.text(x.title, (left + right) / 2, bottom + 40)
    canvas.text(y.title, left - 48, (top + bottom) / 2, turned: true)
  }

  mutating func curve(
    _ name: String, _ points: [(x: Double, y: Double)], colour: String, width: Double = 2, dash: String? = nil
  ) {
    canvas.path(points.map { (x.place($0.x), y.place($0.y)) }, colour: colour, width: width, dash: dash)
    canvas.line(Self.right + 16, legend - 4, Self.right + 46, legend - 4, colour: colour, width: 2.5, dash: dash)
    canvas.text(name, Self.right + 52, legend, anchor: .start, size: 11)
    legend += 20
  }

  /// Says in the middle why there is no curve.
  mutating func note(_ text: String) { canvas.text(text, (Self.left + Self.right) / 2, (Self.top + Self.bottom) / 2) }

  var svg: String { canvas.svg }
}

/// Mean lesion probability against the surroundings that were left, one line per lesion.
public enum PerilesionalPlot {
  public static func svg(_ curves: [(name: String, points: [(millimetres: Double, probability: Double)])]) -> String {
    let widest = max(curves.flatMap(\.points).map(\.millimetres).max() ?? 1, 1)
    var plot = CurvePlot(
      width: 620, title: "Lesion probability and perilesional context",
      x: (0, widest, "surroundings left around the lesion, mm", { Formatting.fixed($0, 0) }),
      y: (0, 1, "mean lesion probability inside", { Formatting.fixed($0, 1) }))
    for (index, curve) in curves.enumerated() {
      plot.curve(
        curve.name, curve.points.map { ($0.millimetres, $0.probability) },
        colour: SVGCanvas.colours[index % SVGCanvas.colours.count])
    }
    return plot.svg
  }
}
