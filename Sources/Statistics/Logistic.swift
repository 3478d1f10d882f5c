import Foundation

/// 1 / (1 + e⁻ᶻ), without overflow.
public func logistic(_ z: Double) -> Double { z >= 0 ? 1 / (1 + exp(-z)) : exp(z) / (1 + exp(z)) }

/// Softmax probability of one class: e to its logit over the sum over all classes.
///
/// - Parameters:
///   - chosen: from 0 to `classes` − 1.
///   - logit: of a class.
@inlinable public func softmax(of chosen: Int, among classes: Int, logit: (Int) -> Double) -> Double {
  let own = logit(chosen)
  var sum = 0.0
  for other in 0..<classes { sum += exponential(logit(other) - own) }
  return 1 / sum
}

@usableFromInline func exponential(_ x: Double) -> Double { exp(x) }
