import Lesions
import Results

/// Sentences that depend on who made the mask, and on what came with it.
extension Wording {
  /// By what the work list is ordered, without a calibration.
  static func orderBasis(_ results: PatientResults) -> String {
    guard let external = results.external, !external.hasSaliency else { return "a raw saliency peak" }
    return external.hasProbability ? "mean lesion probability alone" : "lesion size alone"
  }

  /// By what the uncalibrated patients of a cohort are ordered, each basis once.
  static func orderBases(_ results: [PatientResults]) -> String {
    Set(results.filter { $0.calibration == "uncalibrated" }.map(orderBasis)).sorted(by: >).joined(separator: " or ")
  }

  /// Who made the mask.
  static func maskOrigin(_ external: ExternalSegmentation) -> String { external.tool ?? "another program, not named" }

  static let notLookedFor = "not looked for: no probability map"

  static func candidatesLeftOut(_ results: PatientResults) -> String {
    guard results.looksForCandidates else { return notLookedFor }
    let leftOut = results.counts.candidatesLeftOut
    return leftOut == 0 ? "none left out" : "\(Formatting.count(leftOut)) more left out by the maximum"
  }

  /// What the number of candidates of a cohort is about.
  static func cohortCandidates(_ results: [PatientResults]) -> String {
    let without = results.count { !$0.looksForCandidates }
    switch without {
    case 0: return "all patients together"
    case results.count: return "not looked for: no probability maps"
    default: return "not looked for in \(Formatting.counted(without, "patient", "patients")) without a probability map"
    }
  }

  static func noLesion(_ results: PatientResults) -> String {
    let small = results.counts.droppedSmallComponents
    let mask =
      small == 0
      ? "The mask is empty."
      : "\(Formatting.counted(small, "component was", "components were")) too small for the size rule and dropped."
    let answer = results.external == nil ? "the network's answer" : "the answer of the given mask"
    return "\(mask) \(missed(results)) This is \(answer), not proof that there is no lesion."
  }

  private static func missed(_ results: PatientResults) -> String {
    guard results.looksForCandidates else {
      return "Missed lesions were not looked for, as there is no probability map."
    }
    let leftOut = results.counts.candidatesLeftOut
    guard results.candidates.isEmpty else {
      let nearly = results.external == nil ? "that the network nearly marked" : "of high probability outside the mask"
      return "\(Formatting.counted(results.candidates.count, "place", "places")) \(nearly) "
        + "\(results.candidates.count == 1 ? "is" : "are") in the work list."
    }
    guard leftOut > 0 else { return "No other place reached the candidate threshold." }
    return "\(Formatting.counted(leftOut, "place", "places")) that reached the candidate threshold "
      + "\(leftOut == 1 ? "is" : "are") not shown, as the run asked."
  }
}
