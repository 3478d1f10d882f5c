public import Lesions

/// How much labelled evidence a calibration needs.
public enum CalibrationRule {
  public static let fewestPatients = 5
  /// Of each of the four kinds: false positives, true positives, missed lesions, candidates that are none.
  public static let fewestOfAKind = 20

  /// - Parameter findings: of one kind.
  /// - Throws: `ErrorScoreError.tooFew` that names what is too few.
  public static func require(_ findings: [LabelledFinding], _ kind: FindingKind) throws(ErrorScoreError) {
    let patients = Set(findings.map(\.cluster)).count
    let (errors, correct) =
      kind == .lesion
      ? ("false positives", "true positives")
      : ("missed-lesion candidates that are missed lesions", "candidates that are not")
    guard patients >= fewestPatients else {
      throw .tooFew(
        what: kind == .lesion ? "patients with predicted lesions" : "patients with missed-lesion candidates",
        found: patients, needed: fewestPatients)
    }
    let errorCount = findings.count { $0.isError }
    guard errorCount >= fewestOfAKind else { throw .tooFew(what: errors, found: errorCount, needed: fewestOfAKind) }
    guard findings.count - errorCount >= fewestOfAKind else {
      throw .tooFew(what: correct, found: findings.count - errorCount, needed: fewestOfAKind)
    }
  }
}
