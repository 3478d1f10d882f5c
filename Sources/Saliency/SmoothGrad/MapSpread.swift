/// How much the values of a map differed between noise samples.
struct MapSpread: Sendable, Equatable {
  /// `[C, box.shape]` of the map: sum over the samples of squared deviations from their mean, before `factor`.
  private let squaredDeviations: [Float]
  private let samples: Int
  /// Of the map's values, to those whose spread was followed.
  private let factor: Double

  init(squaredDeviations: [Float], samples: Int, factor: Double = 1) {
    self.squaredDeviations = squaredDeviations
    self.samples = samples
    self.factor = factor
  }

  /// The spread of the same values times a factor.
  func scaled(by factor: Double) -> MapSpread {
    MapSpread(squaredDeviations: squaredDeviations, samples: samples, factor: self.factor * factor)
  }

  /// Standard error of the mean over the samples at a place of `[C, box.shape]`.
  func standardError(_ index: Int) -> Double {
    Self.standardError(squaredDeviations: Double(squaredDeviations[index]), samples: samples) * factor
  }

  /// sd over the samples (N − 1) / √N, of two samples or more.
  static func standardError(squaredDeviations: Double, samples: Int) -> Double {
    (squaredDeviations / Double(samples - 1) / Double(samples)).squareRoot()
  }
}

/// Mean and spread over noise samples of the values at some voxels, by Welford's recurrence: the error of a peak that
/// is found only at the end is known without keeping every sample.
struct SampleStatistics {
  private(set) var mean: [Double]
  private var squares: [Double]
  private var samples = 0

  init(count: Int) {
    mean = Array(repeating: 0, count: count)
    squares = mean
  }

  mutating func add(_ sample: [Double]) {
    samples += 1
    for index in sample.indices {
      let deviation = sample[index] - mean[index]
      mean[index] += deviation / Double(samples)
      squares[index] += deviation * (sample[index] - mean[index])
    }
  }

  /// sd over the samples (N − 1) / √N; nil for a single sample.
  func standardError(_ index: Int) -> Double? {
    samples < 2 ? nil : MapSpread.standardError(squaredDeviations: squares[index], samples: samples)
  }
}
