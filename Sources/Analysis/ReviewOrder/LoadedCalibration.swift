import Digests
package import ErrorScore
import Files
package import Foundation
import JSON
import Lesions
package import Results

/// A calibration file that fits the model of a run.
package struct LoadedCalibration {
  /// With more than this many times the most samples of a calibrating cohort that had no fixed number, the report says
  /// that scores are shifted.
  private static let samplesFactor = 2

  package let file: URL
  package let sha256: String
  package let calibration: Calibration

  /// How many of a map's first samples its scores are made of; nil: all, since the cohort had no fixed number.
  package var scoringSamples: Int? { calibration.samplesOfEveryMap }

  /// The calibration that a run shall use, or nil when there is none or it is not wanted.
  ///
  /// - Throws: ``Fault`` when the file cannot be read or belongs to another model.
  package static func find(_ choice: RunOptions.CalibrationChoice, model: LoadedModel) throws -> LoadedCalibration? {
    switch choice {
    case .off: return nil
    case .file(let url): return try LoadedCalibration(file: url, model: model)
    case .ofModel:
      let url: URL
      do throws(FileError) { url = try ContainedPath("calibration.json").place(in: model.folder, for: .reading) } catch
      { throw Fault(error, .model) }
      guard FileManager.default.fileExists(atPath: url.path) else { return nil }
      return try LoadedCalibration(file: url, model: model)
    }
  }

  /// A calibration file as it is, whatever model it is for, and its digest.
  ///
  /// - Throws: ``Fault`` for a file that is none, is damaged or was altered.
  package static func read(_ file: URL) throws -> (calibration: Calibration, sha256: String) {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try SmallFile.read(file, .record) } catch {
      throw Fault(error, .model, role: "calibration", remedy: .makeCalibration)
    }
    struct Version: Decodable { let schemaVersion: Int }
    guard let version = try? JSONParser.decode(Version.self, from: bytes) else {
      throw Fault(.model, file.path, found: "is no calibration", remedy: .makeCalibration)
    }
    guard version.schemaVersion == Calibration.currentSchema else {
      throw Fault(
        .model, file.path, found: "schema version \(version.schemaVersion)", expected: "\(Calibration.currentSchema)",
        remedy: .plain("calibrate again with this version"))
    }
    let calibration: Calibration
    do { calibration = try JSONParser.decode(Calibration.self, from: bytes) } catch {
      throw Fault(
        .model, file.path, found: "damaged (\(JSONParser.reason(error)))",
        remedy: .plain("calibrate again or restore the file"))
    }
    guard try calibration.settingsDigest == calibration.settings.digest() else {
      throw Fault(
        .model, file.path, found: "its settings were altered", remedy: .plain("calibrate again or restore the file"))
    }
    return (calibration, Digest.sha256(bytes))
  }

  private init(file: URL, model: LoadedModel) throws {
    self.file = file
    (calibration, sha256) = try Self.read(file)
    let (own, theirs) = ((model.modelDigest, model.weightsDigest), calibration.network)
    guard own == (theirs.modelDigest, theirs.weightsDigest) else {
      let what =
        own.0 == theirs.modelDigest
        ? "weights" : own.1 == theirs.weightsDigest ? "model.json" : "model.json and weights"
      throw Fault(
        .model, file.path, found: "was made for \(theirs.name) \(theirs.version) with other \(what)",
        remedy: .withoutCalibration(or: "calibrate this model"))
    }
  }

  /// - Throws: ``Fault`` when the saliency of a run is not that of the calibration.
  package func require(_ settings: CalibratedSettings, samples: Int) throws {
    if let objection = objection(settings, samples: samples) {
      throw Fault(.model, file.path, found: objection.refusal, remedy: .withoutCalibration(or: objection.remedy))
    }
  }

  /// Most lesions of a patient of the cohort; nil where the file does not say.
  var mostLesions: Int? { calibration.cohort.population?.mostLesions }

  /// Why error scores would not hold for a run, as ``Warning/Code/calibrationNotUsed``; nil when they do.
  package func objection(_ settings: CalibratedSettings, samples: Int) -> Warning? {
    let differences = settings.differences(from: calibration.settings)
    if !differences.isEmpty { return Warning(.calibrationNotUsed, ["differences": .texts(differences)]) }
    guard samples < calibration.samples else { return nil }
    return Warning(
      .calibrationNotUsed,
      ["calibratedSamples": .number(Double(calibration.samples)), "samples": .number(Double(samples))])
  }

  /// Warnings that a reader of the scores must see.
  ///
  /// - Parameter samples: most noise samples behind a map of this patient.
  func warnings(_ use: CalibrationUse, samples: Int) -> [Warning] {
    var found: [Warning] = []
    if use.fittedOnThisPatient { found.append(Warning(.calibrationFittedOnThisPatient)) }
    if !use.unlike.isEmpty {
      found.append(Warning(.calibrationNotOfAKind, ["reasons": .texts(use.unlike.map(\.rawValue))]))
    }
    if let most = calibration.mostSamples, scoringSamples == nil, samples > Self.samplesFactor * most {
      found.append(
        Warning(
          .calibrationOfFewerSamples,
          [
            "minimumSamples": .number(Double(calibration.samples)), "maximumSamples": .number(Double(most)),
            "samples": .number(Double(samples)),
          ]))
    }
    if !use.extrapolated.isEmpty {
      found.append(Warning(.scoresExtrapolated, ["findings": .texts(use.extrapolated.map(\.description))]))
    }
    return found
  }
}
