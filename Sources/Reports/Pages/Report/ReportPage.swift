import ErrorScore
import Lesions
public import Results

/// The report of one patient: one HTML file that opens offline and asks for nothing from outside.
public enum ReportPage {
  /// The files in `templates/` that make the page's script, in the order in which they need each other.
  static let scripts = [
    "page", "decisions", "forms", "filter", "reader", "reference", "review", "saving", "pictures", "enlarged",
    "viewer-volumes", "viewer-planes", "viewer-paint", "viewer-contours", "viewer", "viewer-scale", "viewer-panes",
    "viewer-input", "marks", "study", "keys",
  ]

  /// - Parameters:
  ///   - reportID: SHA-256 of the results file, in hexadecimal.
  ///   - auditHead: head of the patient's audit chain before the record of this report.
  ///   - runTime: when the run started, UTC, as the audit trail has it: `2026-11-24T09:38:02.123Z`; nil leaves it out.
  ///   - operatorName: who ran it; nil: nobody was named, and the page says so.
  ///   - pictures: a panel for every finding; thumbnails and overview where they were made.
  /// - Returns: the file, UTF-8; equal input gives equal bytes.
  /// - Throws: `ReportsError.missingPicture` if a finding has no panel: a report never claims to show what it does not.
  public static func render(
    results: PatientResults, reportID: String, auditHead: String, runTime: String? = nil, operatorName: String? = nil,
    pictures: PagePictures, templates: TemplateFolder
  ) throws(ReportsError) -> [UInt8] {
    let findings = try ordered(results, pictures)
    let groups: [PageFields] = [
      try templates.head(styles: ["report", "viewer"], scripts: scripts), frame(results, runTime),
      PrintMargins.fields(results, reportID), decisions(results, reportID), summary(results, pictures),
      firstScreen(results, pictures), overview(results, pictures), workList(findings, results, pictures),
      slices(results, pictures), viewer(results, pictures), try panels(findings, results, pictures),
      missed(results, pictures), PictureKeys.fields(results), Notices(results.warnings).fields,
      ReportTables.reference(results), ReportTables.checks(results), ReportTables.selfTest(results),
      ReportTables.locations(results), ReportTables.parameters(results),
      ReportTables.provenance(results, reportID: reportID, auditHead: auditHead, operatorName: operatorName),
    ]
    return try templates.render("report", groups.dropFirst().reduce(groups[0]) { $0.merging($1) })
  }

  /// A row of the work list with the finding it stands for.
  typealias Ordered = (entry: ReviewEntry, finding: FindingRecord)

  private static func ordered(_ results: PatientResults, _ pictures: PagePictures) throws(ReportsError) -> [Ordered] {
    let findings: [Ordered] = results.reviewOrder.map { entry in
      guard let finding = results.finding(entry.finding) else {
        preconditionFailure("the review order names a finding that the results do not hold")
      }
      return (entry, finding)
    }
    precondition(
      Set(findings.map(\.finding.id)).count == results.lesions.count + results.candidates.count,
      "the review order holds every finding once")
    for (_, finding) in findings where pictures.panels[finding.id] == nil {
      throw .missingPicture(finding: "\(finding.id)")
    }
    return findings
  }

  /// An empty set of decisions bound to this report, for a reader to fill.
  static func decisions(_ results: PatientResults, _ reportID: String) -> PageFields {
    let decisions = ReviewDecisions(
      reportId: reportID, patient: results.patient.label, session: results.patient.session)
    return ["decisions": .text(EmbeddedJSON.text(decisions))]
  }

  static func name(_ patient: PatientIdentity) -> String {
    [patient.label, patient.session].compactMap { $0 }.joined(separator: " · ")
  }

  /// Head of the file, identity and banners.
  private static func frame(_ results: PatientResults, _ runTime: String?) -> PageFields {
    let (external, model) = (results.external, results.model)
    return [
      "runTime": runTime.map { .fields(["machine": .text($0), "text": .text(Formatting.minute($0))]) } ?? .flag(false),
      "patient": .text(name(results.patient)), "originName": .text(external == nil ? "Model" : "Mask"),
      "origin": .text(Wording.origin(results)),
      "architecture": .text(model?.architecture.name ?? "no network was run here"),
      "isExternal": .flag(external != nil), "hasMaps": .flag(results.hasMaps),
      "hasProbability": .flag(results.looksForCandidates), "hasStandardErrors": .flag(results.hasStandardErrors),
      "pictureColumns": .text(Wording.pictureColumns(results)), "peakAdvice": .optional(Wording.peakAdvice(results)),
      "orderBasis": .text(Wording.orderBasis(results)), "softwareName": .text(results.software.name),
      "softwareVersion": .text(results.software.version), "uncalibrated": .flag(!results.statesProbabilities),
      "synthetic": .flag(results.patient.synthetic), "wholeHead": .flag(model?.brainExtracted == false),
      "intensities": .flag(results.intensities != nil),
    ]
  }

  private static func summary(_ results: PatientResults, _ pictures: PagePictures) -> PageFields {
    let counts = results.counts
    let bytes = pictures.embeddedBytes
    return [
      "lesionCount": .text(Formatting.count(counts.lesions)),
      "lesionVolume": .text(Formatting.millilitres(counts.totalLesionVolumeMillilitres)),
      "candidateCount": .text(results.looksForCandidates ? Formatting.count(counts.candidates) : Formatting.undefined),
      "candidatesLeftOut": .text(Wording.candidatesLeftOut(results)),
      "droppedCount": .text(Formatting.count(counts.droppedSmallComponents)),
      "droppedDetail": .text(Wording.dropped(counts)),
      "noLesion": .optional(results.lesions.isEmpty ? Wording.noLesion(results) : nil),
      "calibrationInWords": .optional(results.statesProbabilities ? results.calibration.map(Wording.calibration) : nil),
      "cutoff": .optional(results.calibration?.cutoff.map { Wording.cutoff($0, of: results.reviewOrder.count) }),
      "noCutoff": .optional(Wording.noCutoff(results)), "hasFindings": .flag(!results.reviewOrder.isEmpty),
      "findingCount": "\(max(1, results.reviewOrder.count))",
      "printNote": .optional(pictures.findingsLeftOut > 0 ? nil : PrintedFindings.note(results)),
      "hasReference": .flag(results.reference != nil),
      "grades": .list(
        ReviewDecisions.Study.grades.reversed().map { ["grade": "\($0)", "words": .text(Wording.grade($0))] }),
      "findingsInWords": .text(Wording.findings(results)),
      "pictureNotes": .lines(
        pictures.notes
          + [Wording.centroidNote(results, drawn: pictures.centroidPanels.count), Wording.channelNote(results)]
          .compactMap { $0 }), "excerpt": .optional(Wording.excerpt(pictures.findingsLeftOut, results)),
      "tooLarge": .optional(
        bytes > PagePictures.sizeBudgetBytes
          ? "This file holds \(Formatting.fixed(Double(bytes) / 1e6, 1)) MB of pictures, more than the "
            + "\(PagePictures.sizeBudgetBytes / 1_000_000) MB a report should stay under." : nil),
    ]
  }

  /// What the work list and the panel of a finding both show.
  private static func identity(_ ordered: Ordered, _ results: PatientResults) -> PageFields {
    let (entry, finding) = ordered
    let probability = finding.measurements.probability
    return [
      "id": .text("\(finding.id)"), "position": "\(entry.position)", "kind": .text(Wording.kind(finding.kind)),
      "isLesion": .flag(finding.kind == .lesion), "kindCode": .text(finding.kind.rawValue),
      "peak": .text(Formatting.peak(finding.saliency?.flair.inside.maximum)),
      "findingHasMap": .flag(finding.saliency != nil), "percentile": .text(Formatting.fixed(entry.percentile * 100, 0)),
      "errorScore": results.statedErrorScore(entry).map { score in
        .fields([
          "likelihood": .text(Wording.likelihood(score)), "errorKind": .text(Wording.error(finding.kind)),
          "scoreInWords": .text(Wording.errorScore(score, finding.kind)),
        ])
      } ?? .flag(false), "volume": .text(Formatting.cubicMillimetres(finding.measurements.volumeMillimetres3)),
      "cubicMillimetres": .text(TabSeparated.number(finding.measurements.volumeMillimetres3) ?? "0"),
      "meanProbability": .text(Formatting.probability(probability?.mean)),
      "maximumProbability": .text(Formatting.probability(probability?.maximum)),
      // Where none was assessed the reason is said once for the patient.
      "location": .optional(results.locations.notAssessed == nil ? Wording.location(finding.location) : nil),
      "centroid": .text(Formatting.position(finding.measurements.centroidMillimetres)),
      "referenceStatus": .text(Wording.reference(finding.reference)),
    ]
  }

  private static func workList(_ findings: [Ordered], _ results: PatientResults, _ pictures: PagePictures) -> PageFields
  {
    // Number, picture, finding, score or percentile, decision, volume and location; the others where there is something
    // to show.
    let columns = 7 + [results.hasMaps, results.looksForCandidates, results.reference != nil].count { $0 }
    let cutoff = results.calibration?.cutoff
    let rows = findings.map { ordered -> PageFields in
      let (entry, finding) = ordered
      return identity(ordered, results).merging([
        "cutoffRow": .optional(cutoff.flatMap { $0.position == entry.position ? Wording.cutoffRow : nil }),
        "thumbnail": .picture(pictures.thumbnails[finding.id], alt: Wording.thumbnailAlt(finding)),
        "wasDropped": .flag(finding.wasDroppedSmallComponent),
        // The bar beside the number; clamped, so that a style value is always a fraction.
        "percentileBar": .text(Formatting.fixed(min(max(entry.percentile, 0), 1) * 100, 1)),
      ])
    }
    return ["workList": .list(rows), "columnCount": "\(columns)"]
  }

  private static func panels(_ findings: [Ordered], _ results: PatientResults, _ pictures: PagePictures)
    throws(ReportsError) -> PageFields
  {
    let strips = [FindingKind.lesion: PeakStrip(.lesion, results), .candidate: PeakStrip(.candidate, results)]
      .compactMapValues { $0 }
    let groups = findings.enumerated().map { index, ordered -> PageFields in
      let finding = ordered.finding
      let centroidPictures = pictures.centroidPanels[finding.id]
      let next = index + 1 < findings.count ? findings[index + 1].finding.id : nil
      let own: PageFields = [
        "isPrinted": .flag(pictures.findingsLeftOut > 0 || ordered.entry.position <= PrintedFindings.count(results)),
        "strip": strips[finding.kind]?.fields(of: finding, results) ?? false,
        "panel": halves(
          pictures.panels[finding.id],
          (Wording.panelAlt(finding, hasMPRAGE: results.hasMPRAGE), Wording.mapsAlt(finding))),
        "centroidPanel": centroid(centroidPictures, finding, hasMPRAGE: results.hasMPRAGE),
        "centroidWords": .optional(Wording.centroid(finding, isDrawn: centroidPictures != nil)),
        "next": next.map { .fields(["nextID": .text("\($0)")]) } ?? false,
      ]
      return identity(ordered, results).merging(ReportTables.finding(finding, results)).merging(
        Neighbours.fields(of: finding, results)
      ).merging(own)
    }
    return ["panels": .list(groups), "coverage": .text(Wording.coverage(pictured: groups.count, of: findings.count))]
  }

  private static func centroid(_ pictures: FindingPictures?, _ finding: FindingRecord, hasMPRAGE: Bool) -> PageValue {
    guard let pictures else { return false }
    let alts = (Wording.centroidAlt(finding, hasMPRAGE: hasMPRAGE), Wording.centroidMapsAlt(finding))
    return .fields(["summary": .text(Wording.centroidSummary(finding)), "centroidHalves": halves(pictures, alts)])
  }

  /// The two halves of a panel, each with its layers and its text.
  static func halves(_ pictures: FindingPictures?, _ alts: (images: String, maps: String)) -> PageValue {
    guard let pictures else { return .list([]) }
    let halves =
      [layers(pictures.images, alt: alts.images)] + (pictures.maps.map { [layers($0, alt: alts.maps)] } ?? [])
    return .list(halves)
  }
}
