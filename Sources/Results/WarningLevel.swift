/// How much a warning matters to a reader of the report.
public enum WarningLevel: Sendable {
  /// What the report says may be wrong, or it must not be handed on.
  case serious
  case ordinary
  /// Oddities of a file's header without an effect on what is shown.
  case header

  /// Words of the serious warnings, by which they are known in stored results.
  public static let swapped = "the two images look swapped"
  public static let headShown = "The images show the head"

  package init(of warning: String, _ results: PatientResults) {
    let headers = results.inputs.flatMap { input in input.headerProblems.map { "\(input.role): \($0)" } }
    if headers.contains(warning) {
      self = .header
    } else {
      self = warning.contains(Self.swapped) || warning.hasPrefix(Self.headShown) ? .serious : .ordinary
    }
  }
}
