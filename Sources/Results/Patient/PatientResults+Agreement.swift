import ErrorScore
import Files
import Foundation
import Lesions
import Volumes

/// What of a results file does not agree with the rest of it.
///
/// A file is input, not truth: everything that the program takes for granted about results that it has made itself is
/// looked at when they are read, so that a damaged file is one patient's fault and ends nothing.
extension PatientResults {
  /// Voxels of the largest grid that is taken for one.
  private static let mostVoxels = 1 << 33

  /// - Throws: ``ResultsError/disagreement(_:)`` with the first fault.
  func requireAgreement() throws(ResultsError) {
    try Self.require(Self.isLabel(patient.label, "sub-"), "the patient's label is no BIDS label")
    try Self.require(patient.session.map { Self.isLabel($0, "ses-") } ?? true, "the session is no BIDS label")
    try requireGrid()
    try requireInputs()
    try requireFindings()
    try requireOrder()
    try requireRecords()
  }

  private static func require(_ holds: Bool, _ fault: @autoclosure () -> String) throws(ResultsError) {
    guard holds else { throw .disagreement(fault()) }
  }

  private static func isLabel(_ text: String, _ prefix: String) -> Bool {
    text.hasPrefix(prefix) && text.utf8.count > prefix.utf8.count && !text.contains("_")
      && (try? ContainedPath(fileName: text)) != nil
  }

  private static func isFinite(_ values: Double?...) -> Bool { values.allSatisfy { $0?.isFinite ?? true } }

  // MARK: - Grid and inputs

  private func requireGrid() throws(ResultsError) {
    try Self.require(Self.isShape(grid.shape), "the grid's shape \(grid.shape) is none")
    try Self.require(
      Self.isSpacing(grid.spacingMillimetres), "the grid's voxel size \(grid.spacingMillimetres) is none")
    let rows = grid.affine
    try Self.require(
      rows.count == 3 && rows.allSatisfy { $0.count == 4 && $0.allSatisfy(\.isFinite) },
      "the grid's affine has not three rows of four numbers")
    let determinant = Affine(rows: rows).determinant
    try Self.require(determinant.isFinite && determinant != 0, "the grid's affine has no three independent axes")
  }

  private static func isShape(_ shape: [Int]) -> Bool {
    guard shape.count == 3, shape.allSatisfy({ $0 > 0 && $0 <= 1 << 20 }) else { return false }
    return shape.reduce(1, *) <= mostVoxels
  }

  private static func isSpacing(_ spacing: [Double]) -> Bool {
    spacing.count == 3 && spacing.allSatisfy { $0.isFinite && $0 > 0 }
  }

  private func requireInputs() throws(ResultsError) {
    try Self.require(!inputs.isEmpty, "there is no input")
    for input in inputs {
      try Self.require(
        Self.isShape(input.shape) && Self.isSpacing(input.spacingMillimetres), "an input has no grid (\(input.role))")
    }
    if let model {
      let window = model.architecture.window
      try Self.require(
        window.count == 3 && window.allSatisfy { $0 > 0 } && model.architecture.parameterCount >= 0,
        "the model's window \(window) is none")
      try Self.require(Self.isFinite(model.threshold, model.architecture.overlap), "the model's threshold is no number")
    }
    try Self.require(model != nil || external != nil, "neither a model nor another tool made the mask")
    // Settings that do not go together are refused when a run begins; in a record only their values count.
    if let problem = settings?.problems.first(where: { $0.method == nil }) {
      throw .disagreement("\(problem.setting) \(problem.expected)")
    }
    try Self.require((settings == nil) == (model == nil), "model and settings do not belong together")
  }

  // MARK: - Findings

  private func requireFindings() throws(ResultsError) {
    for (kind, count, name) in [
      (FindingKind.lesion, counts.lesions, "lesions"), (.candidate, counts.candidates, "candidates"),
    ] {
      let numbers = findings.filter { $0.kind == kind }.map(\.id.number)
      try Self.require(numbers.count == count, "it counts \(count) \(name) and lists \(numbers.count)")
      try Self.require(
        numbers == Array(1..<(numbers.count + 1)), "its \(name) are not numbered from 1 on, each once and in order")
    }
    try Self.require(findings == lesions + candidates, "its findings are not lesions, then candidates")
    try Self.require(
      counts.componentsBeforeSizeFilter >= 0 && counts.droppedSmallComponents >= 0 && counts.candidatesLeftOut >= 0
        && counts.componentsBeforeSizeFilter >= counts.lesions, "its counts of components do not fit the lesions")
    for finding in findings { try requireFinding(finding) }
    let volume = lesions.reduce(0) { $0 + $1.measurements.volumeMillilitres }
    try Self.require(
      abs(volume - counts.totalLesionVolumeMillilitres) <= 1e-6 * max(1, volume),
      "its lesion volume \(counts.totalLesionVolumeMillilitres) ml is not that of its lesions, \(volume) ml")
  }

  private func requireFinding(_ finding: FindingRecord) throws(ResultsError) {
    let id = finding.id
    try Self.require(finding.kind == id.kind, "\(id) is a \(finding.kind.rawValue)")
    for measurements in [finding.measurements] + finding.parts { try requireMeasurements(measurements, "\(id)") }
    for name in [finding.files.saliency, finding.files.layerMap].compactMap({ $0 }) {
      do { _ = try ContainedPath(fileName: name) } catch {
        throw .disagreement("a map of \(id) is named by a path that \(error.reason)")
      }
    }
    if let saliency = finding.saliency { try requireSaliency(saliency, "\(id)") }
  }

  private func requireMeasurements(_ measurements: Measurements, _ name: String) throws(ResultsError) {
    let box = measurements.boundingBox
    try Self.require(
      zip(zip(box.lower.all, box.upper.all), grid.shape).allSatisfy { $0.0 >= 0 && $0.1 > $0.0 && $0.1 <= $1 },
      "\(name) lies outside of the grid")
    let centroid = measurements.centroidVoxel
    try Self.require(
      zip([centroid.i, centroid.j, centroid.k], grid.shape).allSatisfy { $0 >= 0 && $0 <= Double($1 - 1) },
      "the centroid of \(name) lies outside of the grid")
    let boxVoxels = zip(box.lower.all, box.upper.all).reduce(1) { $0 * ($1.1 - $1.0) }
    try Self.require((1...boxVoxels).contains(measurements.voxelCount), "\(name) has \(measurements.voxelCount) voxels")
    let world = measurements.centroidMillimetres
    try Self.require(
      Self.isFinite(world.x, world.y, world.z) && measurements.volumeMillimetres3.isFinite
        && measurements.volumeMillimetres3 > 0 && measurements.maximumDiameterMillimetres >= 0
        && measurements.maximumDiameterMillimetres.isFinite, "a measurement of \(name) is no number")
    try Self.require(
      measurements.extentMillimetres.count == 3 && measurements.extentMillimetres.allSatisfy { $0.isFinite && $0 > 0 },
      "the extent of \(name) has not three lengths")
    if let probability = measurements.probability {
      try Self.require(
        (0...1).contains(probability.mean) && (0...1).contains(probability.maximum)
          && (0...1).contains(probability.meanEntropyNats), "a probability of \(name) is not between 0 and 1")
    }
  }

  private func requireSaliency(_ saliency: SaliencyRecord, _ name: String) throws(ResultsError) {
    for peaks in [saliency.flair, saliency.mprage].compactMap({ $0 }) {
      for peak in [peaks.inside.maximum, peaks.inside.minimum, peaks.map.maximum, peaks.map.minimum] {
        try Self.require(
          zip(peak.voxel.all, grid.shape).allSatisfy { (0..<$1).contains($0) },
          "a saliency peak of \(name) lies outside of the grid")
        let world = peak.worldMillimetres
        try Self.require(
          Self.isFinite(peak.value, peak.standardError, world.x, world.y, world.z),
          "a saliency peak of \(name) is no number")
      }
    }
    try Self.require(
      (saliency.samples ?? 1) >= 1
        && Self.isFinite(
          saliency.flairFraction, saliency.signBalance.meanInside, saliency.signBalance.meanRim,
          saliency.flairSumPeak?.value, saliency.flairSumPeak?.standardError),
      "the saliency of \(name) is no number")
  }

  // MARK: - Order and what follows

  private func requireOrder() throws(ResultsError) {
    try Self.require(
      reviewOrder.map(\.position) == Array(1..<(reviewOrder.count + 1)), "its review order is not 1, 2, 3, …")
    try Self.require(
      reviewOrder.count == findings.count && Set(reviewOrder.map(\.finding)) == Set(findings.map(\.id)),
      "its review order does not hold every finding once")
    for entry in reviewOrder {
      try Self.require(
        (0...1).contains(entry.percentile) && entry.errorScore.map { (0...1).contains($0) } ?? true
          && entry.expectedRemainingErrors.map { $0.isFinite && $0 >= 0 } ?? true,
        "the rank of \(entry.finding) is no number between 0 and 1")
    }
    let scored = reviewOrder.filter { $0.errorScore != nil }
    try Self.require(
      scored.isEmpty && (calibration == nil || findings.isEmpty)
        || scored.count == reviewOrder.count && calibration != nil
          && reviewOrder.allSatisfy { $0.expectedRemainingErrors != nil },
      "its error scores and its calibration do not belong together")
    if let calibration {
      try Self.require(
        Set(calibration.extrapolated).isSubset(of: findings.map(\.id)), "its calibration names an unknown finding")
      if let cutoff = calibration.cutoff {
        try Self.require(
          (1...max(1, reviewOrder.count)).contains(cutoff.position), "its review cut-off lies beyond the findings")
      }
      try Self.require(
        [
          calibration.patients, calibration.lesions.errors, calibration.lesions.correct, calibration.candidates.errors,
          calibration.candidates.correct,
        ].allSatisfy { $0 >= 0 }, "its calibration counts less than nothing")
    }
  }

  private func requireRecords() throws(ResultsError) {
    if let reference {
      let detection = reference.detection
      try Self.require(
        [
          detection.truePositives, detection.falsePositives, detection.falseNegatives, reference.lesions,
          reference.componentsBeforeSizeFilter,
        ].allSatisfy { $0 >= 0 && $0 <= 1 << 40 } && reference.volumeMillilitres.isFinite,
        "its comparison with the reference counts less than nothing")
    }
    if let missed {
      try Self.require(
        missed.map(\.id) == missed.indices.map { FindingID(kind: .missedReference, number: $0 + 1) }
          && missed.count == reference?.detection.falseNegatives,
        "its missed reference lesions are not those that it counts, numbered from 1 on")
      for finding in missed { try requireFinding(finding) }
    }
    for region in (controls?.falseNegatives ?? []) + (controls?.trueNegatives ?? []) {
      try requireMeasurements(region.measurements, "control region \(region.number)")
      try requireSaliency(region.saliency, "control region \(region.number)")
    }
    if let intensities {
      let levels = intensities.levels
      try Self.require(
        levels.allSatisfy { (0...1).contains($0) } && levels == levels.sorted()
          && intensities.images.allSatisfy { $0.quantiles.count == levels.count },
        "its intensities have not one quantile for every level")
    }
    if let selfTest {
      try Self.require(
        selfTest.inserted.allSatisfy { $0.centreWorldMillimetres.count == 3 }
          && selfTest.inserted.count == selfTest.lesions.inserted + selfTest.mimics.inserted
          && [selfTest.lesions, selfTest.mimics].allSatisfy { counts in
            [counts.wanted, counts.inserted, counts.asLesion, counts.asCandidate, counts.missed].allSatisfy {
              (0...1_000_000).contains($0)
            } && counts.inserted == counts.asLesion + counts.asCandidate + counts.missed
          }, "its self-test does not count what it inserted")
    }
  }
}

extension VoxelIndex { fileprivate var all: [Int] { [i, j, k] } }
