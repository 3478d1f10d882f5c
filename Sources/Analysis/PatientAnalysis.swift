import ErrorScore
package import Lesions
import Networks
package import Results
import Saliency
import Volumes

/// Everything that is computed for one patient: mask, findings, saliency, peaks and order. One pipeline, wherever the
/// mask comes from.
package struct PatientAnalysis {
  package let results: PatientResults
  package let images: PatientImages
  package let volumes: PatientVolumes
  /// Every file that was read.
  package let sources: [PatientScan.Source]
}

/// What a run brings to every patient.
package struct AnalysisContext {
  package let settings: RunSettings
  package let calibration: LoadedCalibration?
  /// Nil where the model folder does not say what its training data were like.
  package let trainingIntensities: TrainingIntensities.File?
  package let control: RunControl
  /// Names of the files of a finding's maps, beside the results file.
  package let mapFiles: (FindingID) -> FindingRecord.MapFiles

  package init(
    settings: RunSettings, calibration: LoadedCalibration?, trainingIntensities: TrainingIntensities.File?,
    control: RunControl, mapFiles: @escaping (FindingID) -> FindingRecord.MapFiles
  ) {
    self.settings = settings
    self.calibration = calibration
    self.trainingIntensities = trainingIntensities
    self.control = control
    self.mapFiles = mapFiles
  }
}

extension PatientAnalysis {
  /// A scan on the grid and in the intensities of a network.
  ///
  /// - Throws: ``Fault``, errors of the targets below, and `CancellationError` where the computation noticed a
  ///   cancellation first.
  package init(
    _ scan: PatientScan, of input: PatientInput, mask: MaskSource, networkInput: NetworkInput?, context: AnalysisContext
  ) throws {
    var scan = scan
    var steps = AnalysisSteps(name: input.name, mask: mask, networkInput: networkInput, context: context)
    let segmentation = try steps.segment(&scan)
    let explained = try steps.explain(segmentation, scan)
    let layers = try steps.layerMaps(segmentation)
    let labels = try scan.reference.map {
      try ReferenceLabels(
        prediction: segmentation.components, findings: segmentation.findings, reference: Components(of: $0))
    }
    let locations = try BrainLocations(
      flair: scan.flair.image.volume, mprage: scan.mprageVolume, brainMask: scan.brainMask,
      findings: segmentation.findings.map(\.voxels), showsHead: scan.showsHead)
    let measuring = FindingMeasuring(
      segmentation, of: scan, locations: locations, lesionThreshold: mask.model?.threshold,
      candidateThreshold: context.settings.candidateThreshold)
    let records = segmentation.findings.map { finding in
      var record = FindingRecord(finding, location: locations.location(of: finding.voxels))
      record.reference = labels?.outcome(of: finding.id)
      record.saliency = explained[finding.id]?.saliency
      record.features = measuring.values(of: finding)
      let files = context.mapFiles(finding.id)
      record.files = .init(
        saliency: explained[finding.id] == nil ? nil : files.saliency,
        layerMap: layers[finding.id] == nil ? nil : files.layerMap)
      return record
    }
    var results = try steps.results(
      input, scan, segmentation, records,
      LocationRecord(notAssessed: locations.notAssessed, ventriclesMillilitres: locations.ventriclesMillilitres))
    results.reference = labels?.record(voxelMillimetres3: scan.flair.image.volume.affine.voxelVolumeMillimetres3)
    results.checks = try steps.checks(segmentation, records)
    let controls = try labels.flatMap { try steps.controls(segmentation, $0, scan) }
    results.controls = controls?.record
    let missed = labels?.missedFindings(
      affine: scan.flair.image.volume.affine, probability: segmentation.probability?.voxels)
    // Control regions begin with the missed lesions.
    let missedMaps = Dictionary(
      uniqueKeysWithValues: zip((missed ?? []).map(\.id), controls?.explained ?? []).map { ($0, $1) })
    results.missed = missed?.map { finding in
      var record = FindingRecord(finding, location: locations.location(of: finding.voxels))
      record.reference = .falseNegative
      record.saliency = missedMaps[finding.id]?.saliency
      record.files.saliency = missedMaps[finding.id].flatMap { _ in context.mapFiles(finding.id).saliency }
      return record
    }
    let allMaps = explained.merging(missedMaps) { own, _ in own }
    results.selfTest = try steps.selfTest(segmentation, scan)
    self.results = results

    sources = scan.sources
    let grid = scan.flair.image.volume
    var images = PatientImages(
      flair: grid, mprage: scan.mprageVolume, brainMask: scan.brainMask,
      lesionLabels: segmentation.findings.labels(.lesion, shape: grid.shape, affine: grid.affine),
      candidateLabels: segmentation.findings.labels(.candidate, shape: grid.shape, affine: grid.affine),
      reference: scan.reference, saliency: allMaps.mapValues(\.picture))
    images.missedLabels = missed?.labels(.missedReference, shape: grid.shape, affine: grid.affine)
    self.images = images
    var maps = StoredMaps()
    if let network = networkInput?.grid, !network.isPatientVoxels {
      maps.grid = network.storedGrid(patientAffine: grid.affine)
    }
    maps.parts = allMaps.mapValues(\.stored)
    maps.wholes = explained.compactMapValues(\.whole)
    maps.layers = layers
    volumes = PatientVolumes(
      header: scan.flair.image.header, lesionLabels: images.lesionLabels, candidateLabels: images.candidateLabels,
      probability: segmentation.probability, maps: maps)
  }
}
