/// How much the values of a map differed between noise draws.
struct MapSpread: Sendable, Equatable {
  /// `[C, box.shape]` of the map: sum over the draws of squared deviations from their mean, before `factor`.
  private let squaredDeviations: [Float]
  private let draws: Int
  /// Of the map's values, to those whose spread was followed.
  private let factor: Double

  init(squaredDeviations: [Float], draws: Int, factor: Double = 1) {
    self.squaredDeviations = squaredDeviations
    self.draws = draws
    self.factor = factor
  }

  /// The spread of the same values times a factor.
  func scaled(by factor: Double) -> MapSpread {
    MapSpread(squaredDeviations: squaredDeviations, draws: draws, factor: self.factor * factor)
  }

  /// Standard error of the mean over the draws at a place of `[C, box.shape]`.
  func standardError(_ index: Int) -> Double {
    Self.standardError(squaredDeviations: Double(squaredDeviations[index]), draws: draws) * factor
  }

  /// sd over the draws (N − 1) / √N, of two draws or more.
  static func standardError(squaredDeviations: Double, draws: Int) -> Double {
    (squaredDeviations / Double(draws - 1) / Double(draws)).squareRoot()
  }
}
