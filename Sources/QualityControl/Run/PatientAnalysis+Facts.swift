import Lesions
import Reports
import Results
import Volumes

/// Values of the analysis as the results file names them.
extension PatientAnalysis {
  static func inputFacts(_ source: PatientScan.Source) -> InputFacts {
    let volume = source.image.volume
    let spacing = volume.affine.spacingMillimetres
    return InputFacts(
      role: source.role, sha256: source.sha256, shape: [volume.shape.ni, volume.shape.nj, volume.shape.nk],
      spacingMillimetres: [spacing.0, spacing.1, spacing.2], orientation: Orientation(volume.affine).code,
      headerProblems: source.image.problems.map(\.message))
  }

  static func gridFacts(_ grid: Volume<Float>) -> GridFacts {
    let spacing = grid.affine.spacingMillimetres
    return GridFacts(
      shape: [grid.shape.ni, grid.shape.nj, grid.shape.nk], spacingMillimetres: [spacing.0, spacing.1, spacing.2],
      orientation: Orientation(grid.affine).code, affine: grid.affine.rows)
  }

  static func rules(
    _ lesions: ComponentRule, _ candidates: MissedLesionCandidates.Rule, model: LoadedModel,
    calibration: LoadedCalibration?
  ) -> RuleTexts {
    RuleTexts(
      lesions: lesionRule("whose lesion probability exceeds \(model.threshold)", lesions),
      candidates: candidateRule("lesion probability", candidates),
      numbering:
        "Lesions are numbered by voxels descending, then lowest linear index (first stored axis fastest); candidates "
        + "by highest probability descending, then lowest linear index.",
      reviewOrder: calibration == nil
        ? "Uncalibrated: lesions ascending and candidates descending by the highest FLAIR value of their sum map "
          + "inside the finding, each as percentile within its kind, merged by percentile."
        : "By probability of an error, descending: that a lesion is a false positive, that a candidate is a missed lesion."
    )
  }

  /// - Parameter voxels: which voxels a lesion is made of.
  static func lesionRule(_ voxels: String, _ rule: ComponentRule) -> String {
    "A lesion is a connected group of at least \(Self.voxels(rule.minimumVoxels)) \(voxels). Voxels are connected that share a face "
      + "or an edge (18 neighbours); smaller groups are dropped."
  }

  static func candidateRule(_ probability: String, _ rule: MissedLesionCandidates.Rule) -> String {
    "A missed-lesion candidate is a group of at least \(Self.voxels(rule.minimumVoxels)), connected in the same way, whose "
      + "\(probability) is \(rule.threshold) or more and of which none belongs to a lesion. At most \(rule.maximumCount) are kept, those of "
      + "highest probability."
  }

  private static func voxels(_ count: Int) -> String { "\(count) voxel\(count == 1 ? "" : "s")" }

  static func truthFacts(
    _ truth: Components, _ comparison: TruthComparison, _ overlap: VoxelOverlap, affine: Affine
  ) -> TruthFacts {
    let detection = DetectionMetrics(comparison)
    let voxels = truth.kept.reduce(0) { $0 + $1.count }
    return TruthFacts(
      dsc: overlap.dice, normalisedDsc: overlap.normalisedDice, lesionTruePositiveRate: detection.truePositiveRate,
      lesionFalseDiscoveryRate: detection.falseDiscoveryRate, lesionFalseNegativeRate: detection.falseNegativeRate,
      lesionF1: detection.f1, lesionPositivePredictiveValue: detection.positivePredictiveValue,
      truePositives: detection.truePositives, falsePositives: detection.falsePositives,
      falseNegatives: detection.falseNegatives, truthComponentsBeforeSizeFilter: truth.countBeforeDropping,
      truthComponents: truth.kept.count,
      truthVolumeMillilitres: Double(voxels) * affine.voxelVolumeMillimetres3 / 1000)
  }
}
