public import Lesions

/// One work list whose errors are known: how far a reader has to go for them.
///
/// Lesions that stand in no list are not counted: who reads the list cannot find them.
public struct JudgedList: Hashable, Sendable, Codable {
  /// `sub-01` or `sub-01_ses-02`.
  public let name: String
  /// The patient with all visits.
  public let patient: String
  /// By position in the list.
  public let isError: [Bool]

  public init(name: String, patient: String, isError: [Bool]) {
    self.name = name
    self.patient = patient
    self.isError = isError
  }

  public var errorCount: Int { isError.count { $0 } }

  /// Errors that stand after the first findings.
  public func errors(after position: Int) -> Int { isError.dropFirst(position).count { $0 } }

  /// Whether more than a fraction of the errors stand after the first findings; never of a list without errors.
  ///
  /// - Parameter tolerated: from 0 to below 1.
  public func isLost(after position: Int, tolerating tolerated: Double) -> Bool {
    // 0.2 · 15 is a little above 3 in binary; a whole number of errors is meant.
    Double(errors(after: position)) > tolerated * Double(errorCount) + 1e-9
  }
}

extension JudgedList {
  /// The lists of a labelled cohort, each in the order of models that never saw the patient: both kinds of finding are
  /// fitted once more without each patient (leave one patient out, with all visits).
  ///
  /// - Parameter findings: of each visit as the work list counts them: lesions, then candidates, by number.
  /// - Throws: when the other patients' findings of a kind are all errors or all correct.
  static func heldOut(_ findings: [LabelledFinding], features: [ScoreFeature]) throws(ErrorScoreError) -> [JudgedList] {
    var lists: [JudgedList] = []
    for patient in Set(findings.map(\.cluster)).sorted() {
      let own = findings.filter { $0.cluster == patient }
      var scores: [(finding: LabelledFinding, score: Double)] = []
      for kind in [FindingKind.lesion, .candidate] {
        let judged = own.filter { $0.kind == kind }
        guard !judged.isEmpty else { continue }
        let model = try ErrorModel(
          fitting: findings.filter { $0.kind == kind && $0.cluster != patient }, features: features)
        scores += judged.map { ($0, model.probability(of: $0.features)) }
      }
      for name in Set(own.map(\.patient)).sorted() {
        lists.append(try JudgedList(name, patient, scores.filter { $0.finding.patient == name }))
      }
    }
    return lists
  }

  /// The work list of one visit, by the rule of every calibrated order.
  private init(_ name: String, _ patient: String, _ scores: [(finding: LabelledFinding, score: Double)])
    throws(ErrorScoreError)
  {
    var isError: [FindingID: Bool] = [:]
    var ranked: [RankedFinding] = []
    var numbers: [FindingKind: Int] = [:]
    for (finding, score) in scores {
      numbers[finding.kind, default: 0] += 1
      let id = FindingID(kind: finding.kind, number: numbers[finding.kind]!)
      isError[id] = finding.isError
      ranked.append(RankedFinding(finding: id, value: score))
    }
    self.init(
      name: name, patient: patient, isError: try ReviewOrder(calibrated: ranked).entries.map { isError[$0.finding]! })
  }
}
