import ErrorScore
import Foundation
import Lesions
import Results
import Volumes

@testable import Reports

/// Hand-made results that fill every field of a report.
enum PagesSamples {
  static let templates = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../templates").standardized.path

  static func peak(_ value: Double, _ voxel: VoxelIndex, error: Double?) -> PeakFacts {
    PeakFacts(
      value: value, voxel: voxel,
      worldMillimetres: WorldPoint(x: Double(voxel.i) - 90, y: Double(voxel.j) - 110, z: Double(voxel.k) - 70),
      standardError: error)
  }

  static func finding(_ kind: FindingKind, _ number: Int, peak value: Double, truthStatus: String?) -> FindingFacts {
    let at = VoxelIndex(60 + number * 7 % 50, 80 + number * 11 % 60, 70 + number * 5 % 40)
    let voxels = kind == .lesion ? 900 / number + 6 : 5
    let channel = { (factor: Double) in
      ChannelPeaks(
        insideHighest: peak(value * factor, at, error: abs(value * factor) * 0.04),
        insideLowest: peak(-value * factor * 0.2, at, error: nil),
        mapHighest: peak(value * factor * 1.1, at, error: nil),
        mapLowest: peak(-value * factor * 0.6, at, error: nil))
    }
    return FindingFacts(
      kind: kind, number: number,
      id: (kind == .lesion ? "L" : "C") + String(repeating: "0", count: max(0, 3 - "\(number)".count)) + "\(number)",
      voxelCount: voxels, volumeMillimetres3: Double(voxels) * 1.2, volumeMillilitres: Double(voxels) * 0.0012,
      centroidVoxel: [Double(at.i) + 0.25, Double(at.j) - 0.5, Double(at.k)],
      centroidWorldMillimetres: [Double(at.i) - 89.75, Double(at.j) - 110.5, Double(at.k) - 70],
      boxLower: [at.i - 2, at.j - 2, at.k - 2], boxUpper: [at.i + 3, at.j + 3, at.k + 3],
      extentMillimetres: [5.2, 5, 6], meanProbability: kind == .lesion ? 0.74 : 0.18,
      maximumProbability: kind == .lesion ? 0.93 : 0.27, meanEntropy: 0.412,
      wasDroppedSmallComponent: kind == .candidate && number == 2, truthStatus: truthStatus, flair: channel(1),
      mprage: channel(0.3), flairShare: 0.81,
      signBalance: SignBalance(meanInside: value / 10, meanRim: number == 3 ? nil : -value / 200),
      saliencyFile: "sub-01_desc-\(kind == .lesion ? "L" : "C")\(number)_saliency.nii.gz", flairSumPeak: value,
      flairSumPeakStandardError: 0.2,
      draws: 50,
      scoring: ScoringFacts(
        draws: 10, flairHighest: value, flairLowest: -0.5, mprageHighest: 0.75, mprageLowest: -0.25,
        flairSumPeak: value, flairShare: 0.625, signBalance: SignBalance(meanInside: 0.5, meanRim: -0.125)),
      layerMapFile: "sub-01_desc-\(kind == .lesion ? "L" : "C")\(number)gradcam_saliency.nii.gz",
      location: LesionLocation.allCases[(number + 1) % LesionLocation.allCases.count].rawValue)
  }

  static func results(
    label: String = "sub-01", session: String? = "ses-02", lesions lesionCount: Int = 9,
    candidates candidateCount: Int = 3, truth: Bool = true, synthetic: Bool = true,
    calibration: String = "uncalibrated",
    brainExtracted: Bool = false, warnings: [String] = ["FLAIR slices are 3.0 mm thick; small lesions may be missed"]
  ) -> PatientResults {
    let lesions = (0..<lesionCount).map { index -> FindingFacts in
      let status = index % 3 == 2 ? "FP" : "TP"
      return finding(.lesion, index + 1, peak: 24.5 / Double(index + 1), truthStatus: truth ? status : nil)
    }
    let candidates = (0..<candidateCount).map { index -> FindingFacts in
      let status = index == 0 ? "missed" : "notALesion"
      return finding(.candidate, index + 1, peak: 4.4 - Double(index), truthStatus: truth ? status : nil)
    }
    func percentile(_ index: Int, of count: Int) -> Double { count < 2 ? 0 : Double(index) / Double(count - 1) }
    var order: [(kind: FindingKind, number: Int, percentile: Double)] = []
    for index in 0..<lesionCount {
      order.append((.lesion, lesionCount - index, percentile(index, of: lesionCount)))
    }
    for index in 0..<candidateCount { order.append((.candidate, index + 1, percentile(index, of: candidateCount))) }
    order.sort { a, b in
      if a.percentile != b.percentile { return a.percentile < b.percentile }
      if a.kind != b.kind { return a.kind == .lesion }
      return a.number < b.number
    }
    return PatientResults(
      patient: PatientIdentity(label: label, session: session, synthetic: synthetic),
      software: SoftwareIdentity(name: "lesionqc", version: "0.1.0"),
      model: ModelIdentity(
        name: "lesionqc sample U-Net", version: "1.0", architecture: "MONAI UNet", parameterCount: 1_985_234,
        modelDigest: String(repeating: "ab12", count: 16), weightsDigest: String(repeating: "cd34", count: 16),
        threshold: 0.3, window: [96, 96, 96], overlap: 0.25, brainExtracted: brainExtracted),
      inputs: [
        InputFacts(
          role: "FLAIR", sha256: String(repeating: "0f", count: 32), shape: [160, 192, 160],
          spacingMillimetres: [1, 1.0417, 1.2], orientation: "LAS", headerProblems: []),
        InputFacts(
          role: "MPRAGE", sha256: String(repeating: "1e", count: 32), shape: [160, 192, 160],
          spacingMillimetres: [1, 1.0417, 1.2], orientation: "LAS",
          headerProblems: ["sform and qform differ by 0.4 mm; the sform is used"]),
      ],
      grid: GridFacts(
        shape: [160, 192, 160], spacingMillimetres: [1, 1.0417, 1.2], orientation: "LAS",
        affine: [[-1, 0, 0, 90], [0, 1.0417, 0, -110], [0, 0, 1.2, -70]]),
      settings: SettingFacts(
        method: "smoothgrad", aggregation: "sum", target: "logit", samples: 50, noiseFraction: 0.05,
        noiseStandardDeviation: 0.4132, seed: 1, candidateThreshold: 0.1, maximumCandidates: 20,
        minimumLesionVoxels: 6, minimumCandidateVoxels: 3, precision: "fp32", mirrorAxes: [0, 1],
        stopping: StoppingFacts(relativeError: 0.1, absoluteError: 0.05, minimumSamples: 10),
        layerMap: LayerMapFacts(method: "gradcam++", layer: "model.1.submodule.2.conv")),
      rules: RuleTexts(
        lesions: "18-connected components of the mask; components of 5 voxels or fewer are dropped.",
        candidates: "18-connected components of probability ≥ 0.1 without a voxel of a lesion, 3 voxels or more.",
        numbering: "Voxels descending, then lowest linear index.",
        reviewOrder: "Lesions ascending and candidates descending by the FLAIR sum peak, merged by percentile."),
      counts: FindingCounts(
        componentsBeforeSizeFilter: lesionCount + 4, droppedSmallComponents: 4, lesions: lesionCount,
        candidates: candidateCount, candidatesLeftOut: candidateCount == 0 ? 0 : 2,
        totalLesionVolumeMillilitres: lesions.reduce(0) { $0 + $1.volumeMillilitres }),
      lesions: lesions, candidates: candidates,
      reviewOrder: order.enumerated().map { index, entry in
        ReviewEntry(
          position: index + 1, kind: entry.kind, number: entry.number, percentile: entry.percentile,
          errorScore: calibration == "uncalibrated" ? nil : 0.6 - entry.percentile / 2,
          expectedRemainingErrors: calibration == "uncalibrated" ? nil : 0.25 * Double(order.count - 1 - index))
      },
      calibration: calibration, calibrationFacts: calibration == "uncalibrated" ? nil : calibrationFacts,
      truth: truth
        ? TruthFacts(
          dsc: 0.684, normalisedDsc: 0.71, lesionTruePositiveRate: 0.75, lesionFalseDiscoveryRate: 1.0 / 3,
          lesionFalseNegativeRate: 0.25, lesionF1: 0.7059, lesionPositivePredictiveValue: 2.0 / 3, truePositives: 6,
          falsePositives: 3, falseNegatives: 2, truthComponentsBeforeSizeFilter: 11, truthComponents: 8,
          truthVolumeMillilitres: 3.4) : nil,
      controls: truth
        ? ControlFacts(
          falseNegatives: [region(3)], trueNegatives: [region(1)], lesionsWithoutControl: 0, clearanceMillimetres: 5)
        : nil,
      warnings: warnings, checks: lesionCount + candidateCount == 0 ? nil : checks,
      selfTest: lesionCount + candidateCount == 0 ? nil : selfTest,
      locationRule: lesionCount == 0
        ? LocationRuleFacts(rule: "Contact.", notAssessed: "the images show the head", ventriclesMillilitres: nil)
        : LocationRuleFacts(rule: "Contact.", notAssessed: nil, ventriclesMillilitres: 21.4),
      intensities: lesionCount == 0 ? nil : intensities)
  }

  static let intensities = IntensityFacts(
    trainingPatients: 65, syntheticTrainingPatients: 64, fileDigest: String(repeating: "1", count: 64),
    levels: [0.25, 0.75],
    images: [
      .init(role: "FLAIR", quantiles: [-0.5, 0.6], isUnlike: false),
      .init(role: "MPRAGE", quantiles: [-0.4, 0.9], isUnlike: true),
    ])

  static let checks = [
    CheckFacts(
      name: "gradient by finite differences", passed: true, measures: [.init(name: "relative error", value: 0.0012)],
      rule: "within 2 %", detail: "One finding."),
    CheckFacts(
      name: "one voxel: all aggregations agree", passed: false, measures: [.init(name: "difference", value: 0.25)],
      rule: "within 1e-5", detail: "One voxel."),
    CheckFacts(
      name: "split-half repeatability", passed: nil, measures: [], rule: "at most 15 %",
      detail: "Not assessed: no draws."),
  ]

  /// Quantiles at 0.5, 0.75, 1, 1.5 and 2 times the median.
  static func distribution(count: Int, median: Double) -> PeakDistribution {
    PeakDistribution(
      count: count, fifth: median * 0.5, lowerQuartile: median * 0.75, median: median, upperQuartile: median * 1.5,
      ninetyFifth: median * 2)
  }

  static let selfTest = SelfTestFacts(
    planted: [
      planted("lesion", "lesion", 3), planted("streak", "lesion", 2), planted("spot", "candidate", 1),
      planted("lesion", "candidate", 4), planted("lesion", nil, nil), planted("spot", nil, nil),
    ], lesions: .init(wanted: 6, planted: 3, asLesion: 1, asCandidate: 1, notMarked: 1),
    mimics: .init(wanted: 6, planted: 3, asLesion: 1, asCandidate: 1, notMarked: 1),
    lesionPairs: .init(count: 1, inOrder: 1), candidatePairs: .init(count: 1, inOrder: 0), findingsOrdered: 4,
    clearanceMillimetres: 10, contrast: .init(flairSpreads: 5.25, mprageSpreads: -3, isOfFoundLesions: true),
    limitation: "there was no room for more")

  static func planted(_ kind: String, _ markedAs: String?, _ position: Int?) -> PlantedFacts {
    PlantedFacts(
      kind: kind, lengthMillimetres: 12, widthMillimetres: kind == "spot" ? 12 : 1.4, volumeMillimetres3: 31.5,
      centreWorldMillimetres: [10, -20.4, 31], markedAs: markedAs, highestProbability: 0.72, reviewPosition: position)
  }

  static let calibrationFacts = CalibrationFacts(
    features: "extended", patients: 40, synthetic: true,
    lesions: .init(
      errors: 81, correct: 128, areaUnderROC: 0.8, areaUnderROCLower: 0.72, areaUnderROCUpper: 0.87,
      peakAreaUnderROC: 0.52,
      peaks: PeakDistributions(
        errors: distribution(count: 81, median: 3), correct: distribution(count: 128, median: 8))),
    candidates: .init(
      errors: 30, correct: 200, areaUnderROC: 0.7, areaUnderROCLower: 0.61, areaUnderROCUpper: 0.79,
      peakAreaUnderROC: 0.63,
      peaks: PeakDistributions(
        errors: distribution(count: 30, median: 4), correct: distribution(count: 200, median: 2))),
    extrapolated: ["L002"], stopLine: .init(position: 5, expectedErrors: 3.4, expectedRemainingErrors: 0.6),
    fittedOnThisPatient: true, scoringDraws: 10)

  static func region(_ number: Int) -> RegionFacts {
    RegionFacts(
      number: number, voxelCount: 12, volumeMillimetres3: 14.4, centroidWorldMillimetres: [10, -20, 30.5],
      meanProbability: 0.1, maximumProbability: 0.2, meanEntropy: 0.3, flairHighest: 1.5, flairLowest: -0.5,
      mprageHighest: 0.4, mprageLowest: -0.2,
      standardErrors: .init(flairHighest: 0.1, flairLowest: 0.1, mprageHighest: 0.2, mprageLowest: 0.2),
      flairShare: 0.7,
      signBalance: SignBalance(meanInside: 0.2, meanRim: -0.1))
  }

  /// A report on another program's mask, without probability and saliency.
  static func external() -> PatientResults {
    var results = results(candidates: 0, truth: false)
    results.model = .undefined
    results.external = ExternalSegmentation(tool: nil, hasProbability: false, hasSaliency: false)
    results.lesions = results.lesions.map { finding in
      var finding = finding
      (finding.meanProbability, finding.maximumProbability, finding.meanEntropy) = (.nan, .nan, .nan)
      (finding.flair, finding.mprage, finding.signBalance) = (.undefined, .undefined, .undefined)
      (finding.flairShare, finding.scoring, finding.saliencyFile) = (nil, nil, "")
      return finding
    }
    (results.checks, results.selfTest) = (nil, nil)
    return results
  }

  /// Eight bytes stand for a PNG: the pages embed pictures without looking inside.
  static func pictures(_ results: PatientResults) -> PagePictures {
    let picture = EmbeddedPicture(png: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], width: 900, height: 560)
    let ids = (results.lesions + results.candidates).map(\.id)
    let half = LayeredPicture(anatomy: picture, saliency: picture, contours: picture)
    return PagePictures(
      panels: Dictionary(
        uniqueKeysWithValues: (results.lesions + results.candidates).map { finding in
          (finding.id, FindingPictures(images: half, maps: finding.hasSaliency ? half : nil))
        }),
      thumbnails: Dictionary(uniqueKeysWithValues: ids.map { ($0, picture) }),
      overview: Overview(
        first: .init(picture: half, sliceCount: 24), further: [.init(picture: half, sliceCount: 3)], slicesLeftOut: 2,
        findingsNotShown: 0),
      sliceStack: SliceStack(
        anatomy: picture, contours: picture, tileWidth: 450, tileHeight: 280, columns: 2,
        slices: (0..<4).map {
          SliceStack.Slice(
            index: 70 + $0, indexName: "k", positionMillimetres: Double($0) - 1.5,
            findings: $0 == 2 ? Array(ids.prefix(2)) : [])
        }), colourBar: results.hasMaps ? picture : nil,
      notes: ["FLAIR is shown from the 1st to the 99th percentile of the brain."])
  }

  static func page(_ results: PatientResults, pictures: PagePictures? = nil) throws -> String {
    let bytes = try ReportPage.render(
      results: results, reportID: String(repeating: "9a", count: 32), auditHead: String(repeating: "7b", count: 32),
      pictures: pictures ?? Self.pictures(results), templates: TemplateFolder(path: templates))
    return String(decoding: bytes, as: UTF8.self)
  }

  static func entry(
    _ name: String, _ state: PatientState = .done, results: PatientResults? = nil, reason: String? = nil
  ) -> CohortEntry {
    CohortEntry(
      name: name, reportFile: results == nil ? nil : name + ".html", state: state, reason: reason, results: results,
      reportID: results == nil ? nil : "5c5c", auditHead: results == nil ? nil : String(repeating: "7b", count: 32))
  }

  static func index(_ entries: [CohortEntry]) throws -> String {
    String(decoding: try CohortPage.render(entries: entries, templates: TemplateFolder(path: templates)), as: UTF8.self)
  }
}
