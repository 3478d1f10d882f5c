import ErrorScore
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
    let models = Set(results.compactMap(\.model).map { "\($0.name) \($0.version)" }).sorted()
    let masks = Set(results.compactMap(\.external).map(Wording.maskOrigin)).sorted()
    let plots = CohortPlots.fields(ordered)
    let fields: PageFields = [
      "hasPlots": .flag(!plots.isEmpty), "plots": .list(plots), "plotsHaveCandidates": .flag(summary.candidates > 0),
      "stateNames": .lines(PatientState.allCases.filter { (summary.counts[$0] ?? 0) > 0 }.map(\.rawValue)),
      "anyScanner": .flag(results.contains { $0.scanner != nil }),
      "scannerNames": .lines(Set(results.compactMap { $0.scanner?.text }).sorted()),
      "anyDecided": .flag(ordered.contains { $0.decided > 0 }),
      "anyDamaged": .flag((summary.counts[.damaged] ?? 0) > 0),
      "damagedCount": .text(Formatting.count(summary.counts[.damaged] ?? 0)),
      "anyStale": .flag((summary.counts[.stale] ?? 0) > 0),
      "staleCount": .text(Formatting.count(summary.counts[.stale] ?? 0)),
      "calibrated": .flag(results.contains(where: \.statesProbabilities)), "states": .text(summary.statesInWords),
      "software": .optional(software.isEmpty ? nil : software.joined(separator: ", ")),
      "models": .optional(models.isEmpty ? nil : models.joined(separator: ", ")),
      "masks": .optional(masks.isEmpty ? nil : masks.joined(separator: ", ")),
      "orderBasis": .text(Wording.orderBases(results)), "hasMaps": .flag(results.contains(where: \.hasMaps)),
      "uncalibrated": .flag(!results.allSatisfy(\.statesProbabilities)),
      "synthetic": .flag(!results.isEmpty && results.allSatisfy(\.patient.synthetic)),
      "someSynthetic": .flag(results.contains(where: \.patient.synthetic) && !results.allSatisfy(\.patient.synthetic)),
      "patientCount": .text(Formatting.count(summary.patients)),
      "failedCount": .text(Formatting.count(summary.counts[.failed] ?? 0)),
      "anyFailed": .flag((summary.counts[.failed] ?? 0) > 0), "lesionCount": .text(Formatting.count(summary.lesions)),
      "lesionVolume": .text(Formatting.millilitres(summary.volumeMillilitres)),
      "candidateCount": .text(
        results.isEmpty || results.contains(where: \.looksForCandidates)
          ? Formatting.count(summary.candidates) : Formatting.undefined),
      "candidatesLookedFor": .text(Wording.cohortCandidates(results)), "hasReference": .flag(summary.reference != nil),
      "pooled": pooled(summary), "isEmpty": .flag(ordered.isEmpty), "patients": .list(ordered.map(row)),
    ]
    return try templates.render(
      "index", try templates.head(styles: ["report", "cohort"], scripts: ["cohort"]).merging(fields))
  }

  private static func pooled(_ summary: CohortSummary) -> PageValue {
    guard let reference = summary.reference else { return false }
    let pooled = reference.pooled
    return .fields([
      "referencePatients": .text(Formatting.counted(reference.patients, "patient", "patients")),
      "pooledFound": .text(Wording.found(reference)), "pooledFalse": .text(Wording.falseLesions(pooled)),
      "pooledTPR": .text(Formatting.percent(pooled.truePositiveRate)),
      "pooledFDR": .text(Formatting.percent(pooled.falseDiscoveryRate)),
      "pooledF1": .text(Formatting.fixed(pooled.f1, 2)), "meanDSC": .text(Formatting.fixed(reference.meanDsc, 2)),
      "meanNormalisedDSC": .text(Formatting.fixed(reference.meanNormalisedDsc, 2)),
    ])
  }

  private static func row(_ entry: CohortEntry) -> PageFields {
    let results = entry.results
    let reference = results?.reference
    let warnings = entry.warnings
    let first = results.flatMap { results in results.reviewOrder.first.flatMap { results.finding($0.finding) } }
    // Not known where they were not looked for.
    let candidates = results.flatMap { $0.looksForCandidates ? $0.counts.candidates : nil }
    return [
      "name": .text(entry.name), "report": link(entry.reportFile), "noReport": .flag(entry.reportFile == nil),
      "failure": FailurePage.isNeeded(entry) ? link(FailurePage.fileName(entry)) : false,
      "plainName": .flag(entry.reportFile == nil && !FailurePage.isNeeded(entry)),
      "isStale": .flag(entry.state == .stale),
      "decided": .text(results == nil ? Formatting.undefined : Formatting.count(entry.decided)),
      "findingCount": .text(results.map { Formatting.count($0.reviewOrder.count) } ?? Formatting.undefined),
      "expectedErrors": .text(Formatting.fixed(expectedErrors(results), 1)),
      "sortLesions": sort(results.map { Double($0.counts.lesions) }),
      "sortVolume": sort(results?.counts.totalLesionVolumeMillilitres),
      "sortCandidates": sort(candidates.map(Double.init)),
      "sortFirst": sort(first?.saliency?.flair.inside.maximum.value), "sortErrors": sort(expectedErrors(results)),
      "sortDecided": sort(results == nil ? nil : Double(entry.decided)), "sortDSC": sort(reference?.dsc),
      "sortFound": sort(reference?.foundFraction), "sortFalse": sort(reference?.lesionFalseDiscoveryRate),
      "sortDifference": sort(results?.referenceVolumeDifference?.millilitres), "state": .text(entry.state.rawValue),
      "stateInWords": .text(entry.stateInWords), "hasWarnings": .flag(!warnings.isEmpty),
      "warnings": .lines(warnings.map(\.sentence)), "scanner": .text(results?.scanner?.text ?? ""),
      "scannerShown": .text(results?.scanner?.text ?? Formatting.undefined),
      "isFailed": .flag([.damaged, .failed, .interrupted].contains(entry.state)), "reason": .optional(entry.reason),
      "patientSynthetic": .flag(results?.patient.synthetic ?? false),
      "lesions": .text(results.map { Formatting.count($0.counts.lesions) } ?? Formatting.undefined),
      "volume": .text(Formatting.millilitres(results?.counts.totalLesionVolumeMillilitres)),
      "candidates": .text(candidates.map(Formatting.count) ?? Formatting.undefined),
      "first": first.map { finding in
        .fields([
          "id": .text("\(finding.id)"),
          "peak": .optional(finding.saliency.map { Formatting.peak($0.flair.inside.maximum) }),
          "kind": .text(Wording.kind(finding.kind)),
        ])
      } ?? false, "noFirst": .flag(first == nil), "dsc": .text(Formatting.fixed(reference?.dsc, 2)),
      "found": .text(reference.map(Wording.found) ?? Formatting.undefined),
      "false": .text(reference.map { Wording.falseLesions($0.detection) } ?? Formatting.undefined),
      "volumeDifference": .text(results.flatMap(Wording.volumeDifference) ?? Formatting.undefined),
      "auditHead": .text(entry.auditHead.map(Formatting.shortDigest) ?? Formatting.undefined),
    ]
  }

  /// Sum of the error scores: how many findings are expected to be errors; nil without a calibration.
  private static func expectedErrors(_ results: PatientResults?) -> Double? {
    guard let results, results.statesProbabilities else { return nil }
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

/// The page of a patient without a report: why, and what to do.
public enum FailurePage {
  /// File name beside the cohort page; not that of a report, so that nobody takes it for one.
  public static func fileName(_ entry: CohortEntry) -> String { "failed-\(entry.name).html" }

  /// Whether a patient gets this page.
  public static func isNeeded(_ entry: CohortEntry) -> Bool {
    entry.results == nil && [.damaged, .failed, .interrupted, .skipped].contains(entry.state)
  }

  /// - Returns: the file, UTF-8; equal input gives equal bytes.
  public static func render(_ entry: CohortEntry, templates: TemplateFolder) throws(ReportsError) -> [UInt8] {
    let fields: PageFields = [
      "patient": .text(entry.name), "state": .text(entry.state.rawValue),
      "reason": .text(entry.reason ?? "No reason was recorded."), "steps": .lines(steps(entry)),
    ]
    return try templates.render("failed", try templates.head(styles: ["report"]).merging(fields))
  }

  private static func steps(_ entry: CohortEntry) -> [String] {
    let again = "Run the patient again; the others are not touched."
    let record = "'lesionqc audit show OUTPUT_DIR \(entry.name)' prints what was recorded, with the files by name."
    return entry.state == .interrupted ? [again, record] : ["Remove the cause that is named above. \(again)", record]
  }
}
