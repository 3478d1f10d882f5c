import Testing

@testable import Programs

/// Words of a command by the rule of docs/prepare.md, and nothing that a shell would do.
@Suite struct CommandTemplateTests {
  @Test(arguments: [
    ("hd-bet -i {in} -o {out}", ["hd-bet", "-i", "{in}", "-o", "{out}"]),
    ("  tool\t{in}   {out} ", ["tool", "{in}", "{out}"]),
    ("'my tool' {in} {out} 'a b' \"c 'd'\"", ["my tool", "{in}", "{out}", "a b", "c 'd'"]),
    ("tool {in} {out} ''", ["tool", "{in}", "{out}", ""]),
    ("tool {in} {out} --a='b c'd", ["tool", "{in}", "{out}", "--a=b cd"]),
    (
      "tool {in} {out} $HOME *.nii a\\ b | rm ; ~ `id` > x",
      ["tool", "{in}", "{out}", "$HOME", "*.nii", "a\\", "b", "|", "rm", ";", "~", "`id`", ">", "x"]
    ),
  ]) func words(text: String, words: [String]) throws { #expect(try CommandTemplate(text).words == words) }

  @Test(arguments: [
    ("", CommandTemplate.Problem.empty), ("   ", .empty), ("tool {in}", .missing("{out}")),
    ("tool {out}", .missing("{in}")), ("tool '{in} {out}", .openQuote("'")), ("tool {in} {out} \"", .openQuote("\"")),
    ("tool --in={in} {out}", .notAWord("--in={in}")), ("{in} {out}", .notAWord("{in}")),
    ("tool '{in} {out}'", .notAWord("{in} {out}")), ("tool {in} {out}\n", .controlCharacter),
  ]) func refused(text: String, problem: CommandTemplate.Problem) {
    #expect(throws: problem) { try CommandTemplate(text) }
  }

  @Test func pathsStayWholeArguments() throws {
    let command = try CommandTemplate("tool -i {in} {out} {in}")
    #expect(
      command.arguments(input: "/a b/'{out}'.nii", output: "/c;d") == [
        "-i", "/a b/'{out}'.nii", "/c;d", "/a b/'{out}'.nii",
      ])
  }
}
