/// Mean and spread over noise draws of the values at some voxels, by Welford's recurrence: the error of a peak that is found
/// only at the end is known without keeping every draw.
struct DrawStatistics {
  private(set) var mean: [Double]
  private var squares: [Double]
  private var draws = 0

  init(count: Int) {
    mean = Array(repeating: 0, count: count)
    squares = mean
  }

  mutating func add(_ draw: [Double]) {
    draws += 1
    for index in draw.indices {
      let deviation = draw[index] - mean[index]
      mean[index] += deviation / Double(draws)
      squares[index] += deviation * (draw[index] - mean[index])
    }
  }

  /// sd over the draws (N − 1) / √N; nil for a single draw.
  func standardError(_ index: Int) -> Double? {
    draws < 2 ? nil : (squares[index] / Double(draws - 1) / Double(draws)).squareRoot()
  }
}
