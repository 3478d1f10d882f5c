import Foundation
import Lesions

/// `index.html`: everybody on one page, what went wrong first, with relative links to the reports.
public enum CohortPage {
  /// - Returns: the file, UTF-8; equal input gives equal bytes, in whatever order the entries come.
  public static func render(entries: [CohortEntry], templates: TemplateFolder) throws(ReportsError) -> [UInt8] {
    let ordered = CohortEntry.inReviewOrder(entries)
    let summary = CohortSummary(ordered)
    let results = ordered.compactMap(\.results)
    let software = Set(results.map { "\($0.software.name) \($0.software.version)" }).sorted()
    let models = Set(results.map { "\($0.model.name) \($0.model.version)" }).sorted()
    let fields: PageFields = [
      "states": .text(summary.statesInWords),
      "software": .optional(software.isEmpty ? nil : software.joined(separator: ", ")),
      "models": .optional(models.isEmpty ? nil : models.joined(separator: ", ")),
      "uncalibrated": .flag(results.contains { $0.calibration == "uncalibrated" }),
      "synthetic": .flag(!results.isEmpty && results.allSatisfy(\.patient.synthetic)),
      "someSynthetic": .flag(
        results.contains(where: \.patient.synthetic) && !results.allSatisfy(\.patient.synthetic)),
      "patientCount": .text(Formatting.count(summary.patients)),
      "failedCount": .text(Formatting.count(summary.counts[.failed] ?? 0)),
      "anyFailed": .flag((summary.counts[.failed] ?? 0) > 0),
      "lesionCount": .text(Formatting.count(summary.lesions)),
      "lesionVolume": .text(Formatting.millilitres(summary.volumeMillilitres)),
      "candidateCount": .text(Formatting.count(summary.candidates)),
      "hasTruth": .flag(summary.pooled != nil),
      "pooled": pooled(summary),
      "isEmpty": .flag(ordered.isEmpty),
      "patients": .list(ordered.map(line)),
    ]
    return try templates.render("index", try templates.head(style: "report").merging(fields))
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
    return [
      "name": .text(entry.name),
      "report": link(entry.reportFile),
      "noReport": .flag(entry.reportFile == nil),
      "state": .text(entry.state.rawValue),
      "isFailed": .flag(entry.state == .failed || entry.state == .interrupted),
      "reason": .optional(entry.reason),
      "patientSynthetic": .flag(results?.patient.synthetic ?? false),
      "lesions": .text(results.map { Formatting.count($0.counts.lesions) } ?? Formatting.undefined),
      "volume": .text(Formatting.millilitres(results?.counts.totalLesionVolumeMillilitres)),
      "candidates": .text(results.map { Formatting.count($0.counts.candidates) } ?? Formatting.undefined),
      "first": first.map { finding in
        .fields([
          "id": .text(finding.id), "peak": .text(Formatting.peak(finding.flair.insideHighest)),
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
