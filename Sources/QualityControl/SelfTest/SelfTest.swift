import Foundation
import Lesions
import Networks
import Reports
import Results
import Volumes

/// Writes known lesions and mimics into copies of a patient's images, runs the same pipeline on them and counts what it found.
///
/// Model, normalisation, windows, rules, saliency settings and calibration are those of the run. Only findings that touch a
/// planted thing are explained, and they are ordered among themselves.
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

  /// - Throws: errors of `Networks`, `Lesions` and `Saliency`, and a wish to stop.
  func facts() throws -> SelfTestFacts {
    try control.step(name, .selfTesting, 0, 1, "planting")
    let bodies = PlantedBody.recipe(seed: settings.seed)
    guard !scan.showsHead else {
      return nothing(bodies, "nothing was planted, because the images show the head; give a brain mask")
    }
    let (flair, mprage) = (scan.flair.image.volume, scan.mprageVolume)
    guard let white = WhiteMatter(flair: flair, mprage: mprage, tissue: scan.tissue) else {
      return nothing(bodies, "nothing was planted, because no white matter could be told by its intensities")
    }
    let found = segmentation.components.kept.flatMap { $0 }
    let contrast = PlantedContrast(
      white, flair: found.map { flair.voxels[$0] }, mprage: found.map { mprage.voxels[$0] })
    let planting = Planting(
      bodies, flair: flair, mprage: mprage, white: white, contrast: contrast, taken: taken, seed: settings.seed)
    guard !planting.things.isEmpty else { return nothing(bodies, Self.noRoom) }
    return try facts(of: planting, bodies: bodies, contrast: contrast, white: white)
  }

  private static let noRoom =
    "white matter that looks even and lies \(Int(Planting.clearanceMillimetres)) mm or more from findings and other planted "
    + "things had no room for more"

  /// Findings of any size, what was left out by their number, and truth.
  private var taken: [Int] {
    let probability = segmentation.probability.voxels
    let truth = scan.truth?.voxels
    let threshold = Float(min(settings.candidateThreshold, model.threshold))
    return probability.indices.filter { probability[$0] >= threshold || (truth?[$0] ?? 0) != 0 }
  }

  private func facts(
    of planting: Planting, bodies: [PlantedBody], contrast: PlantedContrast, white: WhiteMatter
  ) throws -> SelfTestFacts {
    let input = try NetworkInput(scan, model: model, images: [planting.flair, planting.mprage])
    let altered = try Segmentation(input, affine: planting.flair.affine, model: model, settings: settings) {
      // A wish to stop is honoured at the next step that may throw.
      try? control.step(name, .selfTesting, $0, $1, "windows")
    }
    let voxels = planting.things.map(\.voxels)
    let all = Set(voxels.joined())
    let subjects = altered.subjects.filter { $0.voxels.contains(where: all.contains) }
    let positions = try order(subjects, of: altered, input: input)
    let outcome = PlantedOutcome(
      things: zip(planting.things, voxels).map { thing, voxels in
        .init(isMimic: thing.body.kind.isMimic, mark: PlantedOutcome.mark(of: voxels, among: subjects))
      }, positions: positions)
    let planted = zip(zip(planting.things, voxels), outcome.things).map { thing, outcome in
      Self.facts(thing.0, altered.probability, voxels: thing.1, mark: outcome.mark, positions: positions)
    }
    var facts = empty(bodies, outcome)
    facts.planted = planted
    facts.findingsOrdered = positions.count
    facts.contrast = .init(
      flairSpreads: Double(contrast.flair / white.flair.spread),
      mprageSpreads: Double(contrast.mprage / white.mprage.spread), isOfFoundLesions: contrast.isOfFoundLesions)
    if planted.count < bodies.count { facts.limitation = Self.noRoom }
    return facts
  }

  /// Positions in the review order of these findings alone.
  private func order(
    _ subjects: [FindingSubject], of altered: Segmentation, input: NetworkInput
  ) throws -> [FindingID: Int] {
    var withoutMaps = settings
    withoutMaps.saveMaps = false
    let explanations = try Explanation.all(
      of: subjects, at: input.tensor, network: input.grid, grid: scan.flair.image.volume,
      occupied: altered.components.mask(), model: model, settings: withoutMaps,
      scoringDraws: calibration?.scoringDraws, isCancelled: { control.isStopped },
      cost: { pace.warn(control, name, about: $0, of: "the maps of the self-test", settings: settings) },
      progress: { try control.step(name, .selfTesting, $0, $1, "draws, \(subjects.count) findings at planted things") })
    let facts = zip(subjects, explanations.findings).map { subject, explanation in
      explanation.facts(of: subject, truthStatus: nil, saliencyFile: "", layerMapFile: nil)
    }
    let entries = try ReviewOrdering(
      facts, aggregation: settings.aggregation.rawValue, calibration: calibration, patientIsSynthetic: true,
      flairDigest: scan.flair.sha256
    ).entries
    return Dictionary(
      uniqueKeysWithValues: entries.map { (FindingID(kind: $0.kind, number: $0.number), $0.position) })
  }

  private static func facts(
    _ thing: PlantedThing, _ probability: Volume<Float>, voxels: [Int], mark: FindingID?, positions: [FindingID: Int]
  ) -> PlantedFacts {
    let (body, centre) = (thing.body, thing.centreMillimetres)
    return PlantedFacts(
      kind: body.kind.rawValue, lengthMillimetres: body.lengthMillimetres, widthMillimetres: body.widthMillimetres,
      volumeMillimetres3: thing.volumeMillimetres3(probability.affine),
      centreWorldMillimetres: [centre.x, centre.y, centre.z], markedAs: mark?.kind.rawValue,
      highestProbability: Double(voxels.reduce(0) { max($0, probability.voxels[$1]) }),
      reviewPosition: mark.flatMap { positions[$0] })
  }

  private func nothing(_ bodies: [PlantedBody], _ reason: String) -> SelfTestFacts {
    var facts = empty(bodies, PlantedOutcome(things: [], positions: [:]))
    facts.limitation = reason
    return facts
  }

  private func empty(_ bodies: [PlantedBody], _ outcome: PlantedOutcome) -> SelfTestFacts {
    let mimics = bodies.count { $0.kind.isMimic }
    return SelfTestFacts(
      planted: [], lesions: outcome.counts(mimics: false, wanted: bodies.count - mimics),
      mimics: outcome.counts(mimics: true, wanted: mimics), lesionPairs: outcome.pairs(.lesion),
      candidatePairs: outcome.pairs(.candidate), findingsOrdered: 0,
      clearanceMillimetres: Planting.clearanceMillimetres, contrast: nil, limitation: nil)
  }
}
