import Testing

@testable import lesionqc

@Suite("What was meant by a mistyped command") struct SuggestionTests {
  private func line(_ words: String...) -> String? { Suggestion.line(for: words, of: LesionQC.self) }

  @Test func commandsAreSuggested() {
    #expect(line("pateint", "--flair", "x") == "there is no command 'pateint'; did you mean 'lesionqc patient'?")
    #expect(line("group", "out")?.hasSuffix("did you mean 'lesionqc run BIDS_DIR OUTPUT_DIR group'?") == true)
    #expect(line("model", "imprt")?.hasSuffix("did you mean 'lesionqc model import'?") == true)
    #expect(line("wonderful")?.contains("one of prepare, patient, run, report") == true)
    // What there is, and options, are left to the parser.
    for words in [["run", "a", "b", "group"], ["--version"], ["help", "modle"], ["audit", "verify", "x"], []] {
      #expect(Suggestion.line(for: words, of: LesionQC.self) == nil, "\(words)")
    }
  }

  @Test func distancesCountLettersAndExchanges() {
    #expect(Suggestion.distance("report", "report") == 0)
    #expect(Suggestion.distance("reprot", "report") == 1, "two neighbours exchanged")
    #expect(Suggestion.distance("", "abc") == 3 && Suggestion.distance("kitten", "sitting") == 3)
  }
}
