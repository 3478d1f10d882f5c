import Lesions
public import Results

/// The whole cohort in one line: for the foot of the cohort page and for the console.
public struct CohortSummary: Sendable, Equatable {
  public let patients: Int
  public let counts: [PatientState: Int]
  public let lesions: Int
  public let candidates: Int
  public let volumeMillilitres: Double
  /// Nil when no patient has a reference segmentation.
  public let reference: ReferenceSummary?

  public init(_ entries: [CohortEntry]) {
    let results = entries.compactMap(\.results)
    let references = results.compactMap(\.reference)
    patients = entries.count
    counts = entries.reduce(into: [:]) { $0[$1.state, default: 0] += 1 }
    lesions = results.reduce(0) { $0 + $1.counts.lesions }
    candidates = results.reduce(0) { $0 + $1.counts.candidates }
    volumeMillilitres = results.reduce(0) { $0 + $1.counts.totalLesionVolumeMillilitres }
    reference = references.isEmpty ? nil : ReferenceSummary(references)
  }

  /// `3 patients: 2 done, 1 failed`.
  public var statesInWords: String {
    let parts = PatientState.allCases.compactMap { state in counts[state].map { "\($0) \(state.rawValue)" } }
    let total = Formatting.counted(patients, "patient", "patients")
    return parts.isEmpty ? total : "\(total): \(parts.joined(separator: ", "))"
  }

  /// The pooled comparison with reference segmentations in one sentence; nil without one.
  public var referenceInWords: String? {
    guard let reference else { return nil }
    let pooled = reference.pooled
    return "Against reference segmentations of \(Formatting.counted(reference.patients, "patient", "patients")): "
      + "\(Wording.found(reference)) lesions found, \(Wording.falseLesions(pooled)) false; lesion TPR "
      + "\(Formatting.percent(pooled.truePositiveRate)), FDR \(Formatting.percent(pooled.falseDiscoveryRate)), F1 "
      + "\(Formatting.fixed(pooled.f1, 2)) (pooled); mean DSC \(Formatting.fixed(reference.meanDsc, 2)), mean nDSC "
      + "\(Formatting.fixed(reference.meanNormalisedDsc, 2))."
  }
}
