import Foundation

/// A drawing in SVG with a white ground, so that it reads on any page. Coordinates are pixels, y downwards.
struct SVGCanvas {
  /// Colours that people with colour-vision deficiency tell apart (Okabe and Ito 2008).
  static let colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]

  let width: Double
  let height: Double
  private let title: String
  private var elements: [String] = []

  init(width: Double, height: Double, title: String) {
    self.width = width
    self.height = height
    self.title = title
  }

  enum Anchor: String { case start, middle, end }

  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, colour: String = "#444444", width: Double = 1,
    dash: String? = nil
  ) {
    elements.append(
      "<line x1=\"\(n(x1))\" y1=\"\(n(y1))\" x2=\"\(n(x2))\" y2=\"\(n(y2))\" \(stroke(colour, width, dash))/>")
  }

  mutating func path(_ points: [(x: Double, y: Double)], colour: String, width: Double = 2, dash: String? = nil) {
    let text = points.map { "\(n($0.x)),\(n($0.y))" }.joined(separator: " ")
    elements.append("<polyline fill=\"none\" points=\"\(text)\" \(stroke(colour, width, dash))/>")
  }

  mutating func circle(_ x: Double, _ y: Double, radius: Double, colour: String) {
    elements.append(
      "<circle cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"\(n(radius))\" fill=\"\(colour)\" fill-opacity=\"0.45\"/>")
  }

  mutating func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
    elements.append(
      "<rect x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(width))\" height=\"\(n(height))\" fill=\"none\" "
        + "\(stroke("#111111", 1.5, nil))/>")
  }

  mutating func text(
    _ text: String, _ x: Double, _ y: Double, anchor: Anchor = .middle, size: Double = 12, turned: Bool = false
  ) {
    let turn = turned ? " transform=\"rotate(-90 \(n(x)) \(n(y)))\"" : ""
    elements.append(
      "<text x=\"\(n(x))\" y=\"\(n(y))\" font-size=\"\(n(size))\" "
        + "text-anchor=\"\(anchor.rawValue)\"\(turn)>\(HTMLText.escape(text))</text>")
  }

  var svg: String {
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(n(width)) \(n(height))\" width=\"\(n(width))\" "
      + "height=\"\(n(height))\" font-family=\"sans-serif\" fill=\"#111111\" role=\"img\">\n"
      + "<title>\(HTMLText.escape(title))</title>\n" + "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
      + elements.joined(separator: "\n") + "\n</svg>\n"
  }

  private func stroke(_ colour: String, _ width: Double, _ dash: String?) -> String {
    "stroke=\"\(colour)\" stroke-width=\"\(n(width))\"" + (dash.map { " stroke-dasharray=\"\($0)\"" } ?? "")
  }

  /// A coordinate, to a tenth of a pixel.
  static func number(_ value: Double) -> String {
    let text = String(format: "%.1f", value)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private func n(_ value: Double) -> String { Self.number(value) }
}
