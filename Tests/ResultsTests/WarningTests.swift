import Foundation
import Testing

@testable import Results

@Suite struct WarningTests {
  /// One of every kind, with the values that its check gives, and the value that must stand in the sentence.
  static let samples: [(warning: Warning, words: [String])] = [
    (Warning(.swappedByWhiteMatter, images: ["FLAIR", "MPRAGE"]), ["swapped"]),
    (Warning(.swappedByLesions, images: ["FLAIR", "MPRAGE"]), ["swapped"]), (Warning(.headShown), ["brain mask"]),
    (Warning(.contrastAgent, images: ["MPRAGE"], ["agent": "gado"]), ["MPRAGE", "ce-gado"]),
    (
      Warning(.derivedImage, images: ["FLAIR"], ["entities": .texts(["space-MNI", "desc-preproc"])]),
      ["FLAIR", "space-MNI, desc-preproc"]
    ), (Warning(.mprageResliced, images: ["MPRAGE"], ["difference": "shapes 3 × 4 × 5 and 3 × 4 × 6"]), ["3 × 4 × 6"]),
    (
      Warning(
        .maskResliced, images: ["reference"],
        ["difference": "shapes differ", "beforeMillilitres": 1.234, "afterMillilitres": 0.5]),
      ["The reference", "nearest neighbour", "1.23 ml before", "0.50 ml after"]
    ), (Warning(.probabilityResliced, images: ["probability"], ["difference": "2 mm"]), ["The probability", "(2 mm)"]),
    (
      Warning(.takenByVoxelIndex, images: ["mask"], ["difference": "up to 3 mm apart"]),
      ["The mask", "qform of FLAIR", "up to 3 mm apart"]
    ),
    (
      Warning(.mpragePartlyCovers, images: ["MPRAGE"], ["coverage": 0.8124, "centresMillimetres": 31.6]),
      ["covers 81.2 % of the brain", "32 mm apart"]
    ),
    (
      Warning(
        .brainOfOneImage, images: ["FLAIR", "MPRAGE"],
        ["flairMillilitres": 2611.0, "mprageMillilitres": 2038.0, "taken": "MPRAGE"]),
      ["2611 ml", "2038 ml", "the brain of MPRAGE"]
    ),
    (
      Warning(.softMask, images: ["mask"], ["beforeMillilitres": 1.07, "afterMillilitres": 0.22]),
      ["The mask", "1.07 ml", "before, 0.22 ml after"]
    ),
    (
      Warning(
        .brainMaskVolume, images: ["brain mask"],
        ["millilitres": 61.0, "minimumMillilitres": 400.0, "maximumMillilitres": 2200.0]), ["61 ml", "400 to 2200 ml"]
    ),
    (
      Warning(.negativeVoxels, images: ["FLAIR"], ["millilitres": 61.5, "fraction": 0.0489]),
      ["FLAIR: 61.50 ml (4.9 %)", "negative", "brain mask"]
    ),
    (
      Warning(.nearZeroRim, images: ["MPRAGE"], ["millilitres": 23.25, "fraction": 0.02]),
      ["MPRAGE: a rim of 23.25 ml", "(2.0 %)", "brain mask"]
    ), (Warning(.backgroundNotZero, images: ["FLAIR"], ["value": "0.0026"]), ["background is 0.0026"]),
    (Warning(.headerDoubtful, images: ["FLAIR"], ["fault": "the unit of space is the metre"]), ["FLAIR: the unit"]),
    (
      Warning(
        .thickSlices, images: ["FLAIR"],
        ["thicknessMillimetres": 5.0, "inPlaneMillimetres": .numbers([0.5, 0.6]), "acceptedMillimetres": 3.0]),
      ["2D FLAIR", "5 mm over 0.5 × 0.6 mm", "at most 3 mm"]
    ),
    (
      Warning(
        .thickVoxels, images: ["MPRAGE"], ["voxelMillimetres": .numbers([1, 2, 2]), "thicknessMillimetres": 2.0]),
      ["MPRAGE", "1 × 2 × 2 mm", "slices of 2 mm"]
    ),
    (
      Warning(.anisotropicVoxels, images: ["FLAIR"], ["voxelMillimetres": .numbers([1.6, 1, 1])]),
      ["FLAIR", "1.6 × 1 × 1 mm"]
    ), (Warning(.brainCutAtTop, images: ["FLAIR"]), ["top slice"]),
    (Warning(.brainCutAtBottom, images: ["FLAIR"]), ["bottom slice"]),
    (
      Warning(
        .voxelsUnlikeTraining, images: ["FLAIR"],
        ["voxelMillimetres": .numbers([0.5, 0.5, 2]), "trainingMillimetres": .numbers([1, 1, 1])]),
      ["0.5 × 0.5 × 2 mm", "1 × 1 × 1 mm"]
    ),
    (
      Warning(
        .intensitiesUnlikeTraining, images: ["MPRAGE"],
        [
          "patients": 12.0, "level": 0.95, "standardDeviations": 1.234, "trainingMinimum": -0.5,
          "trainingMaximum": 0.75,
        ]), ["The MPRAGE", "12 patients", "95 %", "below 1.23 SD", "-0.50 to 0.75"]
    ),
    (
      Warning(
        .calibrationNotUsed, ["differences": .texts(["noise 0.1 instead of 0.05", "target softmax instead of logit"])]),
      ["was made with other settings (noise 0.1 instead of 0.05, target softmax instead of logit)"]
    ), (Warning(.calibrationFittedOnThisPatient), ["this very patient"]),
    (
      Warning(.calibrationNotOfAKind, ["reasons": .texts(CalibrationUse.Unlike.allCases.map(\.rawValue))]),
      ["they are synthetic; another manufacturer", "another field strength", "more than 10 %", "no probability"]
    ),
    (
      Warning(.calibrationOfFewerSamples, ["minimumSamples": 10.0, "maximumSamples": 12.0, "samples": 50.0]),
      ["10 to 12 noise samples", "up to 50"]
    ), (Warning(.scoresExtrapolated, ["findings": .texts(["L001", "C002"])]), ["L001, C002"]),
    (
      Warning(.maskVolumeImplausible, ["millilitres": 3646.92, "fraction": 0.911]),
      ["3646.92 ml", "91.1 % of the brain"]
    ), (Warning(.lesionsOutsideBrain, ["voxels": 12.0, "millilitres": 0.0144]), ["12 voxels", "0.01 ml", "outside"]),
    (Warning(.oneLargeLesion, ["fraction": 0.931, "millilitres": 45.2]), ["93.1 % of 45.20 ml"]),
    (
      Warning(.manyLesions, ["lesions": 187.0, "limit": 156.0, "calibrated": 52.0]),
      ["187 lesions", "three times the 52"]
    ), (Warning(.noLesions), ["no lesion"]),
    (Warning(.header, images: ["reference"], ["fault": "sform and qform differ"]), ["reference: sform and qform"]),
  ]

  @Test func withoutACalibrationTheLimitIsSaid() {
    let sentence = Warning(.manyLesions, ["lesions": 187.0, "limit": 150.0]).sentence
    #expect(sentence.contains("187 lesions, more than 150") && !sentence.contains("calibration"))
    #expect(!Warning(.maskVolumeImplausible, ["millilitres": 612.5]).sentence.contains("of the brain"))
  }

  @Test func theSchemaKnowsEveryCode() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let schema = try JSONSerialization.jsonObject(
      with: Data(contentsOf: root.appendingPathComponent("docs/schemas/results.schema.json")))
    let definitions = try #require((schema as? [String: Any])?["$defs"] as? [String: Any])
    let properties = try #require((definitions["warning"] as? [String: Any])?["properties"] as? [String: Any])
    let codes = try #require((properties["code"] as? [String: Any])?["enum"] as? [String])
    #expect(codes.sorted() == Warning.Code.allCases.map(\.rawValue).sorted())
  }

  @Test func everyKindIsSampledOnce() {
    #expect(
      Self.samples.map(\.warning.code).sorted { $0.rawValue < $1.rawValue }
        == Warning.Code.allCases.sorted { $0.rawValue < $1.rawValue })
  }

  @Test(arguments: samples.indices) func aSentenceIsMadeOfTheValues(_ index: Int) {
    let (warning, words) = Self.samples[index]
    let sentence = warning.sentence
    #expect(!sentence.isEmpty && !sentence.contains("?") && !sentence.contains("nan"), "\(sentence)")
    for word in words { #expect(sentence.contains(word), "\(sentence)") }
    #expect(warning.severity == warning.code.severity)
    // What is said depends on nothing else: without a value there is a gap that shows, and never a stop.
    for name in warning.values.keys {
      var damaged = warning
      damaged.values[name] = nil
      #expect(!damaged.sentence.isEmpty)
    }
  }

  @Test(arguments: samples.indices) func aWarningSurvivesJSON(_ index: Int) throws {
    let warning = Self.samples[index].warning
    let read = try JSONDecoder().decode(Warning.self, from: JSONEncoder().encode(warning))
    #expect(read == warning && read.sentence == warning.sentence)
  }

  @Test func aCodeThatNobodyKnowsIsRefused() {
    let text = #"{"code": "tooCold", "severity": "ordinary", "images": [], "values": {}}"#
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Warning.self, from: Data(text.utf8)) }
  }

  @Test func theGravestAreTheSwapsAndTheHead() {
    let serious = Warning.Code.allCases.filter { $0.severity == .serious }
    #expect(
      serious == [
        .swappedByWhiteMatter, .swappedByLesions, .headShown, .mpragePartlyCovers, .brainOfOneImage,
        .maskVolumeImplausible, .manyLesions, .calibrationNotOfAKind, .headerDoubtful,
      ])
    #expect(Warning.Code.allCases.filter { $0.severity == .header } == [.backgroundNotZero, .header])
  }

  @Test func whatDiffersInTheImageAloneBecomesOne() {
    func header(_ image: String, _ fault: String) -> Warning {
      Warning(.header, images: [image], ["fault": .text(fault)])
    }
    let merged = Warning.merged([
      header("FLAIR", "a"), Warning(.headShown), header("MPRAGE", "a"), header("MPRAGE", "b"), header("FLAIR", "a"),
    ])
    #expect(
      merged == [
        Warning(.header, images: ["FLAIR", "MPRAGE"], ["fault": "a"]), Warning(.headShown), header("MPRAGE", "b"),
      ])
    #expect(merged[0].sentence == "FLAIR and MPRAGE: a")
    #expect(Warning.merged([]) == [])
  }
}
