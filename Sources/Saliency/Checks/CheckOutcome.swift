import Foundation

/// What a sanity check of a saliency map came to.
public struct CheckOutcome: Hashable, Sendable, Codable {
  /// One measured value.
  public struct Measure: Hashable, Sendable, Codable {
    public let name: String
    public let value: Double
    public let unit: Unit

    public enum Unit: String, Sendable, Codable {
      /// Shown as percent.
      case fraction
      /// A number in the unit that the name says, or in none.
      case number
    }

    public init(_ name: String, _ value: Double, _ unit: Unit = .number) {
      self.name = name
      self.value = value
      self.unit = unit
    }

    public init(fraction name: String, _ value: Double) { self.init(name, value, .fraction) }
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

  /// `PASS`, `FAIL` or `not assessed`.
  public var verdict: String { passed.map { $0 ? "PASS" : "FAIL" } ?? "not assessed" }

  /// As it is kept: values to three significant digits, since differences in the last bits of single precision are no
  /// result.
  public var rounded: CheckOutcome {
    CheckOutcome(
      name: name, passed: passed,
      measures: measures.map { Measure($0.name, Double(String(format: "%.3g", $0.value)) ?? $0.value, $0.unit) },
      rule: rule, detail: detail)
  }
}
