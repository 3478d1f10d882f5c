/// Median of some intensities and their robust spread.
struct IntensityLevel: Equatable {
  let median: Float
  /// 1.4826 times the median absolute deviation: the standard deviation where intensities are normal.
  let spread: Float

  /// Nil without a value.
  init?(_ values: [Float]) {
    guard let median = Self.median(values) else { return nil }
    self.median = median
    spread = 1.4826 * Self.median(values.map { abs($0 - median) })!
  }

  init(median: Float, spread: Float) {
    self.median = median
    self.spread = spread
  }

  func contains(_ value: Float, spreads: Float) -> Bool { abs(value - median) <= spreads * spread }

  /// The upper of the two middle values where their number is even; nil without a value.
  static func median(_ values: [Float]) -> Float? {
    values.isEmpty ? nil : values.sorted()[values.count / 2]
  }
}
