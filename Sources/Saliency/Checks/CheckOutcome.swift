import Foundation

/// What a sanity check of a saliency map came to.
public struct CheckOutcome: Hashable, Sendable, Codable {
  /// One measured value.
  public struct Measure: Hashable, Sendable, Codable {
    public let quantity: SanityCheck.Quantity
    /// What the value belongs to where a check measures several: an aggregation, a fraction of weights, a noise factor.
    public let of: String?
    public let value: Double

    public init(_ quantity: SanityCheck.Quantity, of: String? = nil, _ value: Double) {
      self.quantity = quantity
      self.of = of
      self.value = value
    }
  }

  /// How much a check looked at; what it has no use for is absent.
  public struct Basis: Hashable, Sendable, Codable {
    public var lesions: Int?
    /// Of one finding.
    public var voxels: Int?
    public var noiseSamples: Int?

    public init(lesions: Int? = nil, voxels: Int? = nil, noiseSamples: Int? = nil) {
      self.lesions = lesions
      self.voxels = voxels
      self.noiseSamples = noiseSamples
    }
  }

  public let check: SanityCheck
  /// Nil: could not be assessed; ``limitation`` says why.
  public let passed: Bool?
  /// The value that the rule is about first.
  public let measures: [Measure]
  public let basis: Basis
  public let limitation: SanityCheck.Limitation?

  public init(_ check: SanityCheck, passed: Bool, measures: [Measure], basis: Basis = Basis()) {
    self.check = check
    // A value that is not a number proves nothing, so it cannot pass.
    self.passed = passed && measures.allSatisfy { $0.value.isFinite }
    self.measures = measures.filter { $0.value.isFinite }
    self.basis = basis
    limitation = nil
  }

  public init(_ check: SanityCheck, notAssessed limitation: SanityCheck.Limitation) {
    self.check = check
    passed = nil
    measures = []
    basis = Basis()
    self.limitation = limitation
  }

  private init(_ outcome: CheckOutcome, measures: [Measure]) {
    check = outcome.check
    passed = outcome.passed
    self.measures = measures
    basis = outcome.basis
    limitation = outcome.limitation
  }

  /// Rules about what most lesions do say nothing of a few: what fails one there is not assessed, and keeps its values.
  public var toleratingFewLesions: CheckOutcome {
    guard passed == false, check.isAboutMostLesions, let lesions = basis.lesions,
      lesions < SensitivityCheck.fewestForRanks
    else { return self }
    return CheckOutcome(withheld: self)
  }

  private init(withheld outcome: CheckOutcome) {
    check = outcome.check
    passed = nil
    measures = outcome.measures
    basis = outcome.basis
    limitation = .tooFewLesions
  }

  /// As it is kept: values to three significant digits, since differences in the last bits of single precision are no
  /// result.
  public var rounded: CheckOutcome {
    CheckOutcome(
      self,
      measures: measures.map { Measure($0.quantity, of: $0.of, Double(String(format: "%.3g", $0.value)) ?? $0.value) })
  }
}
