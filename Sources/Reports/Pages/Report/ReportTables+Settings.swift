import Lesions
import Results
import Saliency

/// Rules and parameters of a run.
extension ReportTables {
  static func parameters(_ results: PatientResults) -> PageFields {
    let rules = [
      row("Lesions", Wording.lesionRule(results)), row("Candidates", Wording.candidateRule(results)),
      row("Numbering", Wording.numbering), row("Review order", Wording.reviewOrder(results)), locationRule(results),
    ]
    return [
      "rules": .list(rules + intensityRule(results)),
      "settings": .list(results.external.map { externalSettings(results, $0) } ?? networkSettings(results)),
    ]
  }

  /// What was set, with what came of it, then what the model and the rules bring along.
  private static func networkSettings(_ results: PatientResults) -> [PageFields] {
    let notes = outcomes(results)
    let settings = (results.settings?.rows ?? []).map { setting -> PageFields in
      let value =
        switch setting.value {
        case .text(let text): text
        case .count(let count): Formatting.count(count)
        case .number(let number): Formatting.setting(number)
        }
      return row(
        setting.name, [value, setting.unit].compactMap { $0 }.joined(separator: " "),
        [notes[setting.settings[0]], setting.note].compactMap { $0 }.first)
    }
    let model = results.model.map { model in
      [
        row("Mask threshold", Formatting.setting(model.threshold), "lesion probability above it"),
        row(
          "Sliding window", "\(Formatting.product(model.architecture.window)) voxels",
          "overlap \(Formatting.setting(model.architecture.overlap))"),
      ]
    }
    return settings + (model ?? []) + sizes(results)
      + (results.explanation.map { [row("Precision", $0.precision)] } ?? [])
  }

  /// Notes by the setting that they belong to.
  private static func outcomes(_ results: PatientResults) -> [String: String] {
    guard let explanation = results.explanation else { return [:] }
    var notes = ["noiseFraction": "σ = \(Formatting.peak(explanation.noiseStandardDeviation)) SD on both channels"]
    notes["samples"] = explanation.stopping.map {
      "from \($0.minimumSamples) on until the FLAIR peak's standard error is \(Formatting.percent($0.relativeError)) "
        + "of it or \(Formatting.setting($0.absoluteError)) logit per SD"
    }
    notes["layer"] = explanation.layer.map { "of layer \($0), in files of their own; they say where, not how much" }
    if results.settings?.mirror == true {
      let axes = explanation.mirrorAxes
      notes["mirror"] = axes.isEmpty ? "over no axis: the model allows none" : "over network axes \(axes)"
    }
    return notes
  }

  private static func sizes(_ results: PatientResults) -> [PageFields] {
    let candidates = results.rules.candidates.map {
      row("Smallest candidate", Formatting.counted($0.minimumVoxels, "voxel", "voxels"))
    }
    return [row("Smallest lesion", Formatting.counted(results.rules.lesions.minimumVoxels, "voxel", "voxels"))]
      + [candidates].compactMap { $0 }
  }

  /// Settings of a report on an external segmentation: those that were used here.
  private static func externalSettings(_ results: PatientResults, _ external: ExternalSegmentation) -> [PageFields] {
    let candidates =
      results.rules.candidates.map { rule in
        [
          row("Candidate threshold", Formatting.setting(rule.threshold)),
          row("Maximum number of candidates", Formatting.count(rule.maximumCount)),
        ]
      } ?? [row("Candidates", "none", "no probability was given")]
    let hasMaps = results.findings.contains { $0.saliency != nil }
    return [
      row("Mask", Wording.maskOrigin(external), "given; no network was run here"),
      row(
        "Saliency", hasMaps ? "maps of another tool" : "none",
        external.hasSaliency ? "not computed here" : "not for every finding"),
    ] + sizes(results) + candidates
  }

  /// Whether the images are like those that the network was trained on.
  private static func intensityRule(_ results: PatientResults) -> [PageFields] {
    guard let record = results.intensities else { return [] }
    let unlike = record.images.filter(\.isUnlike).map(\.role)
    let patients =
      Formatting.counted(record.trainingPatients, "training patient", "training patients")
      + (record.syntheticTrainingPatients > 0
        ? ", \(Formatting.count(record.syntheticTrainingPatients)) of them synthetic" : "")
    return [
      row(
        "Intensities",
        unlike.isEmpty ? "like those of the \(patients)" : "\(Wording.listed(unlike)) unlike the \(patients)",
        "seven quantiles of the brain's voxels, in standard deviations from their mean")
    ]
  }
}
