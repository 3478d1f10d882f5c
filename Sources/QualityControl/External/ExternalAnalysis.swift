import AuditTrail
import Digests
import ErrorScore
import Foundation
import Lesions
import Reports
import Results
import Volumes

/// Lesions, candidates, measurements and order of a patient whose mask comes from another program; nothing is segmented or
/// explained here.
struct ExternalAnalysis {
  let results: PatientResults
  let images: PatientImages
  let sources: [PatientScan.Source]
  private let scan: PatientScan
  private let layout: OutputLayout
  private let components: Components
  private let probability: Volume<Float>?
  private let maps: [FindingID: (url: URL, picture: SaliencyPicture)]

  /// - Throws: ``QualityControlError/badInput(_:)`` or an error of `Volumes` or `Lesions`, each one line.
  init(_ patient: ExternalPatient, layout: OutputLayout, settings: RunSettings) throws {
    let scan = try PatientScan(patient.input, expectsBrainExtracted: false, reslice: settings.reslice)
    let grid = scan.flair.image.volume
    let mask = try Self.onGrid(patient.mask, "mask", grid)
    let probability = try patient.probability.map { try Self.onGrid($0, "probability", grid) }
    let components = Components(of: mask.image.volume, where: { $0 != 0 })
    let lesions = try Lesion.measured(in: components, affine: grid.affine, probability: probability?.image.volume)
    let rule = try MissedLesionCandidates.Rule(
      threshold: Float(settings.candidateThreshold), maximumCount: settings.maximumCandidates)
    let candidates = try probability.map {
      try MissedLesionCandidates(in: $0.image.volume, besides: components, rule: rule)
    }
    let subjects =
      lesions.map { FindingSubject(id: $0.id, voxels: $0.voxels, measurements: $0.measurements, wasDropped: false) }
      + (candidates?.candidates ?? []).map {
        FindingSubject(
          id: $0.id, voxels: $0.voxels, measurements: $0.measurements, wasDropped: $0.wasDroppedSmallComponent)
      }
    let maps = try patient.saliency.map { try Self.maps(in: $0, of: subjects, grid: (grid.shape, grid.affine)) } ?? [:]
    let comparison = try scan.truth.map { truth in
      let truthComponents = Components(of: truth)
      return (
        truth: truthComponents, lesions: try TruthComparison(prediction: components, truth: truthComponents),
        overlap: try VoxelOverlap(prediction: components, truth: truthComponents)
      )
    }
    var facts = subjects.map { subject -> FindingFacts in
      let status: String? = comparison.map { comparison in
        switch subject.id.kind {
        case .lesion: comparison.lesions.predicted[subject.id.number - 1].outcome == .truePositive ? "TP" : "FP"
        case .candidate:
          comparison.truth.kept.contains { !Set($0).isDisjoint(with: subject.voxels) } ? "missed" : "notALesion"
        }
      }
      return Self.facts(
        subject, truthStatus: status, picture: maps[subject.id]?.picture, layout: layout, grid: grid,
        occupied: components.mask())
    }
    let locationRule = try FindingPlaces.add(to: &facts, of: subjects, scan: scan)
    let external = ExternalSegmentation(
      tool: patient.tool, hasProbability: probability != nil,
      hasSaliency: !facts.isEmpty && facts.allSatisfy(\.hasSaliency))
    let order = ExternalOrder(external)
    let acquisition = ProtocolCheck(
      images: [scan.flair, scan.mprage].map { ($0.role, $0.image.volume) },
      brainMask: scan.showsHead ? nil : scan.brainMask, trainingSpacingMillimetres: nil)
    sources = scan.sources + [mask] + [probability].compactMap { $0 }
    results = PatientResults(
      patient: PatientIdentity(
        label: patient.input.label, session: patient.input.session, synthetic: patient.input.synthetic),
      software: SoftwareIdentity(name: Product.name, version: Product.version), model: .undefined,
      inputs: sources.map(PatientAnalysis.inputFacts), grid: PatientAnalysis.gridFacts(grid),
      settings: SettingFacts(
        method: maps.isEmpty ? "none" : "maps of another program", aggregation: "not stated", target: "not stated",
        samples: 0,
        noiseFraction: 0, noiseStandardDeviation: 0, seed: 0, candidateThreshold: settings.candidateThreshold,
        maximumCandidates: probability == nil ? 0 : settings.maximumCandidates,
        minimumLesionVoxels: components.rule.minimumVoxels, minimumCandidateVoxels: rule.minimumVoxels,
        precision: "not stated"),
      rules: Self.rules(components.rule, rule, hasProbability: probability != nil, order),
      counts: FindingCounts(
        componentsBeforeSizeFilter: components.countBeforeDropping, droppedSmallComponents: components.dropped.count,
        lesions: lesions.count, candidates: candidates?.candidates.count ?? 0,
        candidatesLeftOut: candidates?.leftOut ?? 0,
        totalLesionVolumeMillilitres: lesions.reduce(0) { $0 + $1.measurements.volumeMillilitres }),
      lesions: facts.filter { $0.kind == .lesion }, candidates: facts.filter { $0.kind == .candidate },
      reviewOrder: try order.entries(facts), calibration: "uncalibrated",
      truth: comparison.map { PatientAnalysis.truthFacts($0.truth, $0.lesions, $0.overlap, affine: grid.affine) },
      warnings: [SwapCheck(scan)?.warning(lesions: components)].compactMap { $0 } + acquisition.warnings
        + scan.warnings, external: external,
      locationRule: locationRule)

    var candidateLabels = Volume<Int32>(shape: grid.shape, affine: grid.affine, repeating: 0)
    for candidate in candidates?.candidates ?? [] {
      for voxel in candidate.voxels { candidateLabels.voxels[voxel] = Int32(candidate.number) }
    }
    images = PatientImages(
      flair: grid, mprage: scan.mprageVolume, brainMask: scan.brainMask,
      lesionLabels: Volume(shape: grid.shape, affine: grid.affine, voxels: components.numbers()),
      candidateLabels: candidateLabels, truth: scan.truth,
      saliency: Dictionary(uniqueKeysWithValues: maps.map { ("\($0.key)", $0.value.picture) }))
    self.scan = scan
    self.layout = layout
    self.components = components
    self.probability = probability?.image.volume
    self.maps = maps
  }

  /// The same files as after a run, so that everything that reads an output folder reads this one.
  func writeImages(to transaction: OutputTransaction) throws {
    let header = scan.flair.image.header
    let grid = scan.flair.image.volume
    try NIfTIWriter.write(
      Volume(shape: grid.shape, affine: grid.affine, voxels: components.mask()), like: header, intent: .label,
      to: try transaction.place(layout.mask).path)
    if let probability {
      try NIfTIWriter.write(
        probability, like: header, intent: .estimate, to: try transaction.place(layout.probability).path)
    }
    try NIfTIWriter.write(
      Volume(shape: grid.shape, affine: grid.affine, voxels: components.numbers()), like: header, intent: .label,
      to: try transaction.place(layout.segmentation).path)
    try transaction.write(SegmentationTable.bytes(results.lesions), to: layout.segmentationTable)
    for (id, map) in maps.sorted(by: { $0.key < $1.key }) {
      let box = GridBox(lower: map.picture.lower, upper: map.picture.upper)
      try NIfTIWriter.write(
        channels: [map.picture.flair, map.picture.mprage].map {
          Volume(shape: box.shape, affine: grid.affine, voxels: $0)
        }, like: header.cropped(to: box), intent: .estimate, to: try transaction.place(layout.saliency(id)).path)
    }
  }

  // MARK: - Reading

  private static func onGrid(_ url: URL, _ role: String, _ grid: Volume<Float>) throws -> PatientScan.Source {
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw QualityControlError.badInput("\(url.path): no such file; expected the \(role) (.nii or .nii.gz)")
    }
    let image = try NIfTIFile.read(url.path)
    try image.requireFinite()
    let comparison = GridComparison(grid, image.volume)
    guard comparison.isSame else {
      throw QualityControlError.badInput(
        "\(url.path): the \(role) does not lie on the grid of FLAIR (\(comparison)); resample it onto FLAIR first")
    }
    return PatientScan.Source(role: role, url: url, sha256: try Digest.sha256(file: url), image: image)
  }

  /// The maps of a folder by finding; a finding without a file has none.
  private static func maps(in folder: URL, of subjects: [FindingSubject], grid: (shape: GridShape, affine: Affine))
    throws
    -> [FindingID: (url: URL, picture: SaliencyPicture)]
  {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    var found: [FindingID: (url: URL, picture: SaliencyPicture)] = [:]
    for subject in subjects {
      let matching = names.filter { name in
        ["\(subject.id)_saliency.nii.gz", "\(subject.id)_saliency.nii"].contains { name.hasSuffix($0) }
      }
      guard matching.count <= 1 else {
        throw QualityControlError.badInput(
          "\(folder.path): \(matching.count) maps of \(subject.id) (\(matching.joined(separator: ", "))); leave one")
      }
      guard let name = matching.first else { continue }
      let url = folder.appendingPathComponent(name)
      let picture = try StoredMap.read(url, grid: grid)
      let box = GridBox(lower: picture.lower, upper: picture.upper)
      guard subject.voxels.allSatisfy({ box.contains(grid.shape.voxel(at: $0)) }) else {
        throw QualityControlError.badInput(
          "\(url.path): does not cover all of \(subject.id); is it the map of another lesion? "
            + "Numbers are those of the dseg file of this report")
      }
      found[subject.id] = (url, picture)
    }
    guard !found.isEmpty || subjects.isEmpty else {
      throw QualityControlError.badInput(
        "\(folder.path): holds no saliency map of a finding; expected names that end in L001_saliency.nii.gz, "
          + "with the numbers of the dseg file of this report")
    }
    return found
  }

  private static func facts(
    _ subject: FindingSubject, truthStatus: String?, picture: SaliencyPicture?, layout: OutputLayout,
    grid: Volume<Float>,
    occupied: [UInt8]
  ) -> FindingFacts {
    let m = subject.measurements
    let map = picture.map { picture in
      let rim = Rim.voxels(around: subject.voxels, shape: grid.shape, affine: grid.affine, occupied: occupied)
      return GivenMap(picture, voxels: subject.voxels, rim: rim, shape: grid.shape, affine: grid.affine)
    }
    return FindingFacts(
      kind: subject.id.kind, number: subject.id.number, id: "\(subject.id)", voxelCount: m.voxelCount,
      volumeMillimetres3: m.volumeMillimetres3, volumeMillilitres: m.volumeMillilitres,
      centroidVoxel: [m.centroidVoxel.i, m.centroidVoxel.j, m.centroidVoxel.k],
      centroidWorldMillimetres: [m.centroidMillimetres.x, m.centroidMillimetres.y, m.centroidMillimetres.z],
      boxLower: [m.boundingBox.lower.i, m.boundingBox.lower.j, m.boundingBox.lower.k],
      boxUpper: [m.boundingBox.upper.i + 1, m.boundingBox.upper.j + 1, m.boundingBox.upper.k + 1],
      extentMillimetres: m.extentMillimetres, meanProbability: m.meanProbability ?? .undefined,
      maximumProbability: m.maximumProbability ?? .undefined, meanEntropy: m.meanEntropyNats ?? .undefined,
      wasDroppedSmallComponent: subject.wasDropped, truthStatus: truthStatus, flair: map?.flair ?? .undefined,
      mprage: map?.mprage ?? .undefined, flairShare: map?.flairShare, signBalance: map?.signBalance ?? .undefined,
      saliencyFile: picture == nil ? .undefined : layout.saliencyFileName(subject.id))
  }

  private static func rules(
    _ lesions: ComponentRule, _ candidates: MissedLesionCandidates.Rule, hasProbability: Bool, _ order: ExternalOrder
  ) -> RuleTexts {
    RuleTexts(
      lesions: PatientAnalysis.lesionRule("of the given mask", lesions),
      candidates: hasProbability
        ? PatientAnalysis.candidateRule("given probability", candidates)
        : "No probability was given, so missed lesions were not looked for.",
      numbering:
        "Lesions are numbered by voxels descending, then lowest linear index (first stored axis fastest); candidates "
        + "by highest probability descending, then lowest linear index.", reviewOrder: order.rule)
  }
}
