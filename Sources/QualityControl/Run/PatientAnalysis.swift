import ErrorScore
import Foundation
import Lesions
import Networks
import Reports
import Results
import Saliency
import Volumes

/// Everything that is computed for one patient: mask, findings, saliency, peaks and order.
struct PatientAnalysis {
  let results: PatientResults
  let images: PatientImages
  private let scan: PatientScan
  private let layout: OutputLayout
  private let settings: RunSettings
  private let probability: Volume<Float>
  private let components: Components
  private let findings: [FindingFacts]
  /// Kept parts of the maps by finding identifier, and whole maps, only when they are to be written, both as stored.
  private let storedMaps: [String: SaliencyPicture]
  private let wholeMaps: [String: SaliencyPicture]
  /// Grad-CAM++ maps by finding identifier, as stored; empty without that method.
  private let layerMaps: [String: LayerMap]
  /// The network's grid where its voxels are not the patient's.
  private let mapGrid: (shape: GridShape, affine: Affine)?

  init(
    scan: PatientScan, networkInput: NetworkInput, input: PatientInput, layout: OutputLayout, model: LoadedModel,
    settings: RunSettings, calibration: LoadedCalibration?, trainingIntensities: TrainingIntensities.File?,
    control: RunControl
  ) throws {
    self.scan = scan
    self.layout = layout
    self.settings = settings
    let grid = scan.flair.image.volume
    let network = networkInput.grid
    let tensor = networkInput.tensor

    try control.step(input.name, .segmenting, 0, 1)
    var pace = WindowPace()
    let segmentation = try Segmentation(networkInput, affine: grid.affine, model: model, settings: settings) {
      pace.windowDone()
      // A wish to stop is honoured at the next step that may throw.
      try? control.step(input.name, .segmenting, $0, $1, "windows")
    }
    try control.step(input.name, .segmenting, 1, 1)
    let (logits, probability) = (segmentation.logits, segmentation.probability)
    let (components, lesions) = (segmentation.components, segmentation.lesions)
    let candidates = segmentation.candidates
    self.probability = probability
    self.components = components

    // Explanation.
    let subjects = segmentation.subjects
    let explanations = try Explanation.all(
      of: subjects, at: tensor, network: network, grid: grid, occupied: components.mask(), model: model,
      settings: settings, scoringDraws: calibration?.scoringDraws,
      isCancelled: { control.isStopped },
      cost: { pace.warn(control, input.name, about: $0, of: "the saliency maps", settings: settings) },
      progress: { done, total in
        try control.step(
          input.name, .explaining, done, total,
          "draws, \(lesions.count) lesions, \(candidates.candidates.count) candidates")
      })

    let maps = try LayerMaps.all(
      of: subjects, at: tensor, network: network, model: model, settings: settings,
      progress: { try control.step(input.name, .mapping, $0, $1, "findings") })
    layerMaps = Dictionary(uniqueKeysWithValues: zip(subjects, maps).map { ("\($0.id)", $1) })

    // Truth, order, results.
    let labels = try scan.truth.map { truth in
      try TruthLabels(prediction: components, candidates: candidates.candidates, truth: Components(of: truth))
    }
    var facts: [FindingFacts] = []
    for (subject, explanation) in zip(subjects, explanations.findings) {
      facts.append(
        explanation.facts(
          of: subject, truthStatus: labels?.status(of: subject.id), saliencyFile: layout.saliencyFileName(subject.id),
          layerMapFile: layerMaps["\(subject.id)"].map { _ in layout.layerMapFileName(subject.id) }))
    }
    let locationRule = try FindingPlaces.add(to: &facts, of: subjects, scan: scan)
    findings = facts
    mapGrid = network.isPatientVoxels ? nil : network.storedGrid(patientAffine: grid.affine)
    storedMaps = Dictionary(
      uniqueKeysWithValues: zip(subjects, explanations.findings).map { ("\($0.id)", $1.stored) })
    wholeMaps = Dictionary(
      uniqueKeysWithValues: zip(subjects, explanations.findings).compactMap { subject, explanation in
        explanation.whole.map { ("\(subject.id)", $0) }
      })
    let checks = try PatientChecks.facts(
      of: subjects, facts: facts, probability: probability, logits: logits, at: tensor, network: network, model: model,
      settings: settings)
    var controls: ControlFacts?
    if settings.controls, let labels {
      controls = try ControlExplanation.facts(
        lesions: lesions, candidates: candidates.candidates, prediction: components, labels: labels,
        brain: scan.tissue, probability: probability, seed: settings.seed
      ) { regions in
        var withoutMaps = settings
        withoutMaps.saveMaps = false
        return try Explanation.all(
          of: regions, at: tensor, network: network, grid: grid, occupied: components.mask(), model: model,
          settings: withoutMaps, scoringDraws: nil, isCancelled: { control.isStopped },
          cost: { pace.warn(control, input.name, about: $0, of: "the maps of control regions", settings: settings) }
        ) { done, total in
          try control.step(input.name, .comparing, done, total, "draws, \(regions.count) control regions")
        }.findings
      }
    }
    var selfTest: SelfTestFacts?
    if settings.selfTest {
      selfTest = try SelfTest(
        scan: scan, segmentation: segmentation, model: model, settings: settings, calibration: calibration,
        name: input.name, control: control, pace: pace
      ).facts()
    }
    let counts = FindingCounts(
      componentsBeforeSizeFilter: components.countBeforeDropping, droppedSmallComponents: components.dropped.count,
      lesions: lesions.count, candidates: candidates.candidates.count, candidatesLeftOut: candidates.leftOut,
      totalLesionVolumeMillilitres: lesions.reduce(0) { $0 + $1.measurements.volumeMillilitres })
    let swapWarning = SwapCheck(scan)?.warning(lesions: components)
    let acquisition = ProtocolCheck(
      images: [scan.flair, scan.mprage].map { ($0.role, $0.image.volume) },
      brainMask: scan.showsHead ? nil : scan.brainMask, trainingSpacingMillimetres: model.trainingSpacingMillimetres)
    let intensities = IntensityCheck(scan, against: trainingIntensities)
    let aggregation = settings.aggregation.rawValue
    let order = try ReviewOrdering(
      facts, aggregation: aggregation, calibration: calibration, patientIsSynthetic: input.synthetic,
      flairDigest: scan.flair.sha256)
    results = PatientResults(
      patient: PatientIdentity(label: input.label, session: input.session, synthetic: input.synthetic),
      software: SoftwareIdentity(name: Product.name, version: Product.version), model: model.identity,
      inputs: scan.sources.map(Self.inputFacts), grid: Self.gridFacts(grid),
      settings: SettingFacts(
        method: "smoothgrad", aggregation: settings.aggregation.rawValue, target: settings.target.rawValue,
        samples: settings.samples, noiseFraction: settings.noiseFraction,
        noiseStandardDeviation: explanations.noiseStandardDeviation, seed: settings.seed,
        candidateThreshold: settings.candidateThreshold, maximumCandidates: settings.maximumCandidates,
        minimumLesionVoxels: components.rule.minimumVoxels, minimumCandidateVoxels: candidates.rule.minimumVoxels,
        precision: "fp32", mirrorAxes: model.mirrorAxes.isEmpty ? nil : model.mirrorAxes,
        stopping: try settings.stoppingFacts,
        layerMap: model.layer.map { LayerMapFacts(method: "gradcam++", layer: $0) }),
      rules: Self.rules(components.rule, candidates.rule, model: model, calibration: calibration), counts: counts,
      lesions: facts.filter { $0.kind == .lesion }, candidates: facts.filter { $0.kind == .candidate },
      reviewOrder: order.entries, calibration: calibration?.sha256 ?? "uncalibrated",
      calibrationFacts: order.calibration, truth: labels?.facts(affine: grid.affine), controls: controls,
      warnings: [swapWarning].compactMap { $0 } + acquisition.warnings + intensities.warnings + order.warnings
        + scan.warnings,
      checks: checks, selfTest: selfTest, locationRule: locationRule, intensities: intensities.facts)
    try calibration?.require(CalibratedSettings(results.settings), samples: results.settings.fewestSamples)

    var candidateLabels = [Int32](repeating: 0, count: grid.shape.voxelCount)
    for candidate in candidates.candidates {
      for voxel in candidate.voxels { candidateLabels[voxel] = Int32(candidate.number) }
    }
    images = PatientImages(
      flair: grid, mprage: scan.mprageVolume, brainMask: scan.brainMask,
      lesionLabels: Volume(shape: grid.shape, affine: grid.affine, voxels: components.numbers()),
      candidateLabels: Volume(shape: grid.shape, affine: grid.affine, voxels: candidateLabels), truth: scan.truth,
      saliency: Dictionary(
        uniqueKeysWithValues: zip(subjects, explanations.findings).map { ("\($0.id)", $1.picture) }))
  }

  /// Masks, probability and maps, in the order in which they are moved into place.
  func writeImages(to transaction: OutputTransaction) throws {
    let header = scan.flair.image.header
    let grid = scan.flair.image.volume
    try NIfTIWriter.write(
      Volume(shape: grid.shape, affine: grid.affine, voxels: components.mask()), like: header, intent: .label,
      to: try transaction.place(layout.mask).path)
    try NIfTIWriter.write(
      probability, like: header, intent: .estimate, to: try transaction.place(layout.probability).path)
    try NIfTIWriter.write(
      Volume(shape: grid.shape, affine: grid.affine, voxels: components.numbers()), like: header, intent: .label,
      to: try transaction.place(layout.segmentation).path)
    try transaction.write(SegmentationTable.bytes(results.lesions), to: layout.segmentationTable)
    let mapHeader = mapGrid.map { NIfTIHeader(shape: $0.shape, affine: $0.affine) } ?? header
    for finding in findings {
      let id = FindingID(kind: finding.kind, number: finding.number)
      if let map = storedMaps[finding.id] {
        try Self.write(map, like: mapHeader, to: try transaction.place(layout.saliency(id)))
      }
      if let map = layerMaps[finding.id] {
        try NIfTIWriter.write(
          channels: [Volume(shape: map.box.shape, affine: Affine.scaling(1, 1, 1), voxels: map.values)],
          like: mapHeader.cropped(to: map.box), intent: .estimate, to: try transaction.place(layout.layerMap(id)).path)
      }
      if let whole = wholeMaps[finding.id] {
        try Self.write(
          whole.padded(to: mapGrid?.shape ?? grid.shape), like: mapHeader,
          to: try transaction.place(layout.wholeSaliency(id)))
      }
    }
  }

  /// One 4D file, last axis FLAIR, MPRAGE, whose affine places the map's box in the patient.
  private static func write(_ picture: SaliencyPicture, like header: NIfTIHeader, to url: URL) throws {
    let box = GridBox(lower: picture.lower, upper: picture.upper)
    let boxHeader = header.cropped(to: box)
    let affine = Affine.scaling(1, 1, 1)
    try NIfTIWriter.write(
      channels: [picture.flair, picture.mprage].map { Volume(shape: box.shape, affine: affine, voxels: $0) },
      like: boxHeader, intent: .estimate, to: url.path)
  }
}

extension SaliencyPicture {
  /// The same map with zeros on the rest of the grid.
  fileprivate func padded(to shape: GridShape) -> SaliencyPicture {
    func painted(_ values: [Float]) -> [Float] {
      var whole = [Float](repeating: 0, count: shape.voxelCount)
      let width = upper.i - lower.i
      var source = 0
      for k in lower.k..<upper.k {
        for j in lower.j..<upper.j {
          let start = shape.linearIndex(VoxelIndex(lower.i, j, k))
          whole.replaceSubrange(start..<(start + width), with: values[source..<(source + width)])
          source += width
        }
      }
      return whole
    }
    return SaliencyPicture(
      lower: VoxelIndex(0, 0, 0), upper: VoxelIndex(shape.ni, shape.nj, shape.nk), flair: painted(flair),
      mprage: painted(mprage))
  }
}
