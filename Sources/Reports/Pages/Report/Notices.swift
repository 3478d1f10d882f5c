import Results

/// The warnings of a report as they stand above the work list: the most serious first, one for both images where both
/// have the same fault, and folded away from the second ordinary one on, so that the work list begins on the first
/// screen.
struct Notices {
  /// Always in view, coloured.
  let serious: [String]
  let shown: [String]
  /// In view once they are opened.
  let folded: [String]

  /// Ordinary warnings in view.
  static let mostShown = 1

  init(_ warnings: [Warning]) {
    let merged = Warning.merged(warnings)
    func sentences(_ severity: Warning.Severity) -> [String] {
      merged.filter { $0.severity == severity }.map(\.sentence)
    }
    serious = sentences(.serious)
    let rest = sentences(.ordinary) + sentences(.header)
    // Two lines take no more room than one and a heading for the other.
    let shownCount = rest.count == Self.mostShown + 1 ? rest.count : min(rest.count, Self.mostShown)
    shown = Array(rest.prefix(shownCount))
    folded = Array(rest.dropFirst(shownCount))
  }

  var fields: PageFields {
    [
      "seriousWarnings": .lines(serious), "hasNotes": .flag(!shown.isEmpty), "warnings": .lines(shown),
      "moreWarnings": folded.isEmpty
        ? false
        : .fields([
          "moreHeading": .text("\(Formatting.counted(folded.count, "more note", "more notes")) on these images"),
          "foldedWarnings": .lines(folded),
        ]),
    ]
  }
}
