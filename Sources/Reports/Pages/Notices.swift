import Results

/// The warnings of a report as they stand above the work list: the most serious first, one for both images where both have the
/// same fault, and folded away from the second ordinary one on, so that the work list begins on the first screen.
struct Notices {
  /// Always in view, coloured.
  let serious: [String]
  let shown: [String]
  /// In view once they are opened.
  let folded: [String]

  /// Ordinary warnings in view.
  static let mostShown = 1

  init(_ results: PatientResults) {
    let levelled = Self.merged(results.warnings).map { (text: $0.text, level: WarningLevel(of: $0.original, results)) }
    serious = levelled.filter { $0.level == .serious }.map(\.text)
    let rest = levelled.filter { $0.level == .ordinary } + levelled.filter { $0.level == .header }
    // Two lines take no more room than one and a heading for the other.
    let shownCount = rest.count == Self.mostShown + 1 ? rest.count : min(rest.count, Self.mostShown)
    shown = rest.prefix(shownCount).map(\.text)
    folded = rest.dropFirst(shownCount).map(\.text)
  }

  /// Warnings about FLAIR and MPRAGE that differ in the image's name alone become one, where the first of them stood.
  private static func merged(_ warnings: [String]) -> [(text: String, original: String)] {
    var left = warnings
    var result: [(text: String, original: String)] = []
    while !left.isEmpty {
      let warning = left.removeFirst()
      let twin = warning.replacing("FLAIR", with: "MPRAGE", maxReplacements: 1)
      if twin != warning, let at = left.firstIndex(of: twin) {
        left.remove(at: at)
        result.append((warning.replacing("FLAIR", with: "FLAIR and MPRAGE", maxReplacements: 1), warning))
      } else {
        result.append((warning, warning))
      }
    }
    return result
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
