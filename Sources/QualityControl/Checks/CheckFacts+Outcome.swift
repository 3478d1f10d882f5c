import Foundation
import Reports
import Results
import Saliency

extension CheckFacts {
  /// Values to three significant digits: differences in the last bits of single precision are no result.
  init(_ outcome: CheckOutcome) {
    self.init(
      name: outcome.name, passed: outcome.passed,
      measures: outcome.measures.map { Measure(name: $0.name, value: Self.rounded($0.value)) }, rule: outcome.rule,
      detail: outcome.detail)
  }

  private static func rounded(_ value: Double) -> Double { Double(String(format: "%.3g", value)) ?? value }
}
