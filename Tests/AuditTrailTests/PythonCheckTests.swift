import Digests
import Foundation
import Testing

@testable import AuditTrail

/// The check in Python that docs/audit.md shows, run as it stands there.
@Suite(.enabled(if: pythonIsThere())) struct PythonCheckTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("python-\(UUID().uuidString)")

  private func code() throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(contentsOf: root.appendingPathComponent("docs/audit.md"), encoding: .utf8)
    let block = try #require(page.firstMatch(of: #/```python\n(?<code>[\s\S]*?)```/#))
    return String(block.output.code)
  }

  private func run(_ trail: URL) throws -> (isGood: Bool, output: String) {
    let script = folder.appendingPathComponent("check.py")
    try Data(code().utf8).write(to: script)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script.path, trail.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus == 0, String(decoding: data, as: UTF8.self))
  }

  @Test func itHasTwentyLines() throws { #expect(try code().split(separator: "\n").count <= 20) }

  @Test("It agrees with the program", arguments: [true, false]) func agrees(isSigned: Bool) throws {
    let log = AuditLog(
      url: folder.appendingPathComponent("sub-01.jsonl"), signingKey: isSigned ? SigningKey.random() : nil)
    try log.append(event: "started", details: [:])
    try log.append(
      event: "finished",
      details: [
        "numbers": [
          0.1, 1e-5, 0.0001, 1e16, 123_456_789_012_345_680, .number(.leastNonzeroMagnitude), 1.7976931348623157e308,
          -0.25, 2, 1e22,
        ], "seed": .unsigned(.max), "text": "é😀\u{1}\u{7F}\u{2028}\"\\/\n\t\u{8}\u{C}\r", "é": [:], "z": [], "Z": .null,
        "aa": true, "a": false,
      ])
    let head = try log.append(event: "reviewed", details: ["nested": ["b": [["c": 1]], "a": 2]]).hash
    let good = try run(log.url)
    #expect(good.isGood && good.output == "sub-01: 3 records, head \(head)\n", "\(good.output)")
    #expect(try AuditVerification.chain(of: log.url).findings.isEmpty)

    let lines = try String(contentsOf: log.url, encoding: .utf8).split(separator: "\n").map(String.init)
    for damaged in [
      [lines[0], lines[1].replacing("\"aa\":true", with: "\"aa\":false"), lines[2]], [lines[0], lines[2]],
      [lines[0], lines[1], lines[1], lines[2]], [lines[1], lines[2]], lines + ["{}"], lines + [""],
    ] {
      try Data((damaged.joined(separator: "\n") + "\n").utf8).write(to: log.url)
      #expect(try !run(log.url).isGood)
      #expect(try !AuditVerification.chain(of: log.url).findings.isEmpty)
    }
    try Data(lines.joined(separator: "\n").utf8).write(to: folder.appendingPathComponent("sub-02.jsonl"))
    #expect(try !run(folder.appendingPathComponent("sub-02.jsonl")).isGood)
  }
}

private func pythonIsThere() -> Bool {
  let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  let found = folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/python3") }
  if !found { print("PythonCheckTests: skipped, python3 is not installed") }
  return found
}
