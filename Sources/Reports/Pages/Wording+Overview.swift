import Results

/// Sentences about the montages of whole slices.
extension Wording {
  /// How many of the slices that hold a finding are shown, and where the others are.
  static func overviewCaption(_ overview: Overview, _ results: PatientResults) -> String {
    let first = overview.first.sliceCount
    guard !results.reviewOrder.isEmpty else {
      return "\(Formatting.counted(first, "slice", "slices")) through the brain; none holds a finding."
    }
    let further = furtherSlices(overview)
    let total = first + further + overview.slicesLeftOut
    guard total > first else {
      return total == 1
        ? "The only slice that holds a finding." : "All \(total) slices that hold a finding, from superior to inferior."
    }
    return "\(first) of the \(total) slices that hold a finding, chosen to show as many findings as they can."
  }

  /// Nil when every slice with a finding is in the first montage.
  static func overviewLeftOut(_ overview: Overview) -> String? {
    guard overview.slicesLeftOut > 0 else { return nil }
    let slices = Formatting.counted(overview.slicesLeftOut, "further slice", "further slices")
    return "\(slices) with a finding left out to keep the file within \(ReportPage.sizeBudgetBytes / 1_000_000) MB; "
      + "\"All axial slices\" below shows the whole brain."
  }

  static func furtherSlices(_ overview: Overview) -> Int { overview.further.reduce(0) { $0 + $1.sliceCount } }

  static func furtherSummary(_ overview: Overview) -> String {
    "\(Formatting.counted(furtherSlices(overview), "more slice", "more slices")) with a finding"
  }

  static func furtherAlt(_ montage: Overview.Montage) -> String {
    "Montage of \(Formatting.counted(montage.sliceCount, "more FLAIR slice", "more FLAIR slices")) with the contours of "
      + "all findings, numbered as in the work list."
  }
}
