import ErrorScore
import Lesions
import Results

/// The tables of a report: rows of a name, a value and, where it helps, a unit or a note.
enum ReportTables {
  static func row(_ name: String, _ value: String, _ note: String? = nil) -> PageFields {
    ["name": .text(name), "value": .text(value), "note": .optional(note)]
  }

  /// Everything measured about one finding.
  static func finding(_ finding: FindingRecord, _ results: PatientResults) -> PageFields {
    let measurements = finding.measurements
    var rows = [
      row(
        "Volume", "\(Formatting.cubicMillimetres(measurements.volumeMillimetres3)) mm³",
        Formatting.counted(measurements.voxelCount, "voxel", "voxels")),
      row("Extent", "\(Formatting.product(measurements.extentMillimetres, decimals: 1)) mm", "box along i, j, k"),
      row(
        "Centroid", "\(Formatting.position(measurements.centroidMillimetres)) mm",
        "voxel \(Formatting.voxel(measurements.centroidVoxel))"),
    ]
    if let probability = measurements.probability {
      rows += [
        row(
          "Probability",
          "mean \(Formatting.probability(probability.mean)), maximum \(Formatting.probability(probability.maximum))"),
        row("Mean entropy", "\(Formatting.fixed(probability.meanEntropyNats, 3)) nat", "ln 2 = 0.693 is a toss-up"),
      ]
    }
    if let saliency = finding.saliency {
      let balance = saliency.signBalance
      if saliency.mprage != nil {
        rows.append(row("FLAIR fraction", Formatting.percent(saliency.flairFraction), "of |saliency|, whole map"))
      }
      rows += [
        row(
          "Sign balance", "inside \(Formatting.peak(balance.meanInside)), rim \(Formatting.peak(balance.meanRim))",
          "mean FLAIR saliency, rim 2–5 mm"),
        row(
          "Rim ÷ peak", Formatting.fixed(finding.value(of: .rimToPeak), 3), "negative around a true lesion, as a rule"),
      ]
    }
    if let file = finding.files.saliency { rows.append(row("Saliency file", file)) }
    return [
      "facts": .list(locationRow(finding, results) + rows), "peakTable": peakTable(finding),
      "clinicWords": .text(Wording.inClinicWords(finding, results)),
      "explanation": .lines(Wording.explanation(finding, othersHaveMaps: results.hasMaps)),
      "pictured": .text(Wording.pictured(finding)), "peakVoxel": .text(Formatting.voxel(finding.pictureVoxel)),
      "peakPosition": .text(
        Formatting.position(finding.saliency?.flair.inside.maximum.worldMillimetres ?? measurements.centroidMillimetres)
      ),
    ]
  }

  private static func peakTable(_ finding: FindingRecord) -> PageValue {
    guard let saliency = finding.saliency else { return false }
    func peakRow(_ name: String, _ peak: (ChannelPeaks) -> Peak) -> PageFields {
      let (flair, mprage) = (peak(saliency.flair), saliency.mprage.map(peak))
      return [
        "name": .text(name), "flairValue": .text(Formatting.peak(flair)),
        "flairVoxel": .text(Formatting.voxel(flair.voxel)),
        "flairPosition": .text(Formatting.position(flair.worldMillimetres)),
        "mpragePeak": mprage.map { peak in
          .fields([
            "mprageValue": .text(Formatting.peak(peak)), "mprageVoxel": .text(Formatting.voxel(peak.voxel)),
            "mpragePosition": .text(Formatting.position(peak.worldMillimetres)),
          ])
        } ?? false,
      ]
    }
    return .fields([
      "hasMPRAGEPeaks": .flag(saliency.mprage != nil),
      "peaks": .list([
        peakRow("Maximum inside") { $0.inside.maximum }, peakRow("Minimum inside") { $0.inside.minimum },
        peakRow("Maximum, whole map") { $0.map.maximum }, peakRow("Minimum, whole map") { $0.map.minimum },
      ]),
    ])
  }

  static func reference(_ results: PatientResults) -> PageFields {
    guard let reference = results.reference else { return ["reference": false] }
    let detection = reference.detection
    let rows = [
      row("Found", "\(Wording.found(reference)) reference lesions", "a prediction touches them"),
      row("False", "\(Wording.falseLesions(detection)) lesions", "they touch no reference lesion"),
      row("Volume difference", Wording.volumeDifference(results) ?? Formatting.undefined, "mask minus reference"),
      row("DSC", Formatting.fixed(reference.dsc, 3), "voxel overlap"),
      row("Normalised DSC", Formatting.fixed(reference.normalisedDsc, 3), "at a lesion load of 0.001"),
      row("Lesion true-positive rate", Formatting.percent(reference.lesionTruePositiveRate), "TP / (TP + FN)"),
      row("Lesion false-negative rate", Formatting.percent(reference.lesionFalseNegativeRate), "FN / (TP + FN)"),
      row("Lesion false-discovery rate", Formatting.percent(reference.lesionFalseDiscoveryRate), "FP / (TP + FP)"),
      row(
        "Lesion positive predictive value", Formatting.percent(reference.lesionPositivePredictiveValue),
        "TP / (TP + FP)"), row("Lesion F1", Formatting.fixed(reference.lesionF1, 3), "2 TP / (2 TP + FP + FN)"),
      row("True positives", Formatting.count(detection.truePositives), "predicted lesions that touch the reference"),
      row("False positives", Formatting.count(detection.falsePositives), "predicted lesions that do not"),
      row(
        "False negatives", Formatting.count(detection.falseNegatives), "reference lesions that no prediction touches"),
      row(
        "Reference lesions", Formatting.count(reference.lesions),
        "\(Formatting.count(reference.componentsBeforeSizeFilter)) before the size rule"),
      row("Reference volume", "\(Formatting.millilitres(reference.volumeMillilitres)) ml"),
    ]
    return ["reference": .fields(["referenceRows": .list(rows)])]
  }

  static func provenance(_ results: PatientResults, reportID: String, auditHead: String, operatorName: String?)
    -> PageFields
  {
    let grid = results.grid
    let mask = results.external.map { [row("Mask", Wording.maskOrigin($0), "no network was run here")] }
    let model = results.model.map { model in
      [
        row(
          "Model", "\(model.name) \(model.version)",
          "\(model.architecture.name), \(Formatting.count(model.architecture.parameterCount)) parameters"),
        row("Model description", model.modelDigest, "SHA-256 of model.json"),
        row("Model weights", model.weightsDigest, "SHA-256 of the weight file or files"),
      ]
    }
    let identity: [PageFields] = [
      row("Report", reportID, "SHA-256 of the results file"),
      row("Audit chain", auditHead, "head before this report's own record"),
      row("Software", "\(results.software.name) \(results.software.version)"),
      row("Operator", operatorName ?? "not named", operatorName == nil ? nil : "who ran it, as stated with the run"),
    ]
    let scanner = results.scanner.map { row("Scanner", $0.text, "from the sidecar beside the FLAIR image") }
    let circumstances: [PageFields] = [
      row(
        "Calibration", results.calibration?.sha256 ?? "uncalibrated",
        results.calibration == nil ? "no error scores" : "SHA-256 of the calibration"),
      row(
        "Voxel grid",
        "\(Formatting.product(grid.shape)) voxels of "
          + "\(Formatting.product(grid.spacingMillimetres, decimals: 2)) mm", "stored axes \(grid.orientation)"),
    ]
    let inputs: [PageFields] = results.inputs.map { input in
      [
        "role": .text(input.role), "digest": .text(input.sha256), "shape": .text(Formatting.product(input.shape)),
        "spacing": .text(Formatting.product(input.spacingMillimetres, decimals: 2)),
        "orientation": .text(input.orientation), "problems": .lines(input.headerProblems),
        "noProblem": .flag(input.headerProblems.isEmpty),
      ]
    }
    return [
      "provenance": .list(identity + (mask ?? []) + (model ?? []) + circumstances + [scanner].compactMap { $0 }),
      "inputs": .list(inputs),
    ]
  }
}
