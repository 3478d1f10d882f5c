import ErrorScore
import Foundation
import Lesions
import Networks
import Results
import Volumes

/// Writes known lesions and mimics into copies of a patient's images, runs the same pipeline on them and counts what it
/// found.
///
/// Model, normalisation, windows, rules, saliency settings and calibration are those of the run. Only findings that
/// touch an inserted object are explained, and they are ordered among themselves.
struct SelfTest {
  let scan: PatientScan
  /// Of the unaltered images.
  let segmentation: Segmentation
  let model: LoadedModel
  let settings: RunSettings
  let calibration: LoadedCalibration?
  /// Of the patient, for progress.
  let name: String
  let control: RunControl
  /// Of the segmentation, for an estimate of what the maps will take.
  let pace: WindowPace

  /// - Throws: errors of `Networks`, `Lesions` and `Saliency`, and `CancellationError`.
  func record() throws -> SelfTestRecord {
    try control.step(name, .selfTesting, 0, 1, "inserting")
    let bodies = SyntheticObject.recipe(seed: settings.seed)
    guard !scan.showsHead else { return nothing(bodies, .headShown) }
    guard let mprage = scan.mprageVolume else { return nothing(bodies, .noMPRAGE) }
    let flair = scan.flair.image.volume
    guard let white = WhiteMatter(flair: flair, mprage: mprage, tissue: scan.tissue) else {
      return nothing(bodies, .noWhiteMatter)
    }
    let found = segmentation.components.kept.flatMap { $0 }
    let contrast = InsertionContrast(
      white, flair: found.map { flair.voxels[$0] }, mprage: found.map { mprage.voxels[$0] })
    let insertion = Insertion(
      bodies, flair: flair, mprage: mprage, white: white, contrast: contrast, taken: taken, seed: settings.seed)
    guard !insertion.things.isEmpty else { return nothing(bodies, .noRoom) }
    return try record(of: insertion, bodies: bodies, contrast: contrast, white: white)
  }

  /// Findings of any size, what was left out by their number, and reference.
  private var taken: [Int] {
    let probability = segmentation.probability!.voxels
    let reference = scan.reference?.voxels
    let threshold = Float(min(settings.candidateThreshold, model.threshold))
    return probability.indices.filter { probability[$0] >= threshold || (reference?[$0] ?? 0) != 0 }
  }

  private func record(
    of insertion: Insertion, bodies: [SyntheticObject], contrast: InsertionContrast, white: WhiteMatter
  ) throws -> SelfTestRecord {
    let input = try NetworkInput(scan, model: model, images: [insertion.flair, insertion.mprage])
    let altered = try Segmentation(input, affine: insertion.flair.affine, model: model, settings: settings) {
      // A cancellation is honoured at the next step that may throw.
      try? control.step(name, .selfTesting, $0, $1, "windows")
    }
    let voxels = insertion.things.map(\.voxels)
    let all = Set(voxels.joined())
    let subjects = altered.findings.filter { $0.voxels.contains(where: all.contains) }
    let positions = try order(subjects, of: altered, input: input)
    let outcome = InsertionOutcome(
      things: zip(insertion.things, voxels).map { thing, voxels in
        .init(isMimic: thing.body.kind.isMimic, mark: InsertionOutcome.mark(of: voxels, among: subjects))
      }, positions: positions)
    let inserted = zip(zip(insertion.things, voxels), outcome.things).map { thing, outcome in
      Self.record(thing.0, altered.probability!, voxels: thing.1, mark: outcome.mark, positions: positions)
    }
    var record = empty(bodies, outcome)
    record.inserted = inserted
    record.findingsOrdered = positions.count
    record.contrast = .init(
      flairRobustDeviations: Double(contrast.flair / white.flair.spread),
      mprageRobustDeviations: Double(contrast.mprage / white.mprage.spread), isOfFoundLesions: contrast.isOfFoundLesions
    )
    if inserted.count < bodies.count { record.limitation = .noRoom }
    return record
  }

  /// Positions in the review order of these findings alone.
  private func order(_ findings: [Finding], of altered: Segmentation, input: NetworkInput) throws -> [FindingID: Int] {
    let explanation = Explanation(
      model: model, settings: settings, input: input, affine: scan.flair.image.volume.affine,
      occupied: altered.components.mask(), scoringSamples: calibration?.scoringSamples)
    let explained = try explanation.explain(
      findings, savingWholeMaps: false, isCancelled: { control.isStopped },
      cost: { cost in
        if let estimate = pace.estimate(of: cost, subject: "the maps of the self-test", settings: settings) {
          control.notify(.longRun(patient: name, estimate))
        }
      },
      progress: {
        try control.step(
          name, .selfTesting, $0, $1, "samples, \(findings.count) findings at inserted objects",
          finding: $2.map { "\($0)" })
      })
    let records = zip(findings, explained).map { finding, explained in
      var record = FindingRecord(finding)
      record.saliency = explained.saliency
      return record
    }
    let entries = try ReviewOrdering(
      records, aggregation: settings.aggregation, calibration: calibration, patientIsSynthetic: true,
      flairDigest: scan.flair.sha256
    ).entries
    return Dictionary(uniqueKeysWithValues: entries.map { ($0.finding, $0.position) })
  }

  private static func record(
    _ thing: InsertedObject, _ probability: Volume<Float>, voxels: [Int], mark: FindingID?, positions: [FindingID: Int]
  ) -> InsertedRecord {
    let (body, centre) = (thing.body, thing.centreMillimetres)
    return InsertedRecord(
      kind: body.kind.rawValue, lengthMillimetres: body.lengthMillimetres, widthMillimetres: body.widthMillimetres,
      volumeMillimetres3: thing.volumeMillimetres3(probability.affine),
      centreWorldMillimetres: [centre.x, centre.y, centre.z], detectedAs: mark?.kind.rawValue,
      maximumProbability: Double(voxels.reduce(0) { max($0, probability.voxels[$1]) }),
      reviewPosition: mark.flatMap { positions[$0] })
  }

  private func nothing(_ bodies: [SyntheticObject], _ limitation: SelfTestRecord.Limitation) -> SelfTestRecord {
    var record = empty(bodies, InsertionOutcome(things: [], positions: [:]))
    record.limitation = limitation
    return record
  }

  private func empty(_ bodies: [SyntheticObject], _ outcome: InsertionOutcome) -> SelfTestRecord {
    let mimics = bodies.count { $0.kind.isMimic }
    return SelfTestRecord(
      inserted: [], lesions: outcome.counts(mimics: false, wanted: bodies.count - mimics),
      mimics: outcome.counts(mimics: true, wanted: mimics),
      pairs: .init(lesions: outcome.pairs(.lesion), candidates: outcome.pairs(.candidate)), findingsOrdered: 0,
      clearanceMillimetres: Insertion.clearanceMillimetres, contrast: nil, limitation: nil)
  }
}
