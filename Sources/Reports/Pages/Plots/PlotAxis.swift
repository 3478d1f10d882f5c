import Foundation
import Statistics

/// One axis of a plot: where a value lies on it, its divisions, and bins of one width.
struct PlotAxis {
  enum Scale { case linear, logarithmic, inverseHyperbolicSine }

  let scale: Scale
  /// Equal parts between the ends.
  let divisions: Int
  /// Ends on the scale: powers of ten where it is logarithmic.
  private let first: Double
  private let last: Double
  /// Where the ends are drawn.
  private let start: Double
  private let end: Double

  /// - Parameters:
  ///   - first: end of the axis on its scale, drawn at `start`.
  init(_ scale: Scale, _ first: Double, _ last: Double, from start: Double, to end: Double, divisions: Int = 5) {
    self.scale = scale
    self.divisions = divisions
    (self.first, self.last, self.start, self.end) = (first, last, start, end)
  }

  /// From a power of ten to a power of ten; nil unless all values lie above 0.
  init?(logarithmic values: [Double], width: Double) {
    guard let least = values.min(), let most = values.max(), least > 0, most.isFinite else { return nil }
    let lowest = Int(saturating: log10(least).rounded(.down))
    let decades = max(1, Int(saturating: log10(most).rounded(.up)) - lowest)
    self.init(.logarithmic, Double(lowest), Double(lowest + decades), from: 0, to: width, divisions: decades)
  }

  /// From 0 to 1.
  init(probabilityWidth width: Double) { self.init(.linear, 0, 1, from: 0, to: width) }

  static func scaled(_ value: Double, _ scale: Scale) -> Double {
    switch scale {
    case .linear: value
    case .logarithmic: log10(value)
    case .inverseHyperbolicSine: asinh(value)
    }
  }

  func holds(_ value: Double) -> Bool { value.isFinite && (scale != .logarithmic || value > 0) }

  private func fraction(_ value: Double) -> Double { (Self.scaled(value, scale) - first) / (last - first) }

  func place(_ value: Double) -> Double { start + fraction(value) * (end - start) }

  private func value(at fraction: Double) -> Double {
    let scaled = first + fraction * (last - first)
    return switch scale {
    case .linear: scaled
    case .logarithmic: pow(10, scaled)
    case .inverseHyperbolicSine: sinh(scaled)
    }
  }

  /// The values between the parts, both ends included.
  var divisionValues: [Double] { (0...divisions).map { value(at: Double($0) / Double(divisions)) } }

  // MARK: - Bins

  /// Four bins a decade, or tenths of a probability.
  var binCount: Int { divisions * (scale == .logarithmic ? 4 : 2) }

  func bin(_ value: Double) -> Int { min(max(Int(saturating: fraction(value) * Double(binCount)), 0), binCount - 1) }

  func edge(_ bin: Int) -> Double { value(at: Double(bin) / Double(binCount)) }

  // MARK: - As fields of a page

  var ticks: [PageFields] {
    divisionValues.enumerated().map { index, value in
      [
        "x": .text(SVGCanvas.number(start + Double(index) / Double(divisions) * (end - start))),
        "text": .text(scale == .logarithmic ? Formatting.peak(value) : Formatting.fixed(value, 1)),
        "anchor": .text(index == 0 ? "start" : index == divisions ? "end" : "middle"),
      ]
    }
  }
}
