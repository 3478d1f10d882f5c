public import Lesions

/// Error probabilities of findings by models that never saw the patient.
public enum CrossValidation {
  /// Patients are dealt to the folds in order of name, so that the folds do not depend on chance; sessions of a patient
  /// stay together.
  public static func folds(of findings: [LabelledFinding], atMost most: Int = 10) -> [Int] {
    let clusters = Set(findings.map(\.cluster)).sorted()
    let count = min(most, clusters.count)
    let fold = Dictionary(uniqueKeysWithValues: clusters.enumerated().map { ($1, $0 % count) })
    return findings.map { fold[$0.cluster]! }
  }

  /// One probability per finding, in order.
  ///
  /// - Throws: when the findings outside a fold are all errors or all correct, or come from one patient only.
  public static func probabilities(of findings: [LabelledFinding], features: [ScoreFeature]) throws(ErrorScoreError)
    -> [Double]
  { try judged(findings, features) { $0.probability(of: $1) } }

  /// What the findings of all folds may be ranked by together: log-odds without the folds' intercepts.
  ///
  /// A fold with many errors leaves few for its model, whose intercept is then low just for the findings with many
  /// errors. Pooled probabilities therefore rank a feature without any information below chance: AUROC 0.43 for pure
  /// noise, 20 patients and 10 folds, and 0.49 without the intercepts.
  static func evidence(of findings: [LabelledFinding], features: [ScoreFeature]) throws(ErrorScoreError) -> [Double] {
    try judged(findings, features) { $0.evidence(in: $1) }
  }

  private static func judged(
    _ findings: [LabelledFinding], _ features: [ScoreFeature], by judge: (ErrorModel, RegionFeatures) -> Double
  ) throws(ErrorScoreError) -> [Double] {
    let folds = folds(of: findings)
    var found = [Double](repeating: 0, count: findings.count)
    for fold in Set(folds).sorted() {
      let model = try ErrorModel(
        fitting: findings.indices.filter { folds[$0] != fold }.map { findings[$0] }, features: features)
      for index in findings.indices where folds[index] == fold { found[index] = judge(model, findings[index].features) }
    }
    return found
  }
}

/// How much labelled evidence a calibration needs.
public enum CalibrationRule {
  public static let fewestPatients = PatientBootstrap.fewestPatients
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
