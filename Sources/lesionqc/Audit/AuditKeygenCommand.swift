import ArgumentParser
import Digests
import Foundation

/// `lesionqc audit keygen`.
struct AuditKeygenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keygen", abstract: "Make an Ed25519 key that signs the records of audit trails.",
    discussion: """
      Writes the secret key into FILE, which only you may read, and the public key into FILE.pub, both as PEM that \
      'openssl pkey' reads. Name the secret key with --sign-key whenever something is done, and give the public one to \
      those who verify: 'lesionqc audit verify OUTPUT_DIR --public-key FILE.pub'. A key is never replaced.
      """)

  @Argument(help: "File for the secret key, outside of every output folder.") var file: String

  func run() throws {
    let key = SigningKey.random()
    let publicFile = try key.write(to: URL(fileURLWithPath: file))
    print("\(file): secret key, keep it to yourself")
    print("\(publicFile.path): public key \(key.publicKey.hexadecimal)")
  }
}
