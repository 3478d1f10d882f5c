import Foundation
import Statistics

/// Logistic regression with a penalty on the squared weights, the intercept left free.
///
/// Minimises ½ Σ wⱼ² + C Σᵢ log(1 + exp(−yᵢ (w·xᵢ + b))), y = ±1: the objective of scikit-learn's
/// `LogisticRegression(C=C)`. Newton's method with halved steps; the objective is strictly convex, so there is one
/// answer.
struct LogisticRegression: Hashable, Sendable {
  let weights: [Double]
  let intercept: Double

  /// - Parameters:
  ///   - rows: one list of equally many features per finding, of comparable scale.
  ///   - inversePenalty: C, above 0.
  /// - Throws: when the labels hold one class only, for which the intercept would be infinite.
  init(rows: [[Double]], isError: [Bool], inversePenalty: Double = 1) throws(ErrorScoreError) {
    guard rows.count == isError.count else {
      throw .lengthsDiffer(what: "rows and labels", first: rows.count, second: isError.count)
    }
    guard isError.contains(true) && isError.contains(false) else { throw .oneClass }
    let count = rows[0].count
    var x = [Double](repeating: 0, count: count + 1)
    func objective(_ x: [Double]) -> Double {
      var sum = 0.0
      for (row, positive) in zip(rows, isError) {
        let z = Self.linear(row, x)
        // log(1 + exp(−z)) without overflow.
        let t = positive ? -z : z
        sum += max(t, 0) + log1p(exp(-abs(t)))
      }
      return 0.5 * x.dropLast().reduce(0) { $0 + $1 * $1 } + inversePenalty * sum
    }
    var value = objective(x)
    for _ in 0..<100 {
      var gradient = x
      gradient[count] = 0
      var hessian = [[Double]](repeating: [Double](repeating: 0, count: count + 1), count: count + 1)
      for j in 0..<count { hessian[j][j] = 1 }
      for (row, positive) in zip(rows, isError) {
        let p = logistic(Self.linear(row, x))
        let residual = inversePenalty * (p - (positive ? 1 : 0))
        // p (1 − p) underflows for a certain finding; the floor keeps the matrix invertible and moves no minimum.
        let curvature = inversePenalty * max(p * (1 - p), 1e-12)
        for j in 0...count {
          let a = j < count ? row[j] : 1
          gradient[j] += residual * a
          for k in 0...j { hessian[j][k] += curvature * a * (k < count ? row[k] : 1) }
        }
      }
      guard gradient.contains(where: { abs($0) > 1e-11 * Double(rows.count) }) else { break }
      let step = Self.solve(hessian, gradient)
      var scale = 1.0
      var next = x
      var nextValue = value
      repeat {
        next = zip(x, step).map { $0 - scale * $1 }
        nextValue = objective(next)
        scale /= 2
      } while nextValue > value && scale > 1e-10
      guard nextValue < value else { break }
      (x, value) = (next, nextValue)
    }
    weights = Array(x.dropLast())
    intercept = x[count]
  }

  func probability(of row: [Double]) -> Double { logistic(Self.linear(row, weights + [intercept])) }

  private static func linear(_ row: [Double], _ x: [Double]) -> Double {
    var z = x[row.count]
    for j in row.indices { z += row[j] * x[j] }
    return z
  }

  /// Solves A s = g by Cholesky's decomposition; A symmetric and positive definite, its lower triangle given.
  private static func solve(_ a: [[Double]], _ g: [Double]) -> [Double] {
    var l = a
    var s = g
    for j in g.indices {
      for k in 0..<j { l[j][j] -= l[j][k] * l[j][k] }
      l[j][j] = l[j][j].squareRoot()
      for i in (j + 1)..<max(j + 1, g.count) {
        for k in 0..<j { l[i][j] -= l[i][k] * l[j][k] }
        l[i][j] /= l[j][j]
      }
      for k in 0..<j { s[j] -= l[j][k] * s[k] }
      s[j] /= l[j][j]
    }
    for j in g.indices.reversed() {
      for k in (j + 1)..<max(j + 1, g.count) { s[j] -= l[k][j] * s[k] }
      s[j] /= l[j][j]
    }
    return s
  }
}
