import ArgumentParser
import Results
import Testing

@testable import lesionqc

/// Labels as they are typed.
@Suite struct LabelListTests {
  @Test(arguments: [
    ("99", [99]), ("2,41", [2, 41]), ("41,2,41", [2, 41]), ("2, 41", [2, 41]), ("-1", [-1]), ("255", [255]),
    ("16777216", [16_777_216]),
  ]) func aListIsRead(text: String, labels: [Int]) { #expect(LabelList(argument: text)?.labels == labels) }

  @Test(arguments: ["", "0", "1,0", "a", "1,,2", "1.5", "1;2", "1,", "16777217", "99999999999999999999", "0x10"])
  func anythingElseIsNot(text: String) { #expect(LabelList(argument: text) == nil) }

  @Test func aLabelNeedsItsMask() throws {
    #expect(throws: (any Error).self) {
      try LesionQC.parseAsRoot([
        "patient", "--flair", "f", "--mprage", "m", "--model", "x", "--output", "o", "--brain-label", "1",
      ])
    }
    for (command, arguments) in Self.commands {
      #expect(throws: Never.self, "\(command)") { _ = try LesionQC.parseAsRoot([command] + arguments) }
    }
  }

  /// Every command that takes a mask takes its labels, under both spellings.
  static let commands: [(String, [String])] = [
    (
      "patient",
      [
        "--flair", "f", "--mprage", "m", "--model", "x", "--output", "o", "--brain-mask", "b", "--brain-label", "1,2",
        "--reference", "r", "--reference-label", "3",
      ]
    ), ("run", ["b", "o", "participant", "--model", "x", "--truth", "r", "--truth-label", "3"]),
    (
      "report",
      [
        "--flair", "f", "--mprage", "m", "--mask", "k", "--mask-label", "99", "--output", "o", "--brain-mask", "b",
        "--brain-label", "1", "--truth", "r", "--truth-label", "3",
      ]
    ), ("calibrate", ["o", "--reference", "r", "--reference-label", "3", "--reslice", "--output", "c.json"]),
    ("evaluate", ["o", "--truth", "r", "--truth-label", "3,4", "--reslice"]),
    ("check", ["--model", "x", "--flair", "f", "--mprage", "m", "--brain-mask", "b", "--brain-label", "1"]),
    (
      "model",
      [
        "probability", "--flair", "f", "--mprage", "m", "--model", "x", "--output", "o.nii", "--brain-mask", "b",
        "--brain-label", "1",
      ]
    ),
  ]

  @Test func aWarningNamesTheOptionThatHelps() {
    let warning = Warning(.nearZeroRim, images: ["FLAIR"], ["millilitres": 20.0, "fraction": 0.02])
    #expect(warning.line.hasSuffix("(--brain-mask)") && !warning.sentence.contains("--"))
    #expect(Warning(.brainCutAtTop, images: ["FLAIR"]).line == Warning(.brainCutAtTop, images: ["FLAIR"]).sentence)
  }
}
