public import ErrorScore
import Foundation
import JSON
public import Lesions
public import Saliency

/// Every number of one patient's report: the content of `sub-XX_desc-lesionqc_results.json`.
///
/// Lengths are in the unit that a name ends in; voxel indices are zero-based along the stored axes (i, j, k); positions
/// are RAS+ millimetres; saliency is in logit per standard deviation of the non-zero intensities. A value that is not
/// defined is absent, never NaN. The file holds no time stamp, path or host name, so that equal input gives equal
/// bytes.
public struct PatientResults: Codable, Sendable, Equatable {
  public static let currentSchema = 2

  public var schemaVersion = PatientResults.currentSchema
  public var patient: PatientIdentity
  public var software: SoftwareIdentity
  /// Nil where no network was run; then ``external`` says what is known of the mask.
  public var model: ModelIdentity?
  /// Set where another tool made the mask.
  public var external: ExternalSegmentation?
  public var inputs: [InputRecord]
  /// Nil where no sidecar beside the FLAIR image names it.
  public var scanner: ScannerIdentity?
  public var grid: GridRecord
  /// Nil where no network was run.
  public var settings: RunSettings?
  /// Nil where no network was run.
  public var explanation: ExplanationRecord?
  public var rules: RuleRecord
  public var counts: FindingCounts
  /// Lesions by number, then candidates by number.
  public var findings: [FindingRecord]
  /// Lesions and candidates in the order in which a reader should look at them.
  public var reviewOrder: [ReviewEntry]
  /// Nil without a calibration: the order is uncalibrated.
  public var calibration: CalibrationUse?
  /// Nil without a reference segmentation.
  public var reference: ReferenceRecord?
  /// Nil unless control regions were asked for.
  public var controls: ControlRecord?
  /// Lesions of the reference that no lesion touches, by number; nil without one, and in results of earlier versions.
  /// They are in no order of review: at the reading desk there is no reference.
  public var missed: [FindingRecord]?
  public var warnings: [Warning]
  /// Sanity checks of the maps; nil where there is no finding or no network was run.
  public var checks: [CheckOutcome]?
  /// Nil unless the run was asked to test itself on this scan.
  public var selfTest: SelfTestRecord?
  public var locations: LocationRecord
  /// Nil where the model does not say what its training data were like, or no network was run.
  public var intensities: IntensityRecord?

  /// Findings, counts and order are added by the analysis, step by step.
  ///
  /// - Parameters:
  ///   - inputs: FLAIR first.
  ///   - rules: of lesions, candidates and order.
  public init(
    patient: PatientIdentity, model: ModelIdentity?, external: ExternalSegmentation? = nil, inputs: [InputRecord],
    grid: GridRecord, rules: RuleRecord, counts: FindingCounts, locations: LocationRecord
  ) {
    self.patient = patient
    software = .this
    self.model = model
    self.external = external
    self.inputs = inputs
    self.grid = grid
    self.rules = rules
    self.counts = counts
    self.locations = locations
    (findings, reviewOrder, warnings) = ([], [], [])
  }

  public var lesions: [FindingRecord] { findings.filter { $0.kind == .lesion } }
  public var candidates: [FindingRecord] { findings.filter { $0.kind == .candidate } }

  /// A lesion, a candidate or a missed lesion of the reference.
  public func finding(_ id: FindingID) -> FindingRecord? {
    (id.kind == .missedReference ? missed ?? [] : findings).first { $0.id == id }
  }

  /// SHA-256 of the FLAIR file that was read.
  public var flairDigest: String? { inputs.first { $0.role == "FLAIR" }?.sha256 }
}

/// How many findings there are, and how many were left out.
public struct FindingCounts: Codable, Sendable, Equatable {
  /// Connected components of the mask before small ones are dropped.
  public var componentsBeforeSizeFilter: Int
  public var droppedSmallComponents: Int
  public var lesions: Int
  public var candidates: Int
  /// Candidates beyond the maximum, which are not shown.
  public var candidatesLeftOut: Int
  public var totalLesionVolumeMillilitres: Double

  public init(
    componentsBeforeSizeFilter: Int, droppedSmallComponents: Int, lesions: Int, candidates: Int, candidatesLeftOut: Int,
    totalLesionVolumeMillilitres: Double
  ) {
    self.componentsBeforeSizeFilter = componentsBeforeSizeFilter
    self.droppedSmallComponents = droppedSmallComponents
    self.lesions = lesions
    self.candidates = candidates
    self.candidatesLeftOut = candidatesLeftOut
    self.totalLesionVolumeMillilitres = totalLesionVolumeMillilitres
  }
}

// MARK: - What there is to show

extension PatientResults {
  /// At least one finding has a saliency map, or a network was run that would have made them.
  public var hasMaps: Bool { external == nil || findings.contains { $0.saliency != nil } }

  /// There is a lesion probability, so that missed lesions were looked for.
  public var looksForCandidates: Bool { external?.hasProbability ?? true }

  /// An MPRAGE was given.
  public var hasMPRAGE: Bool { inputs.contains { $0.role == "MPRAGE" } }

  /// The network takes the MPRAGE, or another tool's maps hold a part of it.
  public var explainsMPRAGE: Bool {
    if let channels = model?.channels { return channels.contains("T1w") }
    return hasMPRAGE && !findings.contains { $0.saliency.map { $0.mprage == nil } ?? false }
  }

  /// The peaks have Monte-Carlo standard errors.
  public var hasStandardErrors: Bool { findings.contains { $0.saliency?.flair.inside.maximum.standardError != nil } }
}

extension PatientResults {
  /// Whether error scores are probabilities that hold for this patient: there is a calibration, and its patients are of
  /// the patient's kind.
  public var statesProbabilities: Bool { calibration?.unlike.isEmpty == true }

  /// The error score of a finding as far as it may be stated as a probability.
  public func statedErrorScore(_ entry: ReviewEntry) -> Double? { statesProbabilities ? entry.errorScore : nil }

  /// Without anything that depends on a reference segmentation, for readers who must not know it.
  public var withoutReference: PatientResults {
    var blind = self
    (blind.reference, blind.controls, blind.missed) = (nil, nil, nil)
    for index in blind.findings.indices { blind.findings[index].reference = nil }
    return blind
  }

  /// Of the mask to the reference segmentation; nil without one.
  public var referenceVolumeDifference: (millilitres: Double, percent: Double?)? {
    reference.map { $0.volumeDifference(to: counts.totalLesionVolumeMillilitres) }
  }
}

// MARK: - As a file

extension PatientResults {
  /// The file's bytes: sorted keys, two-space indentation, a line end at the end; equal results give equal bytes.
  public func encoded() throws -> [UInt8] { try PrettyJSON.bytes(of: self) }

  /// - Throws: ``ResultsError`` for a file of another schema version or one that does not agree with itself, else
  ///   `DecodingError`.
  public static func decode(_ bytes: [UInt8]) throws -> PatientResults {
    let results = try JSONParser.decode(PatientResults.self, from: bytes) { document in
      // Without a whole number the decoding says what is wrong.
      guard let found = document["schemaVersion"]?.asDouble.flatMap(Int.init(exactly:)) else { return }
      guard found == currentSchema else { throw ResultsError.otherSchema(found: found, expected: currentSchema) }
    }
    try results.requireAgreement()
    return results
  }
}

/// What can be wrong with a results file.
public enum ResultsError: Error, Equatable, Sendable, CustomStringConvertible {
  case otherSchema(found: Int, expected: Int)
  /// What the file says in one place and denies in another.
  case disagreement(String)

  public var description: String {
    switch self {
    case .otherSchema(let found, let expected):
      "results of schema version \(found), this version reads \(expected): run the patient again"
    case .disagreement(let fault): "the results are damaged: \(fault)"
    }
  }

  /// Why a results file cannot be used, in words that follow its name.
  public static func words(_ error: any Error) -> String {
    switch error {
    case ResultsError.otherSchema(let found, let expected):
      "was written by another version (schema \(found), this one reads \(expected))"
    case ResultsError.disagreement(let fault): "is damaged: \(fault)"
    default: "is damaged: it does not follow docs/schemas/results.schema.json"
    }
  }
}

/// JSON files as they are written everywhere: sorted keys, two-space indentation, a line end at the end.
public enum PrettyJSON {
  /// Equal values give equal bytes.
  ///
  /// - Throws: `EncodingError`, for a number that is not finite for example.
  public static func bytes(of value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
  }
}
