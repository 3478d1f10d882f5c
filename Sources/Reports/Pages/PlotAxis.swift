import Foundation

/// The horizontal axis of a distribution: bins of one width and their ticks.
struct PlotAxis {
  let isLogarithmic: Bool
  let binCount: Int
  /// Ends of the axis, as powers of ten where it is logarithmic.
  private let first: Double
  private let last: Double
  private let tickCount: Int
  private let width: Double
  private static let binsPerDecade = 4

  /// From a power of ten to a power of ten; nil unless all values lie above 0.
  init?(logarithmic values: [Double], width: Double) {
    guard let least = values.min(), let most = values.max(), least > 0, most.isFinite else { return nil }
    let lowest = Int(log10(least).rounded(.down))
    let decades = max(1, Int(log10(most).rounded(.up)) - lowest)
    isLogarithmic = true
    (first, last) = (Double(lowest), Double(lowest + decades))
    (binCount, tickCount, self.width) = (decades * Self.binsPerDecade, decades, width)
  }

  /// From 0 to 1 in tenths.
  init(probabilityWidth width: Double) {
    isLogarithmic = false
    (first, last) = (0, 1)
    (binCount, tickCount, self.width) = (10, 5, width)
  }

  func holds(_ value: Double) -> Bool { value.isFinite && (!isLogarithmic || value > 0) }

  private func share(_ value: Double) -> Double {
    ((isLogarithmic ? log10(value) : value) - first) / (last - first)
  }

  func bin(_ value: Double) -> Int { min(max(Int(share(value) * Double(binCount)), 0), binCount - 1) }

  func edge(_ bin: Int) -> Double { at(Double(bin) / Double(binCount)) }

  func place(_ value: Double) -> Double { min(share(value), 1) * width }

  private func at(_ share: Double) -> Double {
    let value = first + share * (last - first)
    return isLogarithmic ? pow(10, value) : value
  }

  var ticks: [PageFields] {
    (0...tickCount).map { tick in
      let share = Double(tick) / Double(tickCount)
      return [
        "x": .text(CohortPlots.number(share * width)),
        "text": .text(isLogarithmic ? Formatting.peak(at(share)) : Formatting.fixed(at(share), 1)),
        "anchor": .text(tick == 0 ? "start" : tick == tickCount ? "end" : "middle"),
      ]
    }
  }
}
