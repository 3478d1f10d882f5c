/// Whether probabilities of error mean what they say: predicted against observed.
public struct Reliability: Hashable, Sendable, Codable {
  /// A fifth of the findings, by probability ascending.
  public struct Bin: Hashable, Sendable, Codable {
    public let count: Int
    public let meanPredicted: Double
    public let observed: Double
  }

  /// Mean squared difference of probability and outcome; the base rate alone gives rate · (1 − rate).
  public let brierScore: Double
  /// Sum of the probabilities, and errors that there are.
  public let expectedErrors: Double
  public let observedErrors: Int
  public let bins: [Bin]

  /// Nil for an empty list.
  public init?(probabilities: [Double], isError: [Bool]) throws(ErrorScoreError) {
    guard probabilities.count == isError.count else {
      throw .lengthsDiffer(what: "probabilities and labels", first: probabilities.count, second: isError.count)
    }
    guard probabilities.allSatisfy({ $0 >= 0 && $0 <= 1 }) else { throw .notANumber(what: "probability of an error") }
    guard !probabilities.isEmpty else { return nil }
    let count = probabilities.count
    brierScore =
      zip(probabilities, isError).reduce(0) { $0 + ($1.0 - ($1.1 ? 1 : 0)) * ($1.0 - ($1.1 ? 1 : 0)) } / Double(count)
    expectedErrors = probabilities.reduce(0, +)
    observedErrors = isError.count { $0 }
    let order = probabilities.indices.sorted {
      probabilities[$0] != probabilities[$1] ? probabilities[$0] < probabilities[$1] : $0 < $1
    }
    let wanted = min(5, count)
    bins = (0..<wanted).map { bin in
      let members = order[(bin * count / wanted)..<((bin + 1) * count / wanted)]
      return Bin(
        count: members.count, meanPredicted: members.reduce(0) { $0 + probabilities[$1] } / Double(members.count),
        observed: Double(members.count { isError[$0] }) / Double(members.count))
    }
  }
}
