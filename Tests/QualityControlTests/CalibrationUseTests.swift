import AuditTrail
import Digests
import ErrorScore
import Foundation
import Lesions
import Reports
import Results
import Testing

@testable import QualityControl

/// A calibration of invented evidence, bound to the sample model: what `run` does with such a file.
struct SampleCalibration {
  static func make(
    _ change: (inout [String: Any]) -> Void = { _ in }, samples: Int = 2, synthetic: Bool = true, noise: Double = 0.05,
    in folder: URL
  ) throws -> URL {
    let model = try LoadedModel(folder: sampleModel, threads: 1)
    let findings = (0..<5).flatMap { patient in
      (0..<10).flatMap { n in
        [FindingKind.lesion, .candidate].map { kind in
          let isError = n % 2 == 0
          // Errors among lesions have low peaks, missed lesions among candidates high ones.
          let high = (kind == .lesion) != isError
          return LabelledFinding(
            patient: "sub-\(patient)", kind: kind,
            features: RegionFeatures(
              flairHighest: (high ? 6 : 2) + Double((patient * 3 + n * 5) % 7), flairLowest: -1, mprageHighest: 1,
              mprageLowest: -1, flairShare: 0.8, meanInside: 1, meanRim: -0.1, volumeMillimetres3: 30,
              meanProbability: 0.5,
              maximumProbability: 0.6, meanEntropy: 0.4), isError: isError)
        }
      }
    }
    var settings = RunSettings()
    settings.noiseFraction = noise
    let calibrated = settings.calibrated(mirrorAxes: [])
    let calibration = try Calibration(
      fitting: findings, features: .peaks, software: "test",
      network: .init(name: "sample", version: "1", modelDigest: model.modelDigest, weightsDigest: model.weightsDigest),
      settings: calibrated, settingsDigest: try calibrated.digest(), samples: samples,
      cohort: .init(patients: 5, synthetic: synthetic, resultsDigests: [], flairDigests: ["b", "a"]),
      bootstrap: PatientBootstrap(replicates: 20, seed: 1))
    var json = try #require(
      try JSONSerialization.jsonObject(with: JSONEncoder().encode(calibration)) as? [String: Any])
    change(&json)
    let url = folder.appendingPathComponent("calibration-\(UUID().uuidString).json")
    try JSONSerialization.data(withJSONObject: json).write(to: url)
    return url
  }
}

@Suite(.serialized) struct CalibrationUseTests {
  @Test func scoresOrderTheWorkListAndTheFileIsOnRecord() throws {
    let patient = try SmallPatient()
    let file = try SampleCalibration.make(in: patient.folder)
    let run = try patient.run({ $0.calibration = .file(file) })
    guard case .done(let summary) = try run.single(patient.input()) else {
      Issue.record("not done")
      return
    }
    let results = summary.results
    #expect(results.calibration == (try Digest.sha256(file: file)))
    let scores = results.reviewOrder.map(\.errorScore)
    #expect(!scores.isEmpty && scores.allSatisfy { $0 != nil })
    #expect(scores.map { $0! } == scores.map { $0! }.sorted(by: >))
    let calibration = try JSONDecoder().decode(Calibration.self, from: Data(contentsOf: file))
    for entry in results.reviewOrder {
      let finding = try #require(results.finding(entry.kind, entry.number))
      let expected = calibration.kind(entry.kind).model.probability(of: RegionFeatures(finding, aggregation: "sum"))
      #expect(entry.errorScore == expected)
    }
    let facts = try #require(results.calibrationFacts)
    #expect(facts.patients == 5 && facts.features == "peaks" && facts.lesions.errors == 25)
    #expect(facts.lesions.peaks?.errors.count == 25 && facts.candidates.peaks?.correct.count == 25)
    let line = try #require(facts.stopLine)
    #expect(results.reviewOrder[line.position - 1].expectedRemainingErrors == line.expectedRemainingErrors)
    let page = String(decoding: try Data(contentsOf: summary.report), as: UTF8.self)
    #expect(page.components(separatedBy: "class=\"strip\"").count - 1 == results.reviewOrder.count)
    #expect(page.contains("; after the first \(line.position) "))
    #expect(page.contains("made of the FLAIR peak alone, calibrated"))
    let stored = try JSONDecoder().decode(Calibration.self, from: Data(contentsOf: file))
    let alone = try #require(stored.lesions.crossValidation.row(.saliencyPeak)?.estimate(.areaUnderROC))
    #expect(facts.lesions.peakAreaUnderROC == alone.value)
    #expect(!page.contains("UNCALIBRATED ORDER</strong>") && !page.contains("uncalibrated order"))
    #expect(try AuditCheck(output: patient.output).findings.isEmpty)
    // The file is part of the record: altering it is found.
    try Data("{}".utf8).write(to: file)
    #expect(try AuditCheck(output: patient.output).findings.map(\.kind) == [.alteredModel])
  }

  @Test func meanPeaksGiveTheSameScoresAsSumPeaks() throws {
    let patient = try SmallPatient()
    let file = try SampleCalibration.make(in: patient.folder)
    var orders: [[ReviewEntry]] = []
    for aggregation in [RunSettings.Aggregation.sum, .mean] {
      let run = try patient.run(
        {
          $0.calibration = .file(file)
          $0.aggregation = aggregation
          // More than the calibration's 2, so that scores are made of early maps.
          $0.samples = 3
        },
        output: patient.folder.appendingPathComponent("out-\(aggregation.rawValue)"))
      guard case .done(let summary) = try run.single(patient.input()) else {
        Issue.record("not done")
        return
      }
      orders.append(summary.results.reviewOrder)
    }
    // Division by |Ω| and multiplication round in single precision.
    for (a, b) in zip(orders[0].sorted { $0.number < $1.number }, orders[1].sorted { $0.number < $1.number })
    where a.kind == b.kind {
      #expect(abs(a.errorScore! - b.errorScore!) < 1e-5)
    }
  }

  @Test func moreDrawsLeaveTheScoresAsTheyAre() throws {
    let patient = try SmallPatient()
    let file = try SampleCalibration.make(in: patient.folder)
    func run(samples: Int) throws -> PatientRun.Summary {
      let run = try patient.run(
        {
          $0.calibration = .file(file)
          $0.samples = samples
        }, output: patient.folder.appendingPathComponent("out-\(samples)"))
      guard case .done(let summary) = try run.single(patient.input()) else { throw CancellationError() }
      return summary
    }
    let (two, five) = (try run(samples: 2), try run(samples: 5))
    #expect(five.results.reviewOrder == two.results.reviewOrder && !two.results.reviewOrder.isEmpty)
    for (few, many) in zip(two.results.lesions, five.results.lesions) {
      let scoring = try #require(many.scoring)
      #expect(few.scoring == nil && scoring.draws == 2 && many.draws == 5)
      #expect(scoring.flairHighest == few.flair.insideHighest.value)
      #expect(scoring.mprageLowest == few.mprage.insideLowest.value)
      #expect(scoring.flairShare == few.flairShare && scoring.signBalance == few.signBalance)
      #expect(many.flair.insideHighest.value != few.flair.insideHighest.value)
    }
    #expect(two.results.calibrationFacts?.scoringDraws == nil && five.results.calibrationFacts?.scoringDraws == 2)
    let page = String(decoding: try Data(contentsOf: five.report), as: UTF8.self)
    #expect(page.contains("Saliency enters the score as it was with the first 2 noise draws"))
  }

  @Test func aCohortOfDifferentDrawsMakesScoresOfWholeMapsAndManyMoreAreToldOf() throws {
    let file = try SampleCalibration.make({ $0["mostSamples"] = 4 }, in: FileManager.default.temporaryDirectory)
    let loaded = try #require(
      try LoadedCalibration.find(.file(file), model: LoadedModel(folder: sampleModel, threads: 1)))
    #expect(loaded.calibration.drawsOfEveryMap == nil)
    let facts = loaded.facts([], order: try ReviewOrder(calibrated: []), aggregation: "sum", flairDigest: "c")
    #expect(loaded.warnings(facts, patientIsSynthetic: true, draws: 8).isEmpty)
    #expect(
      loaded.warnings(facts, patientIsSynthetic: true, draws: 9).map {
        $0.contains("maps of 2 to 4 noise draws, these have up to 9")
      } == [true])
  }

  @Test func theModelFolderIsLookedInUnlessTheUserSaysNone() throws {
    let patient = try SmallPatient()
    let model = patient.folder.appendingPathComponent("model")
    try FileManager.default.copyItem(at: sampleModel, to: model)
    let place = model.appendingPathComponent("calibration.json")
    try? FileManager.default.removeItem(at: place)
    #expect(try patient.run({ $0.calibration = .ofModel }, modelFolder: model).calibration == nil)
    try FileManager.default.copyItem(at: SampleCalibration.make(in: patient.folder), to: place)
    #expect(try patient.run({ $0.calibration = .ofModel }, modelFolder: model).calibration != nil)
    #expect(try patient.run({ $0.calibration = .off }, modelFolder: model).calibration == nil)
  }

  @Test func theModelsOwnIsLeftUnusedWhereItDoesNotFitAndTheReportSaysSo() throws {
    let patient = try SmallPatient()
    let model = patient.folder.appendingPathComponent("model")
    try FileManager.default.copyItem(at: sampleModel, to: model)
    let place = model.appendingPathComponent("calibration.json")
    try? FileManager.default.removeItem(at: place)
    try FileManager.default.copyItem(at: SampleCalibration.make(samples: 50, in: patient.folder), to: place)
    let run = try patient.run({ $0.calibration = .ofModel }, modelFolder: model)
    guard case .done(let summary) = try run.single(patient.input()) else {
      Issue.record("not done")
      return
    }
    #expect(summary.results.calibration == "uncalibrated")
    let warning = try #require(summary.results.warnings.first { $0.contains("calibration is not used") })
    #expect(warning.contains("50 noise draws, this run has 2") && !warning.contains("/"))
    // The command is for who runs the program: among the rules, not above the work list.
    #expect(!warning.contains("--samples") && summary.results.rules.reviewOrder.contains("use --samples 50 or more"))
    let page = String(decoding: try Data(contentsOf: summary.report), as: UTF8.self)
    #expect(page.contains("calibration is not used") && page.contains("UNCALIBRATED ORDER</strong>"))
    // Made for other weights it does not belong into this folder at all.
    let other = try SampleCalibration.make(
      { json in
        var network = json["network"] as! [String: Any]
        network["weightsDigest"] = String(repeating: "0", count: 64)
        json["network"] = network
      }, in: patient.folder)
    try FileManager.default.removeItem(at: place)
    try FileManager.default.copyItem(at: other, to: place)
    #expect(throws: QualityControlError.self) { try patient.run({ $0.calibration = .ofModel }, modelFolder: model) }
  }

  @Test func whatDoesNotFitIsRefusedInOneLineAsABadModel() throws {
    let patient = try SmallPatient()
    func expectRefused(_ text: String, _ file: URL, _ change: @escaping (inout RunSettings) -> Void = { _ in }) {
      #expect {
        try patient.run({
          $0.calibration = .file(file)
          change(&$0)
        })
      } throws: { error in
        guard let error = error as? QualityControlError, error.exitCode == 4 else { return false }
        return error.description.contains(text) && !error.description.contains("\n")
      }
    }
    func make(_ change: (inout [String: Any]) -> Void) throws -> URL {
      try SampleCalibration.make(change, in: patient.folder)
    }
    func replaced(_ group: String, _ key: String, _ value: Any) throws -> URL {
      try make { json in
        var inner = json[group] as! [String: Any]
        inner[key] = value
        json[group] = inner
      }
    }
    let zeros = String(repeating: "0", count: 64)
    expectRefused("other weights", try replaced("network", "weightsDigest", zeros))
    expectRefused("other model.json", try replaced("network", "modelDigest", zeros))
    expectRefused("settings were altered", try replaced("settings", "noiseFraction", 0.1))
    expectRefused("noise 0.05 instead of 0.1", try SampleCalibration.make(noise: 0.1, in: patient.folder))
    let good = try make { _ in }
    expectRefused("target margin instead of logit", good) { $0.target = .margin }
    expectRefused("candidate threshold 0.2", good) { $0.candidateThreshold = 0.2 }
    expectRefused("50 noise draws, this run has 2", try SampleCalibration.make(samples: 50, in: patient.folder))
    expectRefused("schema version 9", try make { $0["schemaVersion"] = 9 })
    expectRefused("damaged (no \"lesions\")", try make { $0["lesions"] = nil })
    expectRefused("cannot be read", patient.folder.appendingPathComponent("absent.json"))
    let text = patient.folder.appendingPathComponent("text.json")
    try Data("not JSON".utf8).write(to: text)
    expectRefused("is no calibration", text)
    #expect(!FileManager.default.fileExists(atPath: patient.output.path))
  }

  @Test func realPatientsAreToldThatTheScoresComeFromSyntheticOnes() throws {
    let folder = FileManager.default.temporaryDirectory
    let model = try LoadedModel(folder: sampleModel, threads: 1)
    let loaded = try #require(try LoadedCalibration.find(.file(SampleCalibration.make(in: folder)), model: model))
    let facts = loaded.facts([], order: try ReviewOrder(calibrated: []), aggregation: "sum", flairDigest: "c")
    func warnings(_ facts: CalibrationFacts, synthetic: Bool = true, draws: Int = 2) -> [String] {
      loaded.warnings(facts, patientIsSynthetic: synthetic, draws: draws)
    }
    #expect(warnings(facts, synthetic: false).contains { $0.contains("synthetic patients") })
    #expect(warnings(facts).isEmpty && facts.fittedOnThisPatient == nil)
    // The sample calibration has 2 draws throughout, and scores are made of as many.
    #expect(loaded.calibration.drawsOfEveryMap == 2 && warnings(facts, draws: 100).isEmpty)
    let own = loaded.facts([], order: try ReviewOrder(calibrated: []), aggregation: "sum", flairDigest: "a")
    #expect(own.fittedOnThisPatient == true)
    #expect(warnings(own).map { $0.contains("fitted on this very patient") } == [true])
    var outside = facts
    outside.extrapolated = ["L004"]
    #expect(
      warnings(outside).contains { $0.contains("L004") && $0.contains("extrapolated") }
    )
  }
}
