public import Lesions
import Results

/// The whole cohort in one line: for the foot of the cohort page and for the console.
public struct CohortSummary: Sendable, Equatable {
  public let patients: Int
  public let counts: [PatientState: Int]
  public let lesions: Int
  public let candidates: Int
  public let volumeMillilitres: Double
  /// Lesions of all patients with a truth counted together; nil when no patient has one.
  public let pooled: DetectionMetrics?
  /// Patients with a truth.
  public let patientsWithTruth: Int
  /// Mean over the patients for whom it is defined.
  public let meanDSC: Double?
  public let meanNormalisedDSC: Double?

  public init(_ entries: [CohortEntry]) {
    let results = entries.compactMap(\.results)
    let truths = results.compactMap(\.truth)
    patients = entries.count
    counts = entries.reduce(into: [:]) { $0[$1.state, default: 0] += 1 }
    lesions = results.reduce(0) { $0 + $1.counts.lesions }
    candidates = results.reduce(0) { $0 + $1.counts.candidates }
    volumeMillilitres = results.reduce(0) { $0 + $1.counts.totalLesionVolumeMillilitres }
    patientsWithTruth = truths.count
    pooled =
      truths.isEmpty
      ? nil
      : truths.reduce(DetectionMetrics(truePositives: 0, falsePositives: 0, falseNegatives: 0)) { sum, truth in
        sum
          + DetectionMetrics(
            truePositives: truth.truePositives, falsePositives: truth.falsePositives,
            falseNegatives: truth.falseNegatives)
      }
    meanDSC = Self.mean(truths.compactMap(\.dsc))
    meanNormalisedDSC = Self.mean(truths.compactMap(\.normalisedDsc))
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// `3 patients: 2 done, 1 failed`.
  public var statesInWords: String {
    let parts = PatientState.allCases.compactMap { state in counts[state].map { "\($0) \(state.rawValue)" } }
    let total = Formatting.counted(patients, "patient", "patients")
    return parts.isEmpty ? total : "\(total): \(parts.joined(separator: ", "))"
  }

  /// The pooled comparison with expert masks in one sentence; nil without a truth.
  public var truthInWords: String? {
    guard let pooled else { return nil }
    return "Against expert masks of \(Formatting.counted(patientsWithTruth, "patient", "patients")): "
      + "\(pooled.truePositives) TP, \(pooled.falsePositives) FP, \(pooled.falseNegatives) FN; lesion TPR "
      + "\(Formatting.percent(pooled.truePositiveRate)), FDR \(Formatting.percent(pooled.falseDiscoveryRate)), F1 "
      + "\(Formatting.fixed(pooled.f1, 2)) (pooled); mean DSC \(Formatting.fixed(meanDSC, 2)), mean nDSC "
      + "\(Formatting.fixed(meanNormalisedDSC, 2))."
  }
}
