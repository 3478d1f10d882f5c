package import Lesions
import Results
import Saliency

extension Wording {
  static func kind(_ kind: FindingKind) -> String {
    switch kind {
    case .lesion: "lesion"
    case .candidate: "missed-lesion candidate"
    case .missedReference: "reference lesion missed by the network"
    case .readerMark: "mark of the reader"
    }
  }

  /// What the network did wrong if a finding of this kind is an error.
  static func error(_ kind: FindingKind) -> String { kind == .lesion ? "false positive" : "missed lesion" }

  /// Nobody knows that a network made a mask that was given.
  static func missedHeading(_ results: PatientResults) -> String {
    results.external == nil ? "Missed by the network" : "Missed by the mask"
  }

  /// What the list of missed lesions of the reference holds.
  static func missed(_ reference: ReferenceRecord, lacksMaps: Bool) -> String {
    let lesions = Formatting.counted(reference.lesions, "reference lesion", "reference lesions")
    return "\(reference.detection.falseNegatives) of \(lesions) are touched by no lesion of the mask; "
      + "a candidate may lie on one. Outlined is the reference."
      + (lacksMaps ? " Saliency maps of them need control regions." : "")
  }

  package static func location(_ location: LesionLocation) -> String {
    switch location {
    case .periventricular: "periventricular"
    case .juxtacortical: "juxtacortical"
    case .infratentorial: "infratentorial"
    case .deepWhiteMatter: "deep white matter"
    case .notAssessed: "location not assessed"
    }
  }
}

extension Wording {
  /// Why no finding has a location, to end a sentence.
  static func location(_ limitation: LocationLimitation) -> String {
    let millilitres = Formatting.fixed(limitation.millilitres, 0)
    return switch limitation.code {
    case .noMPRAGE: "there is no MPRAGE, on which grey and white matter are told apart"
    case .showsHead: "the images show the head, not the brain alone"
    case .thickVoxels: "voxels are longer than \(Int(LocationRule.longestEdge)) mm, too thick to see contact"
    case .brainVolume: "the brain mask has \(millilitres) ml, which is not one whole brain"
    case .emptyBrainMask: "the brain mask is empty"
    case .tissuesAlike: "fluid, grey and white matter cannot be told apart on the MPRAGE"
    case .ventriclesNotFound: "the lateral ventricles were not found"
    case .ventricleVolume: "what was found as lateral ventricles has \(millilitres) ml, which is not plausible"
    case .oneVentricleOnly: "the lateral ventricles were found on one side only"
    }
  }
}

extension ScannerIdentity {
  /// `Siemens Prisma, 3 T`.
  var text: String {
    let name = [manufacturer, model].compactMap { $0 }.joined(separator: " ")
    return [name.isEmpty ? nil : name, fieldTesla.map { Formatting.setting($0) + "\u{A0}T" }].compactMap { $0 }.joined(
      separator: ", ")
  }
}

/// What a comparison with a reference segmentation says, counts first.
extension Wording {
  /// `26 of 72`: lesions of the reference that a prediction touches.
  static func found(_ reference: ReferenceRecord) -> String { part(reference.foundLesions, of: reference.lesions) }

  /// The same of several patients.
  static func found(_ reference: ReferenceSummary) -> String { part(reference.foundLesions, of: reference.lesions) }

  /// `6 of 51`: predicted lesions that touch no lesion of the reference.
  static func falseLesions(_ detection: DetectionMetrics) -> String {
    part(detection.falsePositives, of: detection.truePositives + detection.falsePositives)
  }

  private static func part(_ count: Int, of all: Int) -> String {
    "\(Formatting.count(count)) of \(Formatting.count(all))"
  }

  /// `−3.20 ml (−27 %)`: the mask's volume minus the reference's; nil without a reference.
  static func volumeDifference(_ results: PatientResults) -> String? {
    guard let difference = results.referenceVolumeDifference else { return nil }
    let share = difference.percent.map { " (\(Formatting.signed($0, 0)) %)" } ?? ""
    return "\(Formatting.signed(difference.millilitres, 2)) ml\(share)"
  }
}
