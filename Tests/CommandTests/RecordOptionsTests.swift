import ArgumentParser
import Digests
import Foundation
import Results
import Testing

@testable import lesionqc

/// Who does something is asked in one way by every command that leaves a record.
@Suite("Operator and key") struct RecordOptionsTests {
  static let commands = [
    ["run", "bids", "out", "participant", "--model", "m"],
    ["patient", "--flair", "f", "--mprage", "m", "--model", "m", "--output", "out"], ["report", "out"],
    ["report", "--flair", "f", "--mprage", "m", "--mask", "k", "--output", "out"],
    ["report", "out", "--pseudonym-key", "k", "--output", "shared"], ["review", "apply", "r.json", "--output", "out"],
    ["calibrate", "out", "--reference", "r", "--output", "c.json"], ["evaluate", "out", "--reference", "r"],
  ]

  @Test("Every command takes both", arguments: commands) func taken(command: [String]) {
    #expect(throws: Never.self) { try LesionQC.parseAsRoot(command + ["--operator", "A. Reader", "--sign-key", "k"]) }
    #expect(throws: (any Error).self) { try LesionQC.parseAsRoot(command + ["--operator", ""]) }
    #expect(throws: (any Error).self) { try LesionQC.parseAsRoot(command + ["--operator", "a\nb"]) }
  }

  @Test("A key that lies in the folder it signs is refused") func place() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("options-\(UUID().uuidString)")
    let output = folder.appendingPathComponent("out")
    try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
    try SigningKey.random().write(to: output.appendingPathComponent("key"))
    try SigningKey.random().write(to: folder.appendingPathComponent("key"))
    try FileManager.default.createSymbolicLink(
      at: folder.appendingPathComponent("link"), withDestinationURL: output.appendingPathComponent("key"))
    func attribution(_ key: String) throws -> String? {
      let options = try RecordOptions.parse(["--sign-key", folder.appendingPathComponent(key).path])
      return try options.attribution(for: output.path).signingKey?.publicKey.hexadecimal
    }
    #expect(try attribution("key") == PublicKey(file: folder.appendingPathComponent("key.pub")).hexadecimal)
    for key in ["out/key", "link", "other/../out/key"] {
      #expect { try attribution(key) } throws: { "\($0)".contains("lies in the folder whose records it signs") }
    }
    #expect(throws: DigestError.self) { try attribution("none") }
    #expect(try RecordOptions.parse([]).attribution(for: output.path).signingKey == nil)
  }

  @Test("Heads are digests", arguments: ["", "12", String(repeating: "A", count: 64)]) func heads(text: String) {
    #expect(throws: (any Error).self) { try LesionQC.parseAsRoot(["audit", "verify", "out", "--head", text]) }
  }
}
