/// Minimises a function of a few parameters by its gradient (Broyden, Fletcher, Goldfarb and Shanno), with a line
/// search for the weak Wolfe conditions by bisection.
///
/// Source: Nocedal and Wright, *Numerical Optimization*, 2nd ed. 2006, algorithm 6.1; Lewis and Overton, Mathematical
/// Programming 141 (2013) 135–163, algorithm 2.6.
struct BFGS {
  /// Length of the first trial step, in the parameters' unit, and of the longest one.
  let firstStep: Double
  let longestStep: Double
  /// A step in which no parameter changes by more ends the search.
  let tolerance: Double
  let maximumIterations: Int

  struct Minimum {
    let parameters: [Double]
    let value: Double
    let iterations: Int
  }

  /// - Parameter function: value and gradient; a value of infinity is a place not to go to.
  func minimise(_ start: [Double], _ function: ([Double]) -> (value: Double, gradient: [Double])) -> Minimum {
    let n = start.count
    var x = start
    var (value, gradient) = function(x)
    var inverse: [[Double]] = []
    for iteration in 0..<maximumIterations {
      let slopeLength = dot(gradient, gradient).squareRoot()
      guard value.isFinite, slopeLength > 0 else { return Minimum(parameters: x, value: value, iterations: iteration) }
      let isFirst = inverse.isEmpty
      if isFirst { inverse = (0..<n).map { r in (0..<n).map { $0 == r ? firstStep / slopeLength : 0 } } }
      var direction = inverse.map { -dot($0, gradient) }
      if dot(direction, gradient) >= 0 {
        // Rounding has spoilt the matrix: start again downhill.
        inverse = []
        direction = gradient.map { -$0 * firstStep / slopeLength }
      }
      let stretch = longestStep / dot(direction, direction).squareRoot()
      if stretch < 1 { direction = direction.map { $0 * stretch } }
      guard let next = lineSearch(x, value, gradient, direction, function) else {
        return Minimum(parameters: x, value: value, iterations: iteration + 1)
      }
      let step = zip(next.x, x).map { $0 - $1 }
      let change = zip(next.gradient, gradient).map { $0 - $1 }
      (x, value, gradient) = (next.x, next.value, next.gradient)
      if step.allSatisfy({ abs($0) < tolerance }) {
        return Minimum(parameters: x, value: value, iterations: iteration + 1)
      }
      let curvature = dot(step, change)
      if curvature > 0, !inverse.isEmpty {
        if isFirst {
          let scale = curvature / dot(change, change)
          inverse = (0..<n).map { r in (0..<n).map { $0 == r ? scale : 0 } }
        }
        update(&inverse, step, change, curvature)
      }
    }
    return Minimum(parameters: x, value: value, iterations: maximumIterations)
  }

  /// A point with enough of a decrease and a flatter slope; the last with a decrease where 12 trials find none; nil
  /// without a decrease.
  private func lineSearch(
    _ x: [Double], _ value: Double, _ gradient: [Double], _ direction: [Double],
    _ function: ([Double]) -> (value: Double, gradient: [Double])
  ) -> (x: [Double], value: Double, gradient: [Double])? {
    let slope = dot(direction, gradient)
    var (low, high, length) = (0.0, Double.infinity, 1.0)
    var best: (x: [Double], value: Double, gradient: [Double])?
    for _ in 0..<12 {
      let trial = zip(x, direction).map { $0 + length * $1 }
      let (found, slopes) = function(trial)
      if !(found <= value + 1e-4 * length * slope) {
        high = length
      } else {
        if found < (best?.value ?? .infinity) { best = (trial, found, slopes) }
        if dot(direction, slopes) >= 0.9 * slope { return best }
        low = length
      }
      if high.isInfinite, length * dot(direction, direction).squareRoot() >= longestStep { return best }
      length = high.isInfinite ? 2 * low : (low + high) / 2
      let reach = direction.map { abs($0) }.max()! * (high.isInfinite ? length : high - low)
      if reach < tolerance / 4 { return best }
    }
    return best
  }

  /// H ← (1 − s yᵀ/ρ) H (1 − y sᵀ/ρ) + s sᵀ/ρ with ρ = yᵀ s.
  private func update(_ h: inout [[Double]], _ s: [Double], _ y: [Double], _ curvature: Double) {
    let hy = h.map { dot($0, y) }
    let factor = (1 + dot(y, hy) / curvature) / curvature
    for r in s.indices {
      for c in s.indices { h[r][c] += factor * s[r] * s[c] - (hy[r] * s[c] + s[r] * hy[c]) / curvature }
    }
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}
