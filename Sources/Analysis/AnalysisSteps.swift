import ErrorScore
import Lesions
import Networks
import Results
import Saliency
import Volumes

/// The steps of one patient's analysis, in the order in which they are taken. What only a network can give is empty or
/// nil without one.
struct AnalysisSteps {
  let name: String
  let mask: MaskSource
  let networkInput: NetworkInput?
  let context: AnalysisContext
  private var pace = WindowPace()

  init(name: String, mask: MaskSource, networkInput: NetworkInput?, context: AnalysisContext) {
    self.name = name
    self.mask = mask
    self.networkInput = networkInput
    self.context = context
  }

  private var settings: RunSettings { context.settings }
  private var control: RunControl { context.control }

  /// Mask, lesions and candidates.
  ///
  /// - Parameter scan: takes in the files of another tool.
  mutating func segment(_ scan: inout PatientScan) throws -> Segmentation {
    switch mask {
    case .files(let files): return try Segmentation(files, of: &scan, settings: settings)
    case .network(let model):
      try control.step(name, .segmenting, 0, 1)
      var pace = WindowPace()
      let (control, name) = (control, name)
      let segmentation = try Segmentation(
        networkInput!, affine: scan.flair.image.volume.affine, model: model, settings: settings
      ) {
        pace.windowDone()
        // A cancellation is honoured at the next step that may throw.
        try? control.step(name, .segmenting, $0, $1, "windows")
      }
      self.pace = pace
      try control.step(name, .segmenting, 1, 1)
      return segmentation
    }
  }

  /// A map of every finding: the network's, or those that were given.
  func explain(_ segmentation: Segmentation, _ scan: PatientScan) throws -> [FindingID: ExplainedFinding] {
    let grid = scan.flair.image.volume
    let findings = segmentation.findings
    switch mask {
    case .files(let files):
      let occupied = segmentation.components.mask()
      let maps = try files.maps(of: findings, grid: grid)
      return Dictionary(
        uniqueKeysWithValues: findings.compactMap { finding in
          maps[finding.id].map { (finding.id, ExplainedFinding(finding, given: $0, grid: grid, occupied: occupied)) }
        })
    case .network:
      let subject = "samples, \(segmentation.counts.lesions) lesions, \(segmentation.counts.candidates) candidates"
      let explained = try explain(
        findings, of: segmentation, grid, what: "the saliency maps", stage: .explaining, subject: subject,
        scoringSamples: context.calibration?.scoringSamples, savingWholeMaps: settings.saveMaps)
      return Dictionary(uniqueKeysWithValues: zip(findings.map(\.id), explained))
    }
  }

  private func explain(
    _ findings: [Finding], of segmentation: Segmentation, _ grid: Volume<Float>, what: String, stage: RunProgress.Stage,
    subject: String, scoringSamples: Int?, savingWholeMaps: Bool
  ) throws -> [ExplainedFinding] {
    guard let model = mask.model, let networkInput else { return [] }
    let explanation = Explanation(
      model: model, settings: settings, input: networkInput, affine: grid.affine,
      occupied: segmentation.components.mask(), scoringSamples: scoringSamples)
    return try explanation.explain(
      findings, savingWholeMaps: savingWholeMaps, isCancelled: { control.isStopped },
      cost: { cost in
        if let estimate = pace.estimate(of: cost, subject: what, settings: settings) {
          control.notify(.longRun(patient: name, estimate))
        }
      }, progress: { try control.step(name, stage, $0, $1, subject, finding: $2.map { "\($0)" }) })
  }

  /// Grad-CAM++ maps; empty without that method.
  func layerMaps(_ segmentation: Segmentation) throws -> [FindingID: LayerMap] {
    guard let model = mask.model, let networkInput else { return [:] }
    let maps = try LayerMaps.all(of: segmentation.findings, input: networkInput, model: model, settings: settings) {
      try control.step(name, .mapping, $0, $1, "findings")
    }
    return Dictionary(uniqueKeysWithValues: zip(segmentation.findings.map(\.id), maps))
  }

  /// The record with findings, order, settings and warnings.
  func results(
    _ input: PatientInput, _ scan: PatientScan, _ segmentation: Segmentation, _ findings: [FindingRecord],
    _ locations: LocationRecord
  ) throws -> PatientResults {
    let grid = scan.flair.image.volume
    let external = mask.files.map { files in
      ExternalSegmentation(
        tool: files.tool, hasProbability: segmentation.probability != nil,
        hasSaliency: !findings.isEmpty && findings.allSatisfy { $0.saliency != nil })
    }
    let scanner = ScannerIdentity(beside: scan.flair.url)
    let order = try ReviewOrdering(
      findings, aggregation: settings.aggregation, external: external, calibration: context.calibration,
      patientIsSynthetic: input.synthetic, scanner: scanner, flairDigest: scan.flair.sha256)
    var results = PatientResults(
      patient: PatientIdentity(label: input.label, session: input.session, synthetic: input.synthetic),
      model: mask.model?.identity, external: external,
      inputs: scan.sources.map { source in
        InputRecord(
          role: source.role, sha256: source.sha256,
          grid: GridRecord(shape: source.image.volume.shape, affine: source.image.volume.affine),
          headerProblems: source.image.problems.map(\.message), labels: source.labels)
      }, grid: GridRecord(shape: grid.shape, affine: grid.affine),
      rules: RuleRecord(
        lesions: segmentation.components.rule, candidates: segmentation.candidates?.rule, order: order.basis,
        orderFeatures: order.features), counts: segmentation.counts, locations: locations)
    results.scanner = scanner
    results.findings = findings
    results.reviewOrder = order.entries
    results.calibration = order.calibration
    if let model = mask.model, let networkInput {
      results.settings = settings
      results.explanation = ExplanationRecord(
        noiseStandardDeviation: try GaussianNoise.sigma(factor: settings.noiseFraction, of: networkInput.standardised),
        mirrorAxes: model.mirrorAxes, stopping: try settings.stopping, layer: model.layer)
    }
    if let calibration = context.calibration, let named = CalibratedSettings(results) {
      // What the results name, rules and precision too; the run asked before it began only what its settings name.
      try calibration.require(named, samples: settings.fewestSamples)
    }
    let intensities = IntensityCheck(scan, against: context.trainingIntensities)
    results.intensities = intensities.record
    let acquisition = ProtocolCheck(
      images: [scan.flair, scan.mprage].compactMap { $0 }.map { ($0.role, $0.image.volume) },
      brainMask: scan.showsHead ? nil : scan.brainMask,
      trainingSpacingMillimetres: mask.model?.trainingSpacingMillimetres)
    let plausibility = mask.model.map { _ in
      MaskPlausibility(
        segmentation.components, voxelMillilitres: grid.affine.voxelVolumeMillimetres3 / 1000,
        brain: scan.showsHead ? nil : scan.brainMask, calibrated: context.calibration?.mostLesions)
    }
    results.warnings =
      [SwapCheck(scan)?.warning(lesions: segmentation.components)].compactMap { $0 } + (plausibility?.warnings ?? [])
      + acquisition.warnings + intensities.warnings + order.warnings + scan.warnings
    return results
  }

  /// Sanity checks that are cheap enough for every patient; nil without a network or a finding.
  func checks(_ segmentation: Segmentation, _ records: [FindingRecord]) throws -> [CheckOutcome]? {
    guard let model = mask.model, let networkInput else { return nil }
    return try PatientChecks.records(
      of: segmentation, records: records, input: networkInput, model: model, settings: settings)
  }

  /// Missed reference lesions and control regions; nil unless asked for.
  ///
  /// - Returns: the record, and the maps of the missed lesions, in their order.
  func controls(_ segmentation: Segmentation, _ labels: ReferenceLabels, _ scan: PatientScan) throws -> (
    record: ControlRecord, explained: [ExplainedFinding]
  )? {
    guard settings.controls, mask.model != nil else { return nil }
    let controls = ControlExplanation(segmentation, labels: labels, brain: scan.tissue, seed: settings.seed)
    let explained = try explain(
      controls.regions, of: segmentation, scan.flair.image.volume, what: "the maps of control regions",
      stage: .comparing, subject: "samples, \(controls.regions.count) control regions", scoringSamples: nil,
      savingWholeMaps: false)
    return (controls.record(explained), Array(explained.prefix(labels.missed.count)))
  }

  /// Nil unless asked for.
  func selfTest(_ segmentation: Segmentation, _ scan: PatientScan) throws -> SelfTestRecord? {
    guard settings.selfTest, let model = mask.model else { return nil }
    return try SelfTest(
      scan: scan, segmentation: segmentation, model: model, settings: settings, calibration: context.calibration,
      name: name, control: control, pace: pace
    ).record()
  }
}
