/// Outcome of a trust check of the saliency maps, see docs/checks.md.
public struct CheckFacts: Codable, Sendable, Equatable {
  public struct Measure: Codable, Sendable, Equatable {
    public var name: String
    public var value: Double

    public init(name: String, value: Double) {
      self.name = name
      self.value = value
    }
  }

  public var name: String
  /// Nil: could not be assessed; ``detail`` says why.
  public var passed: Bool?
  /// The value that the rule is about first.
  public var measures: [Measure]
  /// When the check passes, in words with the limit.
  public var rule: String
  public var detail: String

  public init(name: String, passed: Bool?, measures: [Measure], rule: String, detail: String) {
    self.name = name
    self.passed = passed
    self.measures = measures
    self.rule = rule
    self.detail = detail
  }

  /// `PASS`, `FAIL` or `not assessed`.
  public var verdict: String { passed.map { $0 ? "PASS" : "FAIL" } ?? "not assessed" }
}
