import Lesions
import Results

/// Sentences that depend on who made the mask, and on what came with it.
extension Wording {
  /// The mask or the network that a report is on.
  static func origin(_ results: PatientResults) -> String {
    results.external.map(maskOrigin) ?? results.model.map { "\($0.name) \($0.version)" } ?? ""
  }

  /// Who made the mask.
  static func maskOrigin(_ external: ExternalSegmentation) -> String {
    external.tool ?? "external segmentation, tool not named"
  }

  static func candidatesLeftOut(_ results: PatientResults) -> String {
    guard results.looksForCandidates else { return "not looked for: no probability map" }
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
      let count = results.candidates.count
      let regions =
        results.external == nil
        ? Formatting.counted(count, "sub-threshold region", "sub-threshold regions")
        : Formatting.counted(count, "region", "regions") + " of high probability outside the mask"
      return "\(regions) \(count == 1 ? "is" : "are") in the work list."
    }
    guard leftOut > 0 else { return "No other region reached the candidate threshold." }
    return "\(Formatting.counted(leftOut, "region", "regions")) that reached the candidate threshold "
      + "\(leftOut == 1 ? "is" : "are") not shown, as the run asked."
  }
}
