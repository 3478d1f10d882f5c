/// What a trust check of a saliency map came to.
public struct CheckOutcome: Hashable, Sendable {
  /// One measured value; its name says the unit where it has one.
  public struct Measure: Hashable, Sendable {
    public let name: String
    public let value: Double

    public init(_ name: String, _ value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// In a few words, as in a list of checks.
  public let name: String
  /// Nil: could not be assessed; ``detail`` says why.
  public let passed: Bool?
  /// The value that the rule is about first.
  public let measures: [Measure]
  /// When the check passes, in words with the limit.
  public let rule: String
  /// What was done, or why nothing could be.
  public let detail: String

  public init(name: String, passed: Bool?, measures: [Measure], rule: String, detail: String) {
    self.name = name
    // A value that is not a number proves nothing, so it cannot pass.
    self.passed = passed.map { $0 && measures.allSatisfy { $0.value.isFinite } }
    self.measures = measures.filter { $0.value.isFinite }
    self.rule = rule
    self.detail = detail
  }

  public static func notAssessed(_ name: String, rule: String, because reason: String) -> CheckOutcome {
    CheckOutcome(name: name, passed: nil, measures: [], rule: rule, detail: "Not assessed: \(reason).")
  }
}
