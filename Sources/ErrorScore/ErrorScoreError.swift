/// What can be wrong with the input of a ranking or its statistics. Each description is one line: what is wrong, what
/// was expected.
public enum ErrorScoreError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Two lists that go together have different lengths.
  case lengthsDiffer(what: String, first: Int, second: Int)
  /// A value that cannot be ordered.
  case notANumber(what: String)
  /// A finding was given twice.
  case duplicateFinding(String)
  /// Only errors or only correct findings: there is nothing to tell apart.
  case oneClass
  /// Too few labelled cases for a calibration.
  case tooFew(what: String, found: Int, needed: Int)

  public var description: String {
    switch self {
    case .lengthsDiffer(let what, let first, let second):
      "\(what) have \(first) and \(second) entries, expected one of each per finding"
    case .notANumber(let what):
      "the \(what) is not a number, expected a finite value: check the saliency map it was read from"
    case .duplicateFinding(let finding): "finding \(finding) was given more than once, expected every finding once"
    case .oneClass:
      "the findings are all errors or all correct in a part of the cohort, expected both: add patients "
        + "with reference segmentations"
    case .tooFew(let what, let found, let needed):
      "the cohort has \(found) \(what), a calibration needs \(needed) or more: add patients with "
        + "reference segmentations"
    }
  }
}
