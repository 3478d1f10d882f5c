import AuditTrail
import Digests
import ErrorScore
import Foundation
import Lesions
import Reports
import Results

/// A calibration file that fits the model of a run.
struct LoadedCalibration {
  /// With more than this many times the most draws of a calibrating cohort that had no fixed number, the report says that scores
  /// are shifted.
  private static let drawsFactor = 2

  let file: URL
  let sha256: String
  let calibration: Calibration

  /// How many of a map's first draws its scores are made of; nil: all, since the cohort had no fixed number.
  var scoringDraws: Int? { calibration.drawsOfEveryMap }

  /// The calibration that a run shall use, or nil when there is none or it is not wanted.
  ///
  /// - Throws: ``QualityControlError/badModel(_:)`` when the file cannot be read or belongs to another model.
  static func find(_ choice: RunSettings.CalibrationChoice, model: LoadedModel) throws -> LoadedCalibration? {
    switch choice {
    case .off: return nil
    case .file(let url): return try LoadedCalibration(file: url, model: model)
    case .ofModel:
      let url = model.folder.appendingPathComponent("calibration.json")
      guard FileManager.default.fileExists(atPath: url.path) else { return nil }
      return try LoadedCalibration(file: url, model: model)
    }
  }

  private init(file: URL, model: LoadedModel) throws {
    self.file = file
    let data: Data
    do { data = try Data(contentsOf: file) } catch {
      throw QualityControlError.badModel(
        "\(file.path): cannot be read; expected a calibration written by 'lesionqc calibrate'")
    }
    struct Version: Decodable { let schemaVersion: Int }
    guard let version = try? JSONDecoder().decode(Version.self, from: data) else {
      throw QualityControlError.badModel("\(file.path): is no calibration; expected the output of 'lesionqc calibrate'")
    }
    guard version.schemaVersion == Calibration.currentSchema else {
      throw QualityControlError.badModel(
        "\(file.path): schema version \(version.schemaVersion), expected \(Calibration.currentSchema); calibrate again with this version"
      )
    }
    do { calibration = try JSONDecoder().decode(Calibration.self, from: data) } catch {
      throw QualityControlError.badModel(
        "\(file.path): damaged (\(Self.reason(error))); calibrate again or restore the file")
    }
    sha256 = Digest.sha256(data)
    guard try calibration.settingsDigest == calibration.settings.digest() else {
      throw QualityControlError.badModel("\(file.path): its settings were altered; calibrate again or restore the file")
    }
    let (own, theirs) = ((model.modelDigest, model.weightsDigest), calibration.network)
    guard own == (theirs.modelDigest, theirs.weightsDigest) else {
      let what =
        own.0 == theirs.modelDigest
        ? "weights" : own.1 == theirs.weightsDigest ? "model.json" : "model.json and weights"
      throw QualityControlError.badModel(
        "\(file.path): was made for \(theirs.name) \(theirs.version) with other \(what); "
          + "calibrate this model, or use --calibration none")
    }
  }

  /// - Throws: ``QualityControlError/badModel(_:)`` when the saliency of a run is not that of the calibration.
  func require(_ settings: CalibratedSettings, samples: Int) throws {
    if let objection = objection(settings, samples: samples) {
      throw QualityControlError.badModel("\(file.path): \(objection), or --calibration none")
    }
  }

  /// Why scores would not hold for a run.
  struct Objection: CustomStringConvertible {
    /// For a reader of the report.
    let reason: String
    /// For who runs the program.
    let wayOut: String

    var description: String { "\(reason); \(wayOut)" }
  }

  /// Nil when scores hold.
  func objection(_ settings: CalibratedSettings, samples: Int) -> Objection? {
    let differences = settings.differences(from: calibration.settings)
    guard differences.isEmpty else {
      return Objection(
        reason: "was made with other settings (\(differences.joined(separator: ", ")))",
        wayOut: "use its settings, calibrate with yours")
    }
    guard samples >= calibration.samples else {
      return Objection(
        reason: "was made with \(calibration.samples) noise draws, this run has \(samples)",
        wayOut: "use --samples \(calibration.samples) or more")
    }
    return nil
  }

  /// Where a decoding error lies, without the file's content.
  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _): "no \"\(key.stringValue)\""
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context):
      "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" is not as expected"
    default: "not JSON"
    }
  }

  /// What the report says about it and about the findings of one patient.
  func facts(_ findings: [FindingFacts], order: ReviewOrder, aggregation: String, flairDigest: String)
    -> CalibrationFacts
  {
    CalibrationFacts(
      features: calibration.features.rawValue, patients: calibration.cohort.patients,
      synthetic: calibration.cohort.synthetic, lesions: kind(calibration.lesions),
      candidates: kind(calibration.candidates),
      extrapolated: findings.filter {
        !calibration.kind($0.kind).model.extrapolated(RegionFeatures(scoring: $0, aggregation: aggregation)).isEmpty
      }.map(\.id),
      stopLine: order.stopLine.map {
        .init(
          position: $0.position, expectedErrors: $0.expectedErrors, expectedRemainingErrors: $0.expectedRemainingErrors)
      }, fittedOnThisPatient: calibration.cohort.flairDigests?.contains(flairDigest) == true ? true : nil,
      scoringDraws: findings.compactMap(\.scoring?.draws).first)
  }

  private func kind(_ kind: Calibration.Kind) -> CalibrationFacts.KindFacts {
    let criterion: RankingCriterion =
      calibration.features == .peaks ? .crossValidatedPeaks : .crossValidatedExtended
    let area = kind.crossValidation.row(criterion)?.estimate(.areaUnderROC)
    return CalibrationFacts.KindFacts(
      errors: kind.model.errorCount, correct: kind.model.correctCount, areaUnderROC: area?.value ?? 0.5,
      areaUnderROCLower: area?.lower, areaUnderROCUpper: area?.upper,
      peakAreaUnderROC: kind.crossValidation.row(.saliencyPeak)?.estimate(.areaUnderROC)?.value, peaks: kind.peaks)
  }

  /// Warnings that a reader of the scores must see.
  ///
  /// - Parameter draws: most noise draws behind a map of this patient.
  func warnings(_ facts: CalibrationFacts, patientIsSynthetic: Bool, draws: Int) -> [String] {
    var found: [String] = []
    if facts.fittedOnThisPatient == true {
      found.append("The calibration was fitted on this very patient: the error scores look better than they are.")
    }
    if facts.synthetic && !patientIsSynthetic {
      found.append(
        "The error scores were calibrated on synthetic patients; how far they hold for real ones is not known.")
    }
    if let most = calibration.mostSamples, scoringDraws == nil, draws > Self.drawsFactor * most {
      found.append(
        "The error scores were calibrated on maps of \(calibration.samples) to \(most) noise draws, these have up to \(draws): highest "
          + "values fall a little as draws are added, so that the scores are shifted.")
    }
    if !facts.extrapolated.isEmpty {
      found.append(
        "The error scores of \(facts.extrapolated.joined(separator: ", ")) are extrapolated: their features lie outside "
          + "the range of the patients that the calibration was made with.")
    }
    return found
  }
}
