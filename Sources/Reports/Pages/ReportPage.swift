import Lesions
public import Results

/// The report of one patient: one HTML file that opens offline and asks for nothing from outside.
public enum ReportPage {
  /// Above this the file says that it is large.
  static let sizeBudgetBytes = 8_000_000

  /// The files in `templates/` that make the page's script, in the order in which they need each other.
  static let scripts = [
    "page", "decisions", "forms", "filter", "reader", "review", "saving", "pictures", "enlarged", "keys",
  ]

  /// - Parameters:
  ///   - reportID: SHA-256 of the results file, in hexadecimal.
  ///   - auditHead: head of the patient's audit chain before the record of this report.
  ///   - runTime: when the run started, UTC, as the audit trail has it: `2026-11-24T09:38:02.123Z`; nil leaves it out.
  ///   - pictures: a panel for every finding; thumbnails, overview and colour bar where they were made.
  /// - Returns: the file, UTF-8; equal input gives equal bytes.
  /// - Throws: `ReportsError.missingPicture` if a finding has no panel: a report never claims to show what it does not.
  public static func render(
    results: PatientResults, reportID: String, auditHead: String, runTime: String? = nil, pictures: PagePictures,
    templates: TemplateFolder
  ) throws(ReportsError) -> [UInt8] {
    let findings = try ordered(results, pictures)
    let groups: [PageFields] = [
      try templates.head(styles: ["report"], scripts: scripts),
      frame(results, runTime),
      decisions(results, reportID),
      summary(results, pictures),
      overview(results, pictures),
      workList(findings, results, pictures),
      slices(results, pictures),
      try panels(findings, results, pictures),
      PictureKeys.fields(results),
      Notices(results).fields,
      ReportFacts.truth(results),
      ReportFacts.checks(results),
      ReportFacts.selfTest(results),
      ReportFacts.places(results),
      ReportFacts.parameters(results),
      ReportFacts.provenance(results, reportID: reportID, auditHead: auditHead),
    ]
    return try templates.render("report", groups.dropFirst().reduce(groups[0]) { $0.merging($1) })
  }

  /// A line of the work list with the finding it stands for.
  typealias Ordered = (entry: ReviewEntry, finding: FindingFacts)

  private static func ordered(_ results: PatientResults, _ pictures: PagePictures) throws(ReportsError) -> [Ordered] {
    let findings: [Ordered] = results.reviewOrder.map { entry in
      guard var finding = results.finding(entry.kind, entry.number) else {
        preconditionFailure("the review order names a finding that the results do not hold")
      }
      // The reason is said once for the patient.
      if results.locationRule?.notAssessed != nil { finding.location = nil }
      return (entry, finding)
    }
    precondition(
      Set(findings.map(\.finding.id)).count == results.lesions.count + results.candidates.count,
      "the review order holds every finding once")
    for (_, finding) in findings where pictures.panels[finding.id] == nil {
      throw .missingPicture(finding: finding.id)
    }
    return findings
  }

  static func name(_ patient: PatientIdentity) -> String {
    [patient.label, patient.session].compactMap { $0 }.joined(separator: " · ")
  }

  /// Head of the file, identity and banners.
  private static func frame(_ results: PatientResults, _ runTime: String?) -> PageFields {
    let external = results.external
    return [
      "runTime": runTime.map { .fields(["machine": .text($0), "text": .text(Formatting.minute($0))]) } ?? .flag(false),
      "patient": .text(name(results.patient)),
      "originName": .text(external == nil ? "Model" : "Mask"),
      "origin": .text(external.map(Wording.maskOrigin) ?? "\(results.model.name) \(results.model.version)"),
      "architecture": .text(external == nil ? results.model.architecture : "no network was run here"),
      "isExternal": .flag(external != nil), "hasMaps": .flag(results.hasMaps),
      "hasProbability": .flag(results.looksForCandidates), "hasStandardErrors": .flag(results.hasStandardErrors),
      "peakAdvice": .optional(Wording.peakAdvice(results)),
      "orderBasis": .text(Wording.orderBasis(results)),
      "softwareName": .text(results.software.name), "softwareVersion": .text(results.software.version),
      "uncalibrated": .flag(results.calibration == "uncalibrated"),
      "synthetic": .flag(results.patient.synthetic),
      "wholeHead": .flag(!results.model.brainExtracted),
      "intensities": .flag(results.intensities != nil),
      "failedChecks": .optional(Wording.failedChecks(results)),
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
      "calibrationInWords": .optional(results.calibrationFacts.map { Wording.calibration($0) }),
      "stopLine": .optional(
        results.calibrationFacts?.stopLine.map { Wording.stopLine($0, of: results.reviewOrder.count) }),
      "hasFindings": .flag(!results.reviewOrder.isEmpty),
      "findingCount": "\(max(1, results.reviewOrder.count))",
      "printNote": .optional(PrintedFindings.note(results)),
      "hasTruth": .flag(results.truth != nil),
      "findingsInWords": .text(Wording.findings(results)),
      "colourBar": .picture(
        pictures.colourBar, alt: "Colour scale of the saliency pictures in logit per SD, centred on zero."),
      "pictureNotes": .lines(pictures.notes),
      "tooLarge": .optional(
        bytes > sizeBudgetBytes
          ? "This file holds \(Formatting.fixed(Double(bytes) / 1e6, 1)) MB of pictures, more than the "
            + "\(sizeBudgetBytes / 1_000_000) MB a report should stay under." : nil),
    ]
  }

  /// What the work list and the panel of a finding both show.
  static func identity(_ ordered: Ordered) -> PageFields {
    let (entry, finding) = ordered
    return [
      "id": .text(finding.id), "position": "\(entry.position)",
      "kind": .text(Wording.kind(finding.kind)), "isLesion": .flag(finding.kind == .lesion),
      "kindCode": .text(finding.kind.rawValue),
      "peak": .text(Formatting.peak(finding.flair.insideHighest)), "findingHasMap": .flag(finding.hasSaliency),
      "percentile": .text(Formatting.fixed(entry.percentile * 100, 0)),
      "errorScore": entry.errorScore.map { score in
        .fields([
          "likelihood": .text(Wording.likelihood(score)), "errorKind": .text(Wording.error(finding.kind)),
          "scoreInWords": .text(Wording.errorScore(score, finding.kind)),
        ])
      } ?? .flag(false),
      "volume": .text(Formatting.cubicMillimetres(finding.volumeMillimetres3)),
      "meanProbability": .text(Formatting.probability(finding.meanProbability)),
      "maximumProbability": .text(Formatting.probability(finding.maximumProbability)),
      "location": .optional(Wording.location(finding.location)),
      "place": .text(Formatting.position(finding.centroidWorldMillimetres)),
      "truthStatus": .text(Wording.truthStatus(finding.truthStatus)),
    ]
  }

  private static func workList(
    _ findings: [Ordered], _ results: PatientResults, _ pictures: PagePictures
  ) -> PageFields {
    let stop = results.calibrationFacts?.stopLine
    // Number, picture, finding, score or percentile, decision, volume and place; the others where there is something to show.
    let columns = 7 + [results.hasMaps, results.looksForCandidates, results.truth != nil].count { $0 }
    return [
      "workList": .list(findings.map { workListLine($0, pictures, stop) }), "columnCount": "\(columns)",
    ]
  }

  private static func workListLine(
    _ ordered: Ordered, _ pictures: PagePictures, _ stop: CalibrationFacts.StopLine?
  ) -> PageFields {
    let finding = ordered.finding
    return identity(ordered).merging([
      "stopRow": .optional(
        stop.flatMap { $0.position == ordered.entry.position ? Wording.stopRow($0) : nil }),
      "thumbnail": .picture(pictures.thumbnails[finding.id], alt: Wording.thumbnailAlt(finding)),
      "wasDropped": .flag(finding.wasDroppedSmallComponent),
      // The bar beside the number; clamped, so that a style value is always a share.
      "percentileBar": .text(Formatting.fixed(min(max(ordered.entry.percentile, 0), 1) * 100, 1)),
    ])
  }

  private static func panels(
    _ findings: [Ordered], _ results: PatientResults, _ pictures: PagePictures
  ) throws(ReportsError) -> PageFields {
    let strips = [FindingKind.lesion: PeakStrip(.lesion, results), .candidate: PeakStrip(.candidate, results)]
      .compactMapValues { $0 }
    let groups = findings.enumerated().map { index, ordered in
      identity(ordered).merging(ReportFacts.finding(ordered.finding, results)).merging(
        Neighbours.fields(of: ordered.finding, results)
      ).merging([
        "isPrinted": .flag(ordered.entry.position <= PrintedFindings.count(results)),
        "strip": strips[ordered.finding.kind]?.fields(of: ordered.finding, results) ?? false,
        "panel": halves(
          pictures.panels[ordered.finding.id],
          (Wording.panelAlt(ordered.finding), Wording.mapsAlt(ordered.finding))),
        "centroidPanel": centroid(pictures.centroidPanels[ordered.finding.id], ordered.finding),
        "centroidWords": .optional(
          Wording.centroid(ordered.finding, isDrawn: pictures.centroidPanels[ordered.finding.id] != nil)),
        "next": index + 1 < findings.count
          ? .fields(["nextID": .text(findings[index + 1].finding.id)]) : .flag(false),
      ])
    }
    return [
      "panels": .list(groups),
      "coverage": .text(Wording.coverage(pictured: groups.count, of: findings.count)),
    ]
  }

  private static func centroid(_ pictures: FindingPictures?, _ finding: FindingFacts) -> PageValue {
    guard let pictures else { return false }
    let alts = (Wording.centroidAlt(finding), Wording.centroidMapsAlt(finding))
    return .fields([
      "summary": .text(Wording.centroidSummary(finding)), "centroidHalves": halves(pictures, alts),
    ])
  }

  /// The two halves of a panel, each with its layers and its text.
  private static func halves(_ pictures: FindingPictures?, _ alts: (images: String, maps: String)) -> PageValue {
    guard let pictures else { return .list([]) }
    let halves =
      [layers(pictures.images, alt: alts.images)] + (pictures.maps.map { [layers($0, alt: alts.maps)] } ?? [])
    return .list(halves)
  }
}
