import Results

/// The tables of a report: rows of a name, a value and, where it helps, a unit or a note.
enum ReportFacts {
  static func row(_ name: String, _ value: String, _ note: String? = nil) -> PageFields {
    ["name": .text(name), "value": .text(value), "note": .optional(note)]
  }

  /// Everything measured about one finding.
  static func finding(_ finding: FindingFacts, _ results: PatientResults) -> PageFields {
    let size = row(
      "Volume", "\(Formatting.cubicMillimetres(finding.volumeMillimetres3)) mm³",
      Formatting.counted(finding.voxelCount, "voxel", "voxels"))
    var rows = [
      size,
      row("Extent", "\(Formatting.product(finding.extentMillimetres, decimals: 1)) mm", "box along i, j, k"),
      row(
        "Centroid", "\(Formatting.position(finding.centroidWorldMillimetres)) mm",
        "voxel \(Formatting.voxel(finding.centroidVoxel))"),
    ]
    if finding.hasProbability {
      rows += [
        row(
          "Probability",
          "mean \(Formatting.probability(finding.meanProbability)), "
            + "highest \(Formatting.probability(finding.maximumProbability))"),
        row("Mean entropy", "\(Formatting.fixed(finding.meanEntropy, 3)) nat", "ln 2 = 0.693 is a toss-up"),
      ]
    }
    if finding.hasSaliency {
      rows += [
        row("FLAIR share", Formatting.percent(finding.flairShare), "of |saliency|, whole map"),
        row(
          "Sign balance",
          "inside \(Formatting.peak(finding.signBalance.meanInside)), rim \(Formatting.peak(finding.signBalance.meanRim))",
          "mean FLAIR saliency, rim 2–5 mm"),
        row("Saliency file", finding.saliencyFile),
      ]
    }
    func peakRow(_ name: String, _ peak: (ChannelPeaks) -> PeakFacts) -> PageFields {
      [
        "name": .text(name),
        "flairValue": .text(Formatting.peak(peak(finding.flair))),
        "flairVoxel": .text(Formatting.voxel(peak(finding.flair).voxel)),
        "flairPlace": .text(Formatting.position(peak(finding.flair).worldMillimetres)),
        "mprageValue": .text(Formatting.peak(peak(finding.mprage))),
        "mprageVoxel": .text(Formatting.voxel(peak(finding.mprage).voxel)),
        "mpragePlace": .text(Formatting.position(peak(finding.mprage).worldMillimetres)),
      ]
    }
    return [
      "facts": .list(placeRow(finding) + rows),
      "peakTable": !finding.hasSaliency
        ? false
        : .fields([
          "peaks": .list([
            peakRow("Highest inside") { $0.insideHighest },
            peakRow("Lowest inside") { $0.insideLowest },
            peakRow("Highest, whole map") { $0.mapHighest },
            peakRow("Lowest, whole map") { $0.mapLowest },
          ])
        ]),
      "explanation": .lines(Wording.explanation(finding, othersHaveMaps: results.hasMaps)),
      "pictured": .text(Wording.pictured(finding)),
      "peakVoxel": .text(Formatting.voxel(finding.pictureVoxel)),
      "peakPlace": .text(
        finding.hasSaliency
          ? Formatting.position(finding.flair.insideHighest.worldMillimetres)
          : Formatting.position(finding.centroidWorldMillimetres)),
    ]
  }

  static func truth(_ results: PatientResults) -> PageFields {
    guard let truth = results.truth else { return ["truth": false] }
    let rows = [
      row("DSC", Formatting.fixed(truth.dsc, 3), "voxel overlap"),
      row("Normalised DSC", Formatting.fixed(truth.normalisedDsc, 3), "at a lesion load of 0.001"),
      row("Lesion true-positive rate", Formatting.percent(truth.lesionTruePositiveRate), "TP / (TP + FN)"),
      row("Lesion false-negative rate", Formatting.percent(truth.lesionFalseNegativeRate), "FN / (TP + FN)"),
      row("Lesion false-discovery rate", Formatting.percent(truth.lesionFalseDiscoveryRate), "FP / (TP + FP)"),
      row(
        "Lesion positive predictive value", Formatting.percent(truth.lesionPositivePredictiveValue), "TP / (TP + FP)"),
      row("Lesion F1", Formatting.fixed(truth.lesionF1, 3), "2 TP / (2 TP + FP + FN)"),
      row("True positives", Formatting.count(truth.truePositives), "predicted lesions that touch the truth"),
      row("False positives", Formatting.count(truth.falsePositives), "predicted lesions that do not"),
      row("False negatives", Formatting.count(truth.falseNegatives), "truth lesions that no prediction touches"),
      row(
        "Truth lesions", Formatting.count(truth.truthComponents),
        "\(Formatting.count(truth.truthComponentsBeforeSizeFilter)) before the size rule"),
      row("Truth volume", "\(Formatting.millilitres(truth.truthVolumeMillilitres)) ml"),
    ]
    return ["truth": .fields(["truthRows": .list(rows)])]
  }

  static func parameters(_ results: PatientResults) -> PageFields {
    let settings = results.settings
    let model = results.model
    let rules: [PageFields] = [
      row("Lesions", results.rules.lesions), row("Candidates", results.rules.candidates),
      row("Numbering", results.rules.numbering), row("Review order", results.rules.reviewOrder),
    ]
    if let external = results.external {
      return ["rules": .list(rules + placeRule(results)), "settings": .list(externalSettings(results, external))]
    }
    let rows = [
      row("Saliency method", settings.method), row("Aggregation", settings.aggregation),
      row("Target", settings.target, "output that is differentiated"),
      row(
        "Noise draws", (settings.stopping == nil ? "" : "at most ") + Formatting.count(settings.samples),
        settings.stopping.map {
          "from \($0.minimumSamples) on until the FLAIR peak's standard error is \(Formatting.percent($0.relativeError)) of it "
            + "or \(Formatting.setting($0.absoluteError)) logit per SD"
        }),
      row(
        "Noise", "\(Formatting.setting(settings.noiseFraction)) of the FLAIR range",
        "σ = \(Formatting.peak(settings.noiseStandardDeviation)) SD on both channels"),
      row("Seed", "\(settings.seed)"),
      row("Mask threshold", Formatting.setting(model.threshold), "lesion probability above it"),
      row("Smallest lesion", Formatting.counted(settings.minimumLesionVoxels, "voxel", "voxels")),
      row("Candidate threshold", Formatting.setting(settings.candidateThreshold)),
      row("Smallest candidate", Formatting.counted(settings.minimumCandidateVoxels, "voxel", "voxels")),
      row("Most candidates", Formatting.count(settings.maximumCandidates)),
      row(
        "Sliding window", "\(Formatting.product(model.window)) voxels", "overlap \(Formatting.setting(model.overlap))"),
      row("Precision", settings.precision),
      row("Mirroring", settings.mirrorAxes.map { "averaged over network axes \($0)" } ?? "none"),
    ]
    let layerRow = settings.layerMap.map {
      row("Layer maps", $0.method, "of layer \($0.layer), in files of their own; they say where, not how much")
    }
    return [
      "rules": .list(rules + placeRule(results) + intensityRule(results)),
      "settings": .list(rows + [layerRow].compactMap { $0 }),
    ]
  }

  /// Settings of a report on another program's mask: those that were used here.
  private static func externalSettings(_ results: PatientResults, _ external: ExternalSegmentation) -> [PageFields] {
    let settings = results.settings
    let candidates =
      external.hasProbability
      ? [
        row("Candidate threshold", Formatting.setting(settings.candidateThreshold)),
        row("Smallest candidate", Formatting.counted(settings.minimumCandidateVoxels, "voxel", "voxels")),
        row("Most candidates", Formatting.count(settings.maximumCandidates)),
      ] : [row("Candidates", "none", "no probability was given")]
    return [
      row("Mask", Wording.maskOrigin(external), "given; no network was run here"),
      row("Saliency", settings.method, external.hasSaliency ? "not computed here" : "not for every finding"),
      row("Smallest lesion", Formatting.counted(settings.minimumLesionVoxels, "voxel", "voxels")),
    ] + candidates
  }

  static func provenance(_ results: PatientResults, reportID: String, auditHead: String) -> PageFields {
    let model = results.model
    let grid = results.grid
    let segmentation: [PageFields]
    if let external = results.external {
      segmentation = [row("Mask", Wording.maskOrigin(external), "no network was run here")]
    } else {
      segmentation = [
        row(
          "Model", "\(model.name) \(model.version)",
          "\(model.architecture), \(Formatting.count(model.parameterCount)) parameters"),
        row("Model description", model.modelDigest, "SHA-256 of model.json"),
        row("Model weights", model.weightsDigest, "SHA-256 of the weight file or files"),
      ]
    }
    let identity: [PageFields] = [
      row("Report", reportID, "SHA-256 of the results file"),
      row("Audit chain", auditHead, "head before this report's own record"),
      row("Software", "\(results.software.name) \(results.software.version)"),
    ]
    let scanner = results.scanner.map { row("Scanner", $0.text, "from the sidecar beside the FLAIR image") }
    let circumstances: [PageFields] = [
      row(
        "Calibration", results.calibration,
        results.calibration == "uncalibrated" ? "no error scores" : "SHA-256 of the calibration"),
      row(
        "Voxel grid",
        "\(Formatting.product(grid.shape)) voxels of "
          + "\(Formatting.product(grid.spacingMillimetres, decimals: 2)) mm", "stored axes \(grid.orientation)"),
    ]
    let inputs: [PageFields] = results.inputs.map { input in
      [
        "role": .text(input.role), "digest": .text(input.sha256),
        "shape": .text(Formatting.product(input.shape)),
        "spacing": .text(Formatting.product(input.spacingMillimetres, decimals: 2)),
        "orientation": .text(input.orientation), "problems": .lines(input.headerProblems),
        "noProblem": .flag(input.headerProblems.isEmpty),
      ]
    }
    return [
      "provenance": .list(identity + segmentation + circumstances + [scanner].compactMap { $0 }),
      "inputs": .list(inputs),
    ]
  }
}
