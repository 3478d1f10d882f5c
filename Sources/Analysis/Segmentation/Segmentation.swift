package import Checkpoints
package import Lesions
import Networks
package import Results
package import Volumes

/// The mask of one scan with its lesions and missed-lesion candidates, whoever made it.
package struct Segmentation {
  package let components: Components
  /// Lesion probability on the patient's grid; nil where another tool gave none.
  package let probability: Volume<Float>?
  /// Lesions, then candidates, by number.
  package let findings: [Finding]
  /// Nil without a probability: missed lesions were not looked for.
  package let candidates: MissedLesionCandidates?
  /// `[K, D, H, W]` on the network's grid; nil where no network was run.
  package let logits: Tensor?

  package var lesions: [Finding] { findings.filter { $0.id.kind == .lesion } }

  private init(
    components: Components, affine: Affine, probability: Volume<Float>?, logits: Tensor?, settings: RunSettings
  ) throws {
    self.components = components
    self.probability = probability
    self.logits = logits
    let rule = try MissedLesionCandidates.Rule(
      threshold: Float(settings.candidateThreshold), maximumCount: settings.maximumCandidates)
    candidates = try probability.map { try MissedLesionCandidates(in: $0, besides: components, rule: rule) }
    findings =
      try Finding.lesions(of: components, affine: affine, probability: probability) + (candidates?.candidates ?? [])
  }

  /// By a network.
  ///
  /// - Parameters:
  ///   - affine: of the patient's grid.
  ///   - progress: windows done and in total; not asked whether to go on.
  /// - Throws: errors of `Networks` and `Lesions`.
  package init(
    _ input: NetworkInput, affine: Affine, model: LoadedModel, settings: RunSettings,
    progress: @escaping (Int, Int) -> Void
  ) throws {
    let logits = try model.logits(input.tensor, progress: progress)
    let probability = Volume(
      shape: input.grid.patientShape, affine: affine, voxels: input.grid.probability(ofLogits: logits, by: model))
    try self.init(
      components: Components(of: try ProbabilityMap.mask(of: probability, above: Float(model.threshold))),
      affine: affine, probability: probability, logits: logits, settings: settings)
  }

  /// By another tool.
  ///
  /// - Parameter scan: takes in the given files, with what there is to say of them.
  /// - Throws: ``Fault``, errors of `Volumes` and `Lesions`.
  package init(_ files: ExternalFiles, of scan: inout PatientScan, settings: RunSettings) throws {
    let mask = try GivenMask(
      files.mask, role: .lesions, labels: settings.labels?.lesions, onto: scan.target, reslice: settings.reslice)
    try mask.requireLesions(brainMillilitres: scan.brainMillilitres)
    scan.add(mask.source, mask.warnings)
    let probability = try files.probability.map {
      try GivenProbability($0, onto: scan.target, reslice: settings.reslice)
    }
    if let probability { scan.add(probability.source, probability.warnings) }
    try self.init(
      components: Components(of: mask.volume), affine: mask.volume.affine, probability: probability?.volume,
      logits: nil, settings: settings)
  }

  package var counts: FindingCounts {
    FindingCounts(
      componentsBeforeSizeFilter: components.countBeforeDropping, droppedSmallComponents: components.dropped.count,
      lesions: components.kept.count, candidates: candidates?.candidates.count ?? 0,
      candidatesLeftOut: candidates?.leftOut ?? 0,
      totalLesionVolumeMillilitres: lesions.reduce(0) { $0 + $1.measurements.volumeMillilitres })
  }
}

/// Where a patient's mask comes from. Behind the segmentation both ways are one.
package enum MaskSource {
  case network(LoadedModel)
  case files(ExternalFiles)

  package var model: LoadedModel? { if case .network(let model) = self { model } else { nil } }

  package var files: ExternalFiles? { if case .files(let files) = self { files } else { nil } }

  /// Whether images that show the head are refused.
  package var expectsBrainExtracted: Bool { model?.brainExtracted ?? false }
}
