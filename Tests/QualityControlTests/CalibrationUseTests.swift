import Archive
import Digests
import ErrorScore
import Foundation
import Results
import Saliency
import SharedPatients
import Testing

@testable import Analysis
@testable import Lesions
@testable import QualityControl

/// A calibration of invented evidence, bound to the sample model: what `run` does with such a file.
struct SampleCalibration {
  static func make(
    _ change: (inout [String: Any]) -> Void = { _ in }, patients: Int = 5, samples: Int = 2, synthetic: Bool = true,
    noise: Double = 0.05, keepingPercentiles: Bool = false, in folder: URL
  ) throws -> URL {
    let model = try LoadedModel(folder: sampleModel, threads: 1)
    let findings = (0..<patients).flatMap { patient in
      (0..<10).flatMap { n in
        [FindingKind.lesion, .candidate].map { kind in
          let isError = n % 2 == 0
          // Errors among lesions have low peaks, missed lesions among candidates high ones.
          let high = (kind == .lesion) != isError
          return LabelledFinding(
            patient: "sub-\(patient)", kind: kind,
            features: RegionFeatures(
              saliency: RegionSaliency(
                flairMaximum: (high ? 6 : 2) + Double((patient * 3 + n * 5) % 7), flairMinimum: -1, mprageMaximum: 1,
                mprageMinimum: -1, flairFraction: 0.8, meanInside: 1, meanRim: -0.1), volumeMillimetres3: 30,
              probability: ProbabilityMeasurements(mean: 0.5, maximum: 0.6, meanEntropyNats: 0.4)), isError: isError)
        }
      }
    }
    var settings = RunSettings()
    settings.noiseFraction = noise
    let calibrated = CalibratedSettings(settings, mirrorAxes: [])
    let calibration = try Calibration(
      fitting: findings, features: .peaks,
      origin: .init(
        software: "test",
        network: .init(
          name: "sample", version: "1", modelDigest: model.modelDigest, weightsDigest: model.weightsDigest),
        settings: calibrated, settingsDigest: try calibrated.digest(), samples: samples,
        cohort: .init(patients: patients, synthetic: synthetic, resultsDigests: [], flairDigests: ["b", "a"])),
      bootstrap: PatientBootstrap(replicates: 20, seed: 1))
    var json = try #require(try JSONSerialization.jsonObject(with: JSONEncoder().encode(calibration)) as? [String: Any])
    // The invented peaks are not those of the patient: whether a patient is of the kind has tests of its own.
    if !keepingPercentiles {
      for kind in ["lesions", "candidates"] {
        var group = json[kind] as! [String: Any]
        var fitted = group["model"] as! [String: Any]
        fitted["terms"] = (fitted["terms"] as! [[String: Any]]).map {
          $0.filter { !["firstPercentile", "lastPercentile"].contains($0.key) }
        }
        group["model"] = fitted
        json[kind] = group
      }
    }
    change(&json)
    let url = folder.appendingPathComponent("calibration-\(UUID().uuidString).json")
    try JSONSerialization.data(withJSONObject: json).write(to: url)
    return url
  }
}

@Suite(.serialized) struct CalibrationUseTests {
  /// The peaks of the patient are not among the invented ones: order, scores in the results, and no probability.
  @Test func aPatientOfAnotherKindIsOrderedAndNoMore() throws {
    let patient = try SmallPatient()
    let file = try SampleCalibration.make(keepingPercentiles: true, in: patient.folder)
    guard case .done(let summary) = try patient.run(options: { $0.calibration = .file(file) }).single(patient.input())
    else {
      Issue.record("not done")
      return
    }
    let results = summary.results
    #expect(results.calibration?.unlike == [.features] && results.calibration?.cutoff == nil)
    #expect(results.warnings.map(\.code).contains(.calibrationNotOfAKind) && !results.statesProbabilities)
    let scores = results.reviewOrder.compactMap(\.errorScore)
    #expect(scores.count == results.reviewOrder.count && scores == scores.sorted(by: >) && scores.count > 1)
    let page = try String(contentsOf: summary.report, encoding: .utf8)
    #expect(!page.contains("likely a") && page.contains("more than 10 % of the features lie outside their range"))
  }

  @Test func scoresOrderTheWorkListAndTheFileIsOnRecord() throws {
    let patient = try SmallPatient()
    let file = try SampleCalibration.make(patients: 10, in: patient.folder)
    let run = try patient.run(options: { $0.calibration = .file(file) })
    guard case .done(let summary) = try run.single(patient.input()) else {
      Issue.record("not done")
      return
    }
    let results = summary.results
    let use = try #require(results.calibration)
    #expect(use.sha256 == (try Digest.sha256(file: file)) && results.rules.order == .errorScore)
    let scores = results.reviewOrder.map(\.errorScore)
    #expect(!scores.isEmpty && scores.allSatisfy { $0 != nil })
    #expect(scores.map { $0! } == scores.map { $0! }.sorted(by: >))
    let calibration = try JSONDecoder().decode(Calibration.self, from: Data(contentsOf: file))
    for entry in results.reviewOrder {
      let features = try #require(results.finding(entry.finding).flatMap { RegionFeatures($0, aggregation: .sum) })
      #expect(entry.errorScore == calibration.kind(entry.finding.kind).model.probability(of: features))
    }
    #expect(use.patients == 10 && use.features == .peaks && use.lesions.errors == 50)
    #expect(use.lesions.peaks?.errors.count == 50 && use.candidates.peaks?.correct.count == 50)
    let cutoff = try #require(use.cutoff)
    #expect(cutoff.rule == calibration.cutoff && cutoff.rule.patients == 10)
    #expect(cutoff.position == cutoff.rule.position(of: results.reviewOrder.count))
    let page = String(decoding: try Data(contentsOf: summary.report), as: UTF8.self)
    #expect(page.components(separatedBy: "class=\"strip\"").count - 1 == results.reviewOrder.count)
    #expect(page.contains("Review cut-off: the first \(cutoff.position) of \(results.reviewOrder.count) findings."))
    #expect(page.contains("made of the FLAIR peak alone, calibrated"))
    let stored = try JSONDecoder().decode(Calibration.self, from: Data(contentsOf: file))
    let alone = try #require(stored.lesions.crossValidation.row(.saliencyPeak)?.estimate(.areaUnderROC))
    #expect(use.lesions.peakAreaUnderROC == alone.value)
    #expect(!page.contains("UNCALIBRATED ORDER</strong>") && !page.contains("uncalibrated order"))
    #expect(try AuditCheck(output: patient.output).faults.isEmpty)
    // The file is part of the record: altering it is found.
    try Data("{}".utf8).write(to: file)
    #expect(try AuditCheck(output: patient.output).faults.map(\.kind) == [.alteredModel])
  }

  @Test func meanPeaksGiveTheSameScoresAsSumPeaks() throws {
    let patient = try SmallPatient()
    let file = try SampleCalibration.make(in: patient.folder)
    var orders: [[ReviewEntry]] = []
    for aggregation in [Aggregation.sum, .mean] {
      let run = try patient.run(
        {
          $0.aggregation = aggregation
          // More than the calibration's 2, so that scores are made of early maps.
          $0.samples = 3
        }, options: { $0.calibration = .file(file) },
        output: patient.folder.appendingPathComponent("out-\(aggregation.rawValue)"))
      guard case .done(let summary) = try run.single(patient.input()) else {
        Issue.record("not done")
        return
      }
      orders.append(summary.results.reviewOrder)
    }
    // Division by |Ω| and multiplication round in single precision.
    let sorted = orders.map { $0.sorted { $0.finding < $1.finding } }
    #expect(!sorted[0].isEmpty && sorted[0].map(\.finding) == sorted[1].map(\.finding))
    for (a, b) in zip(sorted[0], sorted[1]) { #expect(abs(a.errorScore! - b.errorScore!) < 1e-5) }
  }

  @Test func moreSamplesLeaveTheScoresAsTheyAre() throws {
    let patient = try SmallPatient()
    let file = try SampleCalibration.make(in: patient.folder)
    func run(samples: Int) throws -> RunSummary {
      let run = try patient.run(
        { $0.samples = samples }, options: { $0.calibration = .file(file) },
        output: patient.folder.appendingPathComponent("out-\(samples)"))
      guard case .done(let summary) = try run.single(patient.input()) else { throw CancellationError() }
      return summary
    }
    let (two, five) = (try run(samples: 2), try run(samples: 5))
    #expect(five.results.reviewOrder == two.results.reviewOrder && !two.results.reviewOrder.isEmpty)
    for (few, many) in zip(two.results.lesions, five.results.lesions) {
      let (few, many) = (try #require(few.saliency), try #require(many.saliency))
      let scoring = try #require(many.scoring)
      #expect(few.scoring == nil && scoring.samples == 2 && many.samples == 5)
      #expect(scoring.saliency == RegionSaliency(few))
      #expect(many.flair.inside.maximum.value != few.flair.inside.maximum.value)
    }
    #expect(two.results.calibration?.scoringSamples == nil && five.results.calibration?.scoringSamples == 2)
    let page = String(decoding: try Data(contentsOf: five.report), as: UTF8.self)
    #expect(page.contains("Saliency enters the score as it was with the first 2 noise samples"))
  }

  @Test func aCohortOfDifferentSamplesMakesScoresOfWholeMapsAndManyMoreAreToldOf() throws {
    let file = try SampleCalibration.make({ $0["mostSamples"] = 4 }, in: FileManager.default.temporaryDirectory)
    let loaded = try #require(
      try LoadedCalibration.find(.file(file), model: LoadedModel(folder: sampleModel, threads: 1)))
    #expect(loaded.calibration.samplesOfEveryMap == nil)
    let use = try use(loaded)
    #expect(loaded.warnings(use, samples: 8).isEmpty)
    let warnings = loaded.warnings(use, samples: 9)
    #expect(warnings.map(\.code) == [.calibrationOfFewerSamples])
    #expect(warnings[0].sentence.contains("maps of 2 to 4 noise samples, these have up to 9"))
  }

  @Test func theModelFolderIsLookedInUnlessTheUserSaysNone() throws {
    let patient = try SmallPatient()
    let model = patient.folder.appendingPathComponent("model")
    try FileManager.default.copyItem(at: sampleModel, to: model)
    let place = model.appendingPathComponent("calibration.json")
    try? FileManager.default.removeItem(at: place)
    #expect(try patient.run(options: { $0.calibration = .ofModel }, modelFolder: model).calibration == nil)
    try FileManager.default.copyItem(at: SampleCalibration.make(in: patient.folder), to: place)
    #expect(try patient.run(options: { $0.calibration = .ofModel }, modelFolder: model).calibration != nil)
    #expect(try patient.run(options: { $0.calibration = .off }, modelFolder: model).calibration == nil)
  }

  @Test func theModelsOwnIsLeftUnusedWhereItDoesNotFitAndTheReportSaysSo() throws {
    let patient = try SmallPatient()
    let model = patient.folder.appendingPathComponent("model")
    try FileManager.default.copyItem(at: sampleModel, to: model)
    let place = model.appendingPathComponent("calibration.json")
    try? FileManager.default.removeItem(at: place)
    try FileManager.default.copyItem(at: SampleCalibration.make(samples: 50, in: patient.folder), to: place)
    let run = try patient.run(options: { $0.calibration = .ofModel }, modelFolder: model)
    guard case .done(let summary) = try run.single(patient.input()) else {
      Issue.record("not done")
      return
    }
    #expect(summary.results.calibration == nil && summary.results.rules.order == .saliency)
    let warning = try #require(summary.results.warnings.first { $0.code == .calibrationNotUsed })
    #expect(warning.sentence.contains("calibration is not used"))
    #expect(warning.sentence.contains("50 noise samples, this run has 2") && !warning.sentence.contains("/"))
    // The remedy is for who runs the program: on record, not above the work list.
    #expect(warning.remedy == "use 50 noise samples or more")
    #expect(!warning.sentence.contains("use 50 noise samples"))
    let page = String(decoding: try Data(contentsOf: summary.report), as: UTF8.self)
    #expect(page.contains("For the scores of the model&#39;s calibration: use 50 noise samples or more."))
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
    #expect { try patient.run(options: { $0.calibration = .ofModel }, modelFolder: model) } throws: {
      ($0 as? Fault)?.subject == .model
    }
  }

  @Test func whatDoesNotFitIsRefusedInOneLineAsABadModel() throws {
    let patient = try SmallPatient()
    func expectRefused(_ text: String, _ file: URL, _ change: @escaping (inout RunSettings) -> Void = { _ in }) {
      #expect { try patient.run(change, options: { $0.calibration = .file(file) }) } throws: { error in
        guard let error = error as? Fault, error.subject == .model else { return false }
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
    expectRefused("50 noise samples, this run has 2", try SampleCalibration.make(samples: 50, in: patient.folder))
    expectRefused("schema version 9", try make { $0["schemaVersion"] = 9 })
    expectRefused("damaged ('lesions' is missing)", try make { $0["lesions"] = nil })
    expectRefused("no such file", patient.folder.appendingPathComponent("absent.json"))
    let text = patient.folder.appendingPathComponent("text.json")
    try Data("not JSON".utf8).write(to: text)
    expectRefused("is no calibration", text)
    #expect(!FileManager.default.fileExists(atPath: patient.output.path))
  }

  @Test func realPatientsAreToldThatTheScoresComeFromSyntheticOnes() throws {
    let folder = FileManager.default.temporaryDirectory
    let model = try LoadedModel(folder: sampleModel, threads: 1)
    let loaded = try #require(try LoadedCalibration.find(.file(SampleCalibration.make(in: folder)), model: model))
    let use = try use(loaded)
    func warnings(_ use: CalibrationUse, samples: Int = 2) -> [Warning] { loaded.warnings(use, samples: samples) }
    var unlike = use
    unlike.unlike = [.synthetic]
    let real = warnings(unlike)
    #expect(real.map(\.code) == [.calibrationNotOfAKind] && real[0].sentence.contains("they are synthetic"))
    #expect(warnings(use).isEmpty && !use.fittedOnThisPatient)
    // The sample calibration has 2 samples throughout, and scores are made of as many.
    #expect(loaded.calibration.samplesOfEveryMap == 2 && warnings(use, samples: 100).isEmpty)
    let own = try self.use(loaded, flairDigest: "a")
    #expect(own.fittedOnThisPatient)
    #expect(warnings(own).map(\.code) == [.calibrationFittedOnThisPatient])
    #expect(warnings(own)[0].sentence.contains("fitted on this very patient"))
    var outside = use
    outside.extrapolated = [FindingID(kind: .lesion, number: 4)]
    let extrapolated = warnings(outside)
    #expect(extrapolated.map(\.code) == [.scoresExtrapolated])
    #expect(extrapolated[0].sentence.contains("L004") && extrapolated[0].sentence.contains("extrapolated"))
  }

  /// Of a patient without a finding.
  private func use(_ loaded: LoadedCalibration, flairDigest: String = "c") throws -> CalibrationUse {
    CalibrationUse(
      loaded.calibration, sha256: loaded.sha256, order: try ReviewOrder(calibrated: []), extrapolated: [],
      flairDigest: flairDigest, scoringSamples: nil)
  }
}
