import Foundation
import Testing

@testable import Programs

/// Programs that end well, badly, never, or not at all.
@Suite struct ProgramTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("program-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  private func run(_ script: String, limit: Double = 60, isStopped: @escaping () -> Bool = { false }) throws -> String {
    try Program("sh").run(
      ["-c", script], log: folder.appendingPathComponent("log"),
      watch: Program.Watch(limitSeconds: limit, isStopped: isStopped))
  }

  @Test func whatItWritesComesBack() throws { #expect(try run("echo out; echo err >&2; cat") == "out\nerr\n") }

  @Test func argumentsAreHandedOverAsTheyAre() throws {
    let text = try Program("printf").run(
      ["%s|", "a b", "$HOME", "*", "'"], log: folder.appendingPathComponent("log"),
      watch: Program.Watch(limitSeconds: 10))
    #expect(text == "a b|$HOME|*|'|")
  }

  @Test func anExitCodeIsNamedWithTheLastWords() throws {
    #expect(throws: ProgramError.failed(program: "sh", exitCode: 3, lastWords: "no such weights")) {
      try run("echo first; printf 'no such \\033weights\\n---\\n' >&2; exit 3")
    }
    let error = ProgramError.failed(program: "/home/a/tool", exitCode: 3, lastWords: "/home/a/b.nii is bad")
    #expect("\(error)".contains("b.nii") && !error.words.contains("b.nii") && error.namedFiles == ["/home/a/tool"])
  }

  @Test func aSignalIsNamed() throws {
    #expect(throws: ProgramError.killed(program: "sh", signal: 9)) { try run("kill -9 $$") }
  }

  @Test func oneThatIsNotThereIsNamed() throws {
    #expect(throws: ProgramError.notFound(program: "no-such-tool")) { try Program("no-such-tool") }
    #expect(throws: ProgramError.notFound(program: folder.path)) { try Program(folder.path) }
    let file = folder.appendingPathComponent("text")
    try Data("x".utf8).write(to: file)
    #expect(throws: ProgramError.notFound(program: file.path)) { try Program(file.path) }
  }

  /// At the limit, and when it is stopped, everything that it started ends, also what ignores the request.
  @Test(arguments: [true, false]) func nothingOutlivesIt(isStopped: Bool) throws {
    let pid = folder.appendingPathComponent("pid")
    let started = Date()
    let script = "trap '' TERM; (trap '' TERM; echo $$ > \(pid.path); sleep 60) & sleep 60"
    if isStopped {
      #expect(throws: CancellationError.self) {
        try run(script, isStopped: { FileManager.default.fileExists(atPath: pid.path) })
      }
    } else {
      #expect(throws: ProgramError.tooLong(program: "sh", limitSeconds: 1)) { try run(script, limit: 1) }
    }
    #expect(Date().timeIntervalSince(started) < 30)
    let text = try String(contentsOf: pid, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    let child = try #require(pid_t(text))
    for _ in 0..<50 where !Self.running(inGroup: child).isEmpty { usleep(100_000) }
    #expect(Self.running(inGroup: child).isEmpty)
  }

  /// Processes of a group that have not ended; one that nobody asked about yet does not count.
  private static func running(inGroup group: pid_t) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).filter { name in
      guard name.allSatisfy(\.isNumber), let stat = try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8),
        let end = stat.lastIndex(of: ")")
      else { return false }
      let fields = stat[stat.index(after: end)...].split(separator: " ")
      return fields.count > 2 && fields[0] != "Z" && fields[2] == "\(group)"
    }
  }
}
