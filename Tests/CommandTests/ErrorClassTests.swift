import Checkpoints
import Files
import Models
import Results
import Testing

@testable import Archive
@testable import lesionqc

/// Libraries name no option; the command line turns their ways out into options.
@Suite("Errors on the command line") struct ErrorClassTests {
  static let lines: [(error: any Error, ends: String, exitCode: Int32)] = [
    (
      CheckpointError.malformed(file: "a.pt", reason: "two sets", remedy: .chooseKey(available: ["x", "y"])),
      "choose one with --key", 4
    ),
    (
      CheckpointError.malformed(file: "a.pt", reason: "none", remedy: .nameKey),
      "name their place with --key, such as --key a.b", 4
    ), (CheckpointError.malformed(file: "a", reason: "no keys", remedy: .leaveKeyOut), "leave --key out", 4),
    (ModelError.missing(file: "a", what: "no probe", remedy: .nameProbe), "or name one with --probe", 4),
    (
      ModelError.missing(file: "a", what: "no folds", remedy: .nameFolds),
      "name what there is with --fold, such as all", 4
    ),
    (ModelError.unsupported(file: "a", found: "3 classes", remedy: .nameLesionClass(classes: 3)), "--lesion-class", 4),
    (
      ModelError.prefixed(file: "a", prefix: "unet.", count: 3, others: 2),
      "import them with --prefix unet., which leaves 2 other tensors out", 4
    ),
    (
      ModelError.setting(file: "a", key: "inferer.mode", problem: "is cubic", remedy: .state(.importance)),
      "or state it with --importance", 4
    ),
    (ModelError.output(folder: "a", problem: "exists already", remedy: .replace), "or replace it with --overwrite", 3),
    (Fault(.output, "a", found: "exists", remedy: .replace), "use --overwrite to replace it", 3),
    (Fault(.input, "a", found: "altered", remedy: .runAgain), "run the patient again with --overwrite", 3),
    (Fault(.model, "a", found: "no \"mirrorAxes\"", remedy: .withoutMirroring), "leave --mirror out", 4),
    (CancellationError(), "run the same command again to continue", 130),
    (OutputInUse(patient: "sub-01"), "wait for it, or leave --no-wait out", 9),
    (CommandEnd.someInUse(count: 1, of: 2), "that are at work on them", 9),
    (CommandEnd.notDrawn([OutputInUse(patient: "sub-01")], of: 2), "that are at work on them", 9),
    (CommandEnd.notDrawn([CancellationError()], of: 2), "the reasons are above", 5),
    (FileError.missing(path: "/a/b.json"), "/a/b.json: no such file", 3),
    (CommandEnd.someFailed(count: 1, of: 2), "and in the audit trail", 5),
    (CommandEnd.auditFailed(findings: 2), "2 findings", 6),
    (CommandEnd.lintFailed(findings: 1), "do not share before they are gone", 7),
    (CommandEnd.checksFailed(count: 1, of: 11), "(docs/checks.md)", 8),
  ]

  @Test(arguments: lines.indices) func options(_ index: Int) throws {
    let (error, ends, exitCode) = Self.lines[index]
    let found = try #require(ErrorClass.classify(error))
    #expect(found.line.hasSuffix(ends) && !found.line.contains("\n") && found.exitCode == exitCode, "\(found.line)")
    #expect(!"\(error)".contains("--"))
  }
}
