import Foundation
import Volumes

@testable import ErrorScore
@testable import Lesions
@testable import Reports
@testable import Results
@testable import Saliency

/// Hand-made results that fill every field of a report.
enum PagesSamples {
  static let templates = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "../../templates"
  ).standardized.path

  static func peak(_ value: Double, _ voxel: VoxelIndex, error: Double?) -> Peak {
    Peak(
      value: value, voxel: voxel,
      worldMillimetres: WorldPoint(x: Double(voxel.i) - 90, y: Double(voxel.j) - 110, z: Double(voxel.k) - 70),
      standardError: error)
  }

  static func finding(_ kind: FindingKind, _ number: Int, peak value: Double, reference: RegionGroup? = nil)
    -> FindingRecord
  {
    let at = VoxelIndex(60 + number * 7 % 50, 80 + number * 11 % 60, 70 + number * 5 % 40)
    let voxels = kind == .lesion ? 900 / number + 6 : 5
    let id = FindingID(kind: kind, number: number)
    let measurements = Measurements.sample(
      voxelCount: voxels, volumeMillimetres3: Double(voxels) * 1.2,
      centroidVoxel: VoxelPoint(i: Double(at.i) + 0.25, j: Double(at.j) - 0.5, k: Double(at.k)),
      centroidMillimetres: WorldPoint(x: Double(at.i) - 89.75, y: Double(at.j) - 110.5, z: Double(at.k) - 70),
      lower: VoxelIndex(at.i - 6, at.j - 6, at.k - 6), upper: VoxelIndex(at.i + 6, at.j + 6, at.k + 6),
      extentMillimetres: [5.2, 5, 6],
      probability: ProbabilityMeasurements(
        mean: kind == .lesion ? 0.74 : 0.18, maximum: kind == .lesion ? 0.93 : 0.27, meanEntropyNats: 0.412))
    let channel = { (factor: Double) in
      ChannelPeaks(
        inside: .init(
          maximum: peak(value * factor, at, error: abs(value * factor) * 0.04),
          minimum: peak(-value * factor * 0.2, at, error: nil)),
        map: .init(
          maximum: peak(value * factor * 1.1, at, error: nil), minimum: peak(-value * factor * 0.6, at, error: nil)))
    }
    var record = FindingRecord(
      Finding(
        id: id, voxels: [], measurements: measurements, wasDroppedSmallComponent: kind == .candidate && number == 2),
      location: LesionLocation.allCases[(number + 1) % LesionLocation.allCases.count])
    record.reference = reference
    record.features = FeatureValues()
    for feature in [
      ScoreFeature.softDice, .haloRatio, .thresholdStability, .diameterMillimetres, .compactness, .slices, .flairInside,
      .mprageInside, .flairContrast, .mprageContrast, .flairRingSpread, .mprageRingSpread, .mirrorContrast,
      .brainEdgeMillimetres, .ventricleMillimetres, .nearestLesionMillimetres,
    ] { record.features?[feature] = 0.25 + Double(number) / 100 }
    var around = FeatureValues()
    for feature in [ScoreFeature.mapMinimum, .mprageRim, .zeroCrossingMillimetres, .sampleAgreement, .sampleStability] {
      around[feature] = 0.5 + Double(number) / 100
    }
    var scored = RegionSaliency(
      flairMaximum: value, flairMinimum: -0.5, mprageMaximum: 0.75, mprageMinimum: -0.25, flairSumPeak: value,
      flairFraction: 0.625, meanInside: 0.5, meanRim: -0.125)
    scored.features = around
    record.saliency = SaliencyRecord(
      samples: 50, flair: channel(1), mprage: channel(0.3), flairFraction: 0.81,
      signBalance: SignBalance(meanInside: value / 10, meanRim: number == 3 ? nil : -value / 200),
      flairSumPeak: SampledValue(value: value, standardError: 0.2), features: around,
      radialProfile: RadialProfile(distances: [-1, 0, 1, 2, 9.5], flair: [3, 2, 1, -1, -2], mprage: [1, 1, 1, 1, 1])
        .bins, scoring: ScoringRecord(samples: 10, saliency: scored))
    record.files = .init(
      saliency: "sub-01_desc-\(id)_saliency.nii.gz", layerMap: "sub-01_desc-\(id)gradcam_saliency.nii.gz")
    return record
  }

  /// - Parameter calibrated: with error scores from 0.6 down and their review cut-off after five findings.
  static func results(
    label: String = "sub-01", session: String? = "ses-02", lesions lesionCount: Int = 9,
    candidates candidateCount: Int = 3, reference: Bool = true, calibrated: Bool = false,
    warnings: [Warning] = [thickSlices]
  ) -> PatientResults {
    let lesions = (0..<lesionCount).map { index -> FindingRecord in
      let group = index % 3 == 2 ? RegionGroup.falsePositive : .truePositive
      return finding(.lesion, index + 1, peak: 24.5 / Double(index + 1), reference: reference ? group : nil)
    }
    let candidates = (0..<candidateCount).map { index -> FindingRecord in
      let group = index == 0 ? RegionGroup.missedCandidate : .otherCandidate
      return finding(.candidate, index + 1, peak: 4.4 - Double(index), reference: reference ? group : nil)
    }
    let grid = GridRecord(
      shape: GridShape(160, 192, 160),
      affine: Affine(rows: [[-1, 0, 0, 90], [0, 1.0417, 0, -110], [0, 0, 1.2, -70]]))
    var results = PatientResults(
      patient: PatientIdentity(label: label, session: session, synthetic: true), model: model,
      inputs: [
        InputRecord(role: "FLAIR", sha256: String(repeating: "0f", count: 32), grid: grid, headerProblems: []),
        InputRecord(
          role: "MPRAGE", sha256: String(repeating: "1e", count: 32), grid: grid,
          headerProblems: ["sform and qform differ by 0.4 mm; the sform is used"]),
      ], grid: grid,
      rules: RuleRecord(lesions: .published, candidates: .published, order: calibrated ? .errorScore : .flairSumPeak),
      counts: FindingCounts(
        componentsBeforeSizeFilter: lesionCount + 4, droppedSmallComponents: 4, lesions: lesionCount,
        candidates: candidateCount, candidatesLeftOut: candidateCount == 0 ? 0 : 2,
        totalLesionVolumeMillilitres: lesions.reduce(0) { $0 + $1.measurements.volumeMillilitres }),
      locations: LocationRecord(
        notAssessed: lesionCount == 0 ? LocationLimitation(.showsHead) : nil,
        ventriclesMillilitres: lesionCount == 0 ? nil : 21.4))
    results.findings = lesions + candidates
    results.reviewOrder = order(lesionCount, candidateCount, calibrated: calibrated)
    results.settings = settings
    results.explanation = ExplanationRecord(
      noiseStandardDeviation: 0.4132, mirrorAxes: [0, 1],
      stopping: try! StoppingRule(relativeError: 0.1, absoluteError: 0.05, minimumSamples: 10),
      layer: "model.1.submodule.2.conv")
    results.calibration = calibrated ? calibration : nil
    if reference {
      results.reference = Self.reference
      results.controls = ControlRecord(
        falseNegatives: [region(3)], trueNegatives: [region(1)], lesionsWithoutControl: 0, clearanceMillimetres: 5)
    }
    if reference { results.missed = [1, 2].map { finding(.missedReference, $0, peak: 2, reference: .falseNegative) } }
    results.warnings = warnings
    if lesionCount + candidateCount > 0 { (results.checks, results.selfTest) = (checks, selfTest) }
    if lesionCount > 0 { results.intensities = intensities }
    return results
  }

  /// The kinds merged by percentile; lesions from the last to the first.
  private static func order(_ lesions: Int, _ candidates: Int, calibrated: Bool) -> [ReviewEntry] {
    func percentile(_ index: Int, of count: Int) -> Double { count < 2 ? 0 : Double(index) / Double(count - 1) }
    let order =
      (0..<lesions).map { (FindingID(kind: .lesion, number: lesions - $0), percentile($0, of: lesions)) }
      + (0..<candidates).map { (FindingID(kind: .candidate, number: $0 + 1), percentile($0, of: candidates)) }
    return order.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.enumerated().map { index, entry in
      ReviewEntry(
        position: index + 1, finding: entry.0, percentile: entry.1, errorScore: calibrated ? 0.6 - entry.1 / 2 : nil,
        expectedRemainingErrors: calibrated ? 0.25 * Double(order.count - 1 - index) : nil)
    }
  }

  static let thickSlices = Warning(
    .thickSlices, images: ["FLAIR"],
    ["thicknessMillimetres": 3.0, "inPlaneMillimetres": .numbers([1, 1]), "acceptedMillimetres": 3.0])

  static let model = ModelIdentity(
    name: "lesionqc sample U-Net", version: "1.0",
    architecture: .init(name: "MONAI UNet", parameterCount: 1_985_234, window: [96, 96, 96], overlap: 0.25),
    modelDigest: String(repeating: "ab12", count: 16), weightsDigest: String(repeating: "cd34", count: 16),
    threshold: 0.3, brainExtracted: false)

  /// Every setting that has a row of its own.
  static var settings: RunSettings {
    var settings = RunSettings()
    settings.labels = MaskLabels(reference: [1, 2])
    (settings.relativeError, settings.mirror, settings.reslice) = (0.1, true, true)
    (settings.method, settings.layer) = (.gradCAMPlusPlus, "model.1.submodule.2.conv")
    (settings.controls, settings.selfTest, settings.saveMaps) = (true, true, true)
    return settings
  }

  static var reference: ReferenceRecord {
    decoded([
      "dsc": 0.684, "normalisedDsc": 0.71, "lesionTruePositiveRate": 0.75, "lesionFalseDiscoveryRate": 1.0 / 3,
      "lesionFalseNegativeRate": 0.25, "lesionF1": 0.7059, "lesionPositivePredictiveValue": 2.0 / 3,
      "detection": ["truePositives": 6, "falsePositives": 3, "falseNegatives": 2], "componentsBeforeSizeFilter": 11,
      "lesions": 8, "volumeMillilitres": 3.4,
    ])
  }

  /// A value that only the analysis makes, from its form in a file.
  static func decoded<Value: Decodable>(_ object: [String: Any]) -> Value {
    try! JSONDecoder().decode(Value.self, from: JSONSerialization.data(withJSONObject: object))
  }

  static let intensities = IntensityRecord(
    trainingPatients: 65, syntheticTrainingPatients: 64, fileDigest: String(repeating: "1", count: 64),
    levels: [0.25, 0.75],
    images: [
      .init(role: "FLAIR", quantiles: [-0.5, 0.6], isUnlike: false),
      .init(role: "MPRAGE", quantiles: [-0.4, 0.9], isUnlike: true),
    ])

  static let checks = [
    CheckOutcome(
      .noiseSensitivity, passed: true, measures: [.init(.rankCorrelation, of: "0.025", 0.9)],
      basis: .init(lesions: 4, voxels: 27, noiseSamples: 10)),
    CheckOutcome(.singleVoxel, passed: false, measures: [.init(.maximumDifference, of: "mean", 0.25)]),
    CheckOutcome(.splitHalf, notAssessed: .tooFewSamples),
  ]

  /// Quantiles at 0.5, 0.75, 1, 1.5 and 2 times the median.
  static func distribution(count: Int, median: Double) -> PeakDistribution {
    PeakDistribution(
      count: count, fifth: median * 0.5, lowerQuartile: median * 0.75, median: median, upperQuartile: median * 1.5,
      ninetyFifth: median * 2)
  }

  static let selfTest = SelfTestRecord(
    inserted: [
      inserted("lesion", "lesion", 3), inserted("streak", "lesion", 2), inserted("spot", "candidate", 1),
      inserted("lesion", "candidate", 4), inserted("lesion", nil, nil), inserted("spot", nil, nil),
    ], lesions: .init(wanted: 6, inserted: 3, asLesion: 1, asCandidate: 1, missed: 1),
    mimics: .init(wanted: 6, inserted: 3, asLesion: 1, asCandidate: 1, missed: 1),
    pairs: .init(lesions: .init(count: 1, inOrder: 1), candidates: .init(count: 1, inOrder: 0)), findingsOrdered: 4,
    clearanceMillimetres: 10,
    contrast: .init(flairRobustDeviations: 5.25, mprageRobustDeviations: -3, isOfFoundLesions: true),
    limitation: .noRoom)

  static func inserted(_ kind: String, _ detectedAs: String?, _ position: Int?) -> InsertedRecord {
    InsertedRecord(
      kind: kind, lengthMillimetres: 12, widthMillimetres: kind == "spot" ? 12 : 1.4, volumeMillimetres3: 31.5,
      centreWorldMillimetres: [10, -20.4, 31], detectedAs: detectedAs, maximumProbability: 0.72,
      reviewPosition: position)
  }

  static let calibration = CalibrationUse(
    sha256: String(repeating: "e", count: 64), features: .extended, patients: 40, synthetic: true,
    lesions: .init(
      errors: 81, correct: 128, areaUnderROC: Estimate(value: 0.8, lower: 0.72, upper: 0.87), peakAreaUnderROC: 0.52,
      peaks: PeakDistributions(errors: distribution(count: 81, median: 3), correct: distribution(count: 128, median: 8))
    ),
    candidates: .init(
      errors: 30, correct: 200, areaUnderROC: Estimate(value: 0.7, lower: 0.61, upper: 0.79), peakAreaUnderROC: 0.63,
      peaks: PeakDistributions(errors: distribution(count: 30, median: 4), correct: distribution(count: 200, median: 2))
    ), extrapolated: ["L002"],
    cutoff: .init(position: 5, rule: .init(percent: 41, tolerated: 0.2, patients: 40, lostPatients: 3)),
    fittedOnThisPatient: true, scoringSamples: 10, unlike: [])

  static func region(_ number: Int) -> ControlRecord.Region {
    func extrema(_ maximum: Double, _ minimum: Double) -> ChannelPeaks.Extrema {
      .init(
        maximum: peak(maximum, VoxelIndex(1, 2, 3), error: 0.1), minimum: peak(minimum, VoxelIndex(2, 2, 3), error: 0.2)
      )
    }
    let own = finding(.lesion, number, peak: 1.5).saliency!
    return ControlRecord.Region(
      number: number,
      measurements: Measurements.sample(
        voxelCount: 12, volumeMillimetres3: 14.4, centroidMillimetres: WorldPoint(x: 10, y: -20, z: 30.5),
        upper: VoxelIndex(2, 1, 1), probability: .init(mean: 0.1, maximum: 0.2, meanEntropyNats: 0.3)),
      saliency: SaliencyRecord(
        samples: 50, flair: ChannelPeaks(inside: extrema(1.5, -0.5), map: extrema(1.6, -0.6)),
        mprage: ChannelPeaks(inside: extrema(0.4, -0.2), map: extrema(0.5, -0.3)), flairFraction: 0.7,
        signBalance: SignBalance(meanInside: 0.2, meanRim: -0.1),
        flairSumPeak: SampledValue(value: 1.5, standardError: 0.1), features: own.features,
        radialProfile: own.radialProfile, scoring: finding(.lesion, 1, peak: 1.5).saliency?.scoring))
  }

  /// A report on an external segmentation, without probability and saliency.
  static func external() -> PatientResults {
    var results = results(candidates: 0, reference: false)
    (results.model, results.settings, results.explanation) = (nil, nil, nil)
    results.external = ExternalSegmentation(tool: nil, hasProbability: false, hasSaliency: false)
    results.rules = RuleRecord(lesions: .published, candidates: nil, order: .volume)
    results.findings = results.findings.map { finding in
      var finding = finding.with { $0["probability"] = nil }
      (finding.saliency, finding.files) = (nil, .init())
      return finding
    }
    (results.checks, results.selfTest, results.intensities) = (nil, nil, nil)
    return results
  }

  /// Eight bytes stand for a PNG: the pages embed pictures without looking inside.
  static func pictures(_ results: PatientResults) -> PagePictures {
    let picture = EmbeddedPicture(png: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], width: 900, height: 560)
    let ids = results.findings.map(\.id)
    let half = LayeredPicture(anatomy: picture, saliency: picture, contours: picture)
    return PagePictures(
      panels: Dictionary(
        uniqueKeysWithValues: results.findings.map { finding in
          (finding.id, FindingPictures(images: half, maps: finding.saliency != nil ? half : nil))
        }), thumbnails: Dictionary(uniqueKeysWithValues: ids.map { ($0, picture) }),
      overview: Overview(
        first: .init(picture: half, sliceCount: 24), further: [.init(picture: half, sliceCount: 3)], slicesLeftOut: 2,
        findingsNotShown: 0),
      sliceStack: SliceStack(
        anatomy: picture, contours: picture, tileWidth: 450, tileHeight: 280, columns: 2,
        slices: (0..<4).map {
          SliceStack.Slice(
            index: 70 + $0, indexName: "k", positionMillimetres: Double($0) - 1.5,
            findings: $0 == 2 ? Array(ids.prefix(2)) : [])
        }), notes: ["FLAIR is shown from the 1st to the 99th percentile of the brain."])
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
