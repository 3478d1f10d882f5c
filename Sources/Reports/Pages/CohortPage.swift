import Foundation
import Lesions
import Results

/// `index.html`: everybody on one page, what went wrong first, with relative links to the reports.
public enum CohortPage {
  /// - Returns: the file, UTF-8; equal input gives equal bytes, in whatever order the entries come.
  public static func render(entries: [CohortEntry], templates: TemplateFolder) throws(ReportsError) -> [UInt8] {
    let ordered = CohortEntry.inReviewOrder(entries)
    let summary = CohortSummary(ordered)
    let results = ordered.compactMap(\.results)
    let software = Set(results.map { "\($0.software.name) \($0.software.version)" }).sorted()
    let models = Set(results.filter { $0.external == nil }.map { "\($0.model.name) \($0.model.version)" }).sorted()
    let masks = Set(results.compactMap(\.external).map(Wording.maskOrigin)).sorted()
    let plots = CohortPlots.fields(ordered)
    let fields: PageFields = [
      "hasPlots": .flag(!plots.isEmpty), "plots": .list(plots), "plotsHaveCandidates": .flag(summary.candidates > 0),
      "stateNames": .lines(PatientState.allCases.filter { (summary.counts[$0] ?? 0) > 0 }.map(\.rawValue)),
      "anyScanner": .flag(results.contains { $0.scanner != nil }),
      "scannerNames": .lines(Set(results.compactMap { $0.scanner?.text }).sorted()),
      "anyDecided": .flag(ordered.contains { $0.decided > 0 }),
      "anyStale": .flag((summary.counts[.stale] ?? 0) > 0),
      "staleCount": .text(Formatting.count(summary.counts[.stale] ?? 0)),
      "calibrated": .flag(results.contains { $0.calibration != "uncalibrated" }),
      "states": .text(summary.statesInWords),
      "software": .optional(software.isEmpty ? nil : software.joined(separator: ", ")),
      "models": .optional(models.isEmpty ? nil : models.joined(separator: ", ")),
      "masks": .optional(masks.isEmpty ? nil : masks.joined(separator: ", ")),
      "orderBasis": .text(Wording.orderBases(results)), "hasMaps": .flag(results.contains(where: \.hasMaps)),
      "uncalibrated": .flag(results.contains { $0.calibration == "uncalibrated" }),
      "synthetic": .flag(!results.isEmpty && results.allSatisfy(\.patient.synthetic)),
      "someSynthetic": .flag(
        results.contains(where: \.patient.synthetic) && !results.allSatisfy(\.patient.synthetic)),
      "patientCount": .text(Formatting.count(summary.patients)),
      "failedCount": .text(Formatting.count(summary.counts[.failed] ?? 0)),
      "anyFailed": .flag((summary.counts[.failed] ?? 0) > 0),
      "lesionCount": .text(Formatting.count(summary.lesions)),
      "lesionVolume": .text(Formatting.millilitres(summary.volumeMillilitres)),
      "candidateCount": .text(
        results.isEmpty || results.contains(where: \.looksForCandidates)
          ? Formatting.count(summary.candidates) : Formatting.undefined),
      "candidatesLookedFor": .text(Wording.cohortCandidates(results)),
      "hasTruth": .flag(summary.pooled != nil),
      "pooled": pooled(summary),
      "isEmpty": .flag(ordered.isEmpty),
      "patients": .list(ordered.map(line)),
    ]
    return try templates.render(
      "index", try templates.head(styles: ["report", "cohort"], scripts: ["cohort"]).merging(fields))
  }

  private static func pooled(_ summary: CohortSummary) -> PageValue {
    guard let pooled = summary.pooled else { return false }
    return .fields([
      "truthPatients": .text(Formatting.counted(summary.patientsWithTruth, "patient", "patients")),
      "pooledTP": "\(pooled.truePositives)", "pooledFP": "\(pooled.falsePositives)",
      "pooledFN": "\(pooled.falseNegatives)",
      "pooledTPR": .text(Formatting.percent(pooled.truePositiveRate)),
      "pooledFDR": .text(Formatting.percent(pooled.falseDiscoveryRate)),
      "pooledF1": .text(Formatting.fixed(pooled.f1, 2)),
      "meanDSC": .text(Formatting.fixed(summary.meanDSC, 2)),
      "meanNormalisedDSC": .text(Formatting.fixed(summary.meanNormalisedDSC, 2)),
    ])
  }

  private static func line(_ entry: CohortEntry) -> PageFields {
    let results = entry.results
    let truth = results?.truth
    let first = results.flatMap { results in
      results.reviewOrder.first.flatMap { results.finding($0.kind, $0.number) }
    }
    // Not known where they were not looked for.
    let candidates = results.flatMap { $0.looksForCandidates ? $0.counts.candidates : nil }
    return [
      "name": .text(entry.name),
      "report": link(entry.reportFile),
      "noReport": .flag(entry.reportFile == nil),
      "failure": FailurePage.isNeeded(entry) ? link(FailurePage.fileName(entry)) : false,
      "plainName": .flag(entry.reportFile == nil && !FailurePage.isNeeded(entry)),
      "isStale": .flag(entry.state == .stale),
      "decided": .text(results == nil ? Formatting.undefined : Formatting.count(entry.decided)),
      "findingCount": .text(results.map { Formatting.count($0.reviewOrder.count) } ?? Formatting.undefined),
      "expectedErrors": .text(Formatting.fixed(expectedErrors(results), 1)),
      "sortLesions": sort(results.map { Double($0.counts.lesions) }),
      "sortVolume": sort(results?.counts.totalLesionVolumeMillilitres),
      "sortCandidates": sort(candidates.map(Double.init)),
      "sortFirst": sort(first?.flair.insideHighest.value), "sortErrors": sort(expectedErrors(results)),
      "sortDecided": sort(results == nil ? nil : Double(entry.decided)), "sortDSC": sort(truth?.dsc),
      "sortTPR": sort(truth?.lesionTruePositiveRate), "sortFDR": sort(truth?.lesionFalseDiscoveryRate),
      "state": .text(entry.state.rawValue),
      "scanner": .text(results?.scanner?.text ?? ""),
      "scannerShown": .text(results?.scanner?.text ?? Formatting.undefined),
      "isFailed": .flag(entry.state == .failed || entry.state == .interrupted),
      "reason": .optional(entry.reason),
      "patientSynthetic": .flag(results?.patient.synthetic ?? false),
      "lesions": .text(results.map { Formatting.count($0.counts.lesions) } ?? Formatting.undefined),
      "volume": .text(Formatting.millilitres(results?.counts.totalLesionVolumeMillilitres)),
      "candidates": .text(candidates.map(Formatting.count) ?? Formatting.undefined),
      "first": first.map { finding in
        .fields([
          "id": .text(finding.id),
          "peak": .optional(finding.hasSaliency ? Formatting.peak(finding.flair.insideHighest) : nil),
          "kind": .text(Wording.kind(finding.kind)),
        ])
      } ?? false,
      "noFirst": .flag(first == nil),
      "dsc": .text(Formatting.fixed(truth?.dsc, 2)),
      "tpr": .text(Formatting.percent(truth?.lesionTruePositiveRate)),
      "fdr": .text(Formatting.percent(truth?.lesionFalseDiscoveryRate)),
      "auditHead": .text(entry.auditHead.map(Formatting.shortDigest) ?? Formatting.undefined),
    ]
  }

  /// Sum of the error scores: how many findings are expected to be errors; nil without a calibration.
  private static func expectedErrors(_ results: PatientResults?) -> Double? {
    guard let results, results.calibration != "uncalibrated" else { return nil }
    return results.reviewOrder.compactMap(\.errorScore).reduce(0, +)
  }

  /// A number for sorting; empty when it is not known.
  private static func sort(_ value: Double?) -> PageValue { .text(value.map { $0.isFinite ? "\($0)" : "" } ?? "") }

  /// A relative link that stays one, whatever the name: `./` in front, everything unusual percent-encoded.
  private static func link(_ file: String?) -> PageValue {
    guard let file else { return false }
    var allowed = CharacterSet(charactersIn: "-_.")
    allowed.formUnion(CharacterSet(charactersIn: "a"..."z"))
    allowed.formUnion(CharacterSet(charactersIn: "A"..."Z"))
    allowed.formUnion(CharacterSet(charactersIn: "0"..."9"))
    let encoded = file.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    return .fields(["href": .text("./" + encoded)])
  }
}
