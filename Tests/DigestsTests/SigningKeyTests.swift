import Foundation
import Testing

@testable import Digests

@Suite struct SigningKeyTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("keys-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func place(_ name: String) -> URL { folder.appendingPathComponent(name) }

  private func file(_ name: String, _ text: String, mode: Int = 0o600) throws -> URL {
    try Data(text.utf8).write(to: place(name))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: place(name).path)
    return place(name)
  }

  private func pem(_ words: String, _ der: String) -> String {
    let base64 = Data(Digest.bytes(hexadecimal: der)!).base64EncodedString()
    return "-----BEGIN \(words)-----\n\(base64)\n-----END \(words)-----\n"
  }

  /// RFC 8032, section 7.1, tests 1 to 3; the DER of RFC 8410 around the bytes.
  @Test(
    "Signatures are those of RFC 8032",
    arguments: [
      (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe"
          + "24655141438e7a100b"
      ),
      (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302a"
          + "eeb00d291612bb0c00"
      ),
      (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed2"
          + "8dc027beceea1ec40a"
      ),
    ]) func standard(seed: String, publicKey: String, message: String, signature: String) throws
  {
    let key = try SigningKey(file: try file("a", pem("PRIVATE KEY", "302e020100300506032b657004220420" + seed)))
    #expect(key.publicKey.hexadecimal == publicKey)
    let message = Digest.bytes(hexadecimal: message)!
    #expect(Digest.hexadecimal(key.signature(of: message)) == signature)
    let read = try PublicKey(
      file: try file("b", pem("PUBLIC KEY", "302a300506032b6570032100" + publicKey), mode: 0o644))
    #expect(read == key.publicKey && read == PublicKey(hexadecimal: publicKey))
    let bytes = Digest.bytes(hexadecimal: signature)!
    #expect(read.verifies(bytes, of: message))
    #expect(!read.verifies(bytes, of: message + [0]))
    #expect(!read.verifies(Array(bytes.dropLast()), of: message))
    #expect(!read.verifies([bytes[0] ^ 1] + bytes.dropFirst(), of: message))
    #expect(!SigningKey.random().publicKey.verifies(bytes, of: message))
  }

  @Test("A key comes back from its files, and the secret one is the owner's alone") func files() throws {
    let key = SigningKey.random()
    let publicFile = try key.write(to: place("own.key"))
    #expect(publicFile == place("own.key.pub"))
    let mode = try FileManager.default.attributesOfItem(atPath: place("own.key").path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try SigningKey(file: place("own.key")).publicKey == key.publicKey)
    #expect(try PublicKey(file: publicFile) == key.publicKey)
    #expect(SigningKey.random().publicKey != key.publicKey)
    // Neither file is ever replaced, whichever of the two is there.
    #expect(throws: DigestError.keyExists(file: publicFile.path)) {
      try SigningKey.random().write(to: place("own.key"))
    }
    try FileManager.default.removeItem(at: publicFile)
    #expect(throws: DigestError.keyExists(file: place("own.key").path)) {
      try SigningKey.random().write(to: place("own.key"))
    }
    #expect(throws: DigestError.self) { try SigningKey.random().write(to: place("no folder/own.key")) }
  }

  @Test("A secret key that others may use is refused", arguments: [0o640, 0o604, 0o620, 0o602, 0o644, 0o610, 0o777])
  func modes(mode: Int) throws {
    let url = try file("k", String(decoding: SigningKey.random().secret, as: UTF8.self), mode: mode)
    #expect(throws: DigestError.openToOthers(file: url.path, mode: String(mode, radix: 8))) {
      try SigningKey(file: url)
    }
  }

  @Test("The owner may read it", arguments: [0o600, 0o400, 0o700]) func ownModes(mode: Int) throws {
    let url = try file("k", String(decoding: SigningKey.random().secret, as: UTF8.self), mode: mode)
    #expect(throws: Never.self) { try SigningKey(file: url) }
  }

  @Test("What is no key is named") func refusals() throws {
    let own = SigningKey.random()
    let secret = String(decoding: own.secret, as: UTF8.self)
    let open = String(decoding: own.publicKey.pem, as: UTF8.self)
    // X25519 (RFC 8410: 1.3.101.110) has keys of the same length.
    let other = pem("PRIVATE KEY", "302e020100300506032b656e04220420" + String(repeating: "07", count: 32))
    let otherPublic = pem("PUBLIC KEY", "302a300506032b656e032100" + String(repeating: "09", count: 32))
    func found(_ read: () throws -> Void) -> String {
      do { try read() } catch { return "\(error)" }
      return "read"
    }
    for (text, words) in [
      ("", "holds no secret key"), ("secret", "holds no secret key"), (open, "holds no secret key"),
      (other, "of another kind"), (String(secret.prefix(60)), "holds no secret key"),
      (String(repeating: "x", count: 70_000), "has 70000 bytes"),
    ] {
      let url = try file("k", text)
      #expect(found { _ = try SigningKey(file: url) }.contains(words), "\(text.prefix(40))")
    }
    for (text, words) in [
      ("", "holds no public key"), (secret, "holds a secret key"), (otherPublic, "of another kind"),
      (open.replacing("BEGIN", with: "BEGIM"), "holds no public key"),
    ] {
      let url = try file("k", text, mode: 0o644)
      #expect(found { _ = try PublicKey(file: url) }.contains(words), "\(text.prefix(40))")
    }
    #expect(found { _ = try SigningKey(file: place("none")) }.contains("no such file"))
    #expect(found { _ = try SigningKey(file: folder) }.contains("it is a folder, not a file"))
    #expect(mkfifo(place("pipe").path, 0o600) == 0)
    #expect(found { _ = try SigningKey(file: place("pipe")) }.contains("it is a named pipe, not a file"))
    #expect(PublicKey(hexadecimal: String(repeating: "A", count: 64)) == nil)
  }

  /// What the crypto library's own command makes and checks.
  @Test("openssl reads these keys and checks these signatures", .enabled(if: Command.exists("openssl"))) func openssl()
    throws
  {
    let key = SigningKey.random()
    try key.write(to: place("own"))
    let message = Array("{\"event\":\"finished\"}".utf8)
    try Data(message).write(to: place("message"))
    try Data(key.signature(of: message)).write(to: place("signature"))
    let verify = [
      "pkeyutl", "-verify", "-pubin", "-inkey", "own.pub", "-rawin", "-in", "message", "-sigfile", "signature",
    ]
    #expect(try Command.run("openssl", verify, in: folder) == 0)
    try Data(message + [0]).write(to: place("message"))
    #expect(try Command.run("openssl", verify, in: folder) != 0)

    #expect(try Command.run("openssl", ["genpkey", "-algorithm", "ed25519", "-out", "theirs"], in: folder) == 0)
    #expect(try Command.run("openssl", ["pkey", "-in", "theirs", "-pubout", "-out", "theirs.pub"], in: folder) == 0)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: place("theirs").path)
    #expect(try SigningKey(file: place("theirs")).publicKey == PublicKey(file: place("theirs.pub")))
    let protect = ["pkey", "-in", "theirs", "-aes256", "-passout", "pass:x", "-out", "protected"]
    #expect(try Command.run("openssl", protect, in: folder) == 0)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: place("protected").path)
    #expect { try SigningKey(file: place("protected")) } throws: { "\($0)".contains("passphrase") }
  }
}

/// A program on the path.
private enum Command {
  static func exists(_ name: String) -> Bool {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let found = folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    if !found { print("skipped: \(name) is not installed") }
    return found
  }

  static func run(_ name: String, _ arguments: [String], in folder: URL) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [name] + arguments
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
