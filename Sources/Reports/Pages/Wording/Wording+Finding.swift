import Lesions
import Results
import Volumes

/// A finding in the words of a reading room: how large and where it is, what the network makes of it, and what to look
/// for.
extension Wording {
  /// Farther from the mid-sagittal plane of the scanner a side is named: a head may lie some millimetres beside it.
  private static let sideMillimetres = 12.0
  /// Volumes of spheres 4 and 10 mm wide.
  private static let (spotMillimetres3, largeMillimetres3) = (33.5, 523.6)
  /// Mean probabilities from which the network is called fairly sure and sure.
  private static let (fairlySure, sure) = (0.6, 0.8)
  /// Among fewer of its kind a low rank says nothing.
  private static let fewestToRank = 4
  private static let littleFLAIR = 0.3

  /// `Small spot beside the left ventricle, 7.0 mm³. The network hesitates (0.57) and gains little from FLAIR: look for
  /// choroid plexus, a cap or a band.`
  static func inClinicWords(_ finding: FindingRecord, _ results: PatientResults) -> String {
    let volume = finding.measurements.volumeMillimetres3
    let size = volume < spotMillimetres3 ? "Small spot" : volume < largeMillimetres3 ? "Lesion" : "Large lesion"
    let what = [
      [size, place(finding)].compactMap { $0 }.joined(separator: " "),
      "\(Formatting.cubicMillimetres(volume)) mm³" + (finding.kind == .lesion ? "" : ", not in the mask"),
    ].joined(separator: ", ")
    return [what, opinion(finding, results)].compactMap { $0 }.joined(separator: ". ") + "."
  }

  private static func place(_ finding: FindingRecord) -> String? {
    let x = finding.measurements.centroidMillimetres.x
    let side = abs(x) < sideMillimetres ? nil : x < 0 ? "left" : "right"
    return switch finding.location {
    case .periventricular: side.map { "beside the \($0) ventricle" } ?? "beside the ventricles"
    case .juxtacortical: "at the \(side.map { "\($0) " } ?? "")cortex"
    case .infratentorial: "in brainstem or cerebellum"
    case .deepWhiteMatter: "in the \(side.map { "\($0) " } ?? "")deep white matter"
    case .notAssessed: nil
    }
  }

  /// Nil where neither a probability nor a map is known.
  private static func opinion(_ finding: FindingRecord, _ results: PatientResults) -> String? {
    let mean = finding.measurements.probability?.mean
    let gainsLittle = rank(finding, results).map { $0 < littleFLAIR } ?? false
    let hesitates = mean.map { $0 < fairlySure } ?? false
    let belief = mean.map { mean in
      let figure = "(\(Formatting.probability(mean)))"
      return switch mean {
      case _ where finding.kind == .missedReference: "stays \(figure) below its threshold"
      case _ where finding.kind == .candidate: "sees something \(figure) below its threshold"
      case sure...: "is sure \(figure)"
      case fairlySure...: "is fairly sure \(figure)"
      default: "hesitates \(figure)"
      }
    }
    let parts = [belief, gainsLittle ? "gains little from FLAIR" : nil].compactMap { $0 }
    guard !parts.isEmpty else { return nil }
    let isDoubtful = finding.kind == .candidate || finding.kind == .lesion && (hesitates || gainsLittle)
    return "The network " + parts.joined(separator: " and ") + (isDoubtful ? ": look for \(suspects(finding))" : "")
  }

  /// What is taken for a lesion at this location, or of a candidate what speaks for one.
  private static func suspects(_ finding: FindingRecord) -> String {
    if finding.kind == .candidate { return "a spot brighter than its surroundings on FLAIR" }
    return switch finding.location {
    case .periventricular: "choroid plexus, a cap or a band"
    case .juxtacortical: "cortex or a vessel"
    case .infratentorial: "a flow artefact"
    case .deepWhiteMatter: "a vessel or perivascular space"
    case .notAssessed: "vessels, cortex and artefacts"
    }
  }

  /// The fraction of the patient's other findings of its kind whose FLAIR peak is lower; nil without one, or among few.
  private static func rank(_ finding: FindingRecord, _ results: PatientResults) -> Double? {
    guard let own = finding.saliency?.flair.inside.maximum.value else { return nil }
    let others = results.findings.filter { $0.kind == finding.kind && $0.id != finding.id }.compactMap {
      $0.saliency?.flair.inside.maximum.value
    }
    guard others.count + 1 >= fewestToRank else { return nil }
    return Double(others.count { $0 < own }) / Double(others.count)
  }
}
