public import Foundation

/// An Ed25519 key (RFC 8032) that makes signatures. Who has it can sign in its owner's name: it lies in a file that
/// only the owner may read, away from what it signs.
public struct SigningKey: Sendable {
  public let publicKey: PublicKey
  private let seed: [UInt8]

  /// A new key, from libcrypto's random numbers.
  public static func random() -> SigningKey { SigningKey(seed: KeyHandle.random().seedBytes()) }

  private init(seed: [UInt8]) {
    self.seed = seed
    publicKey = PublicKey(bytes: KeyHandle(seed: seed).publicBytes())
  }

  /// The key in a PEM file (`-----BEGIN PRIVATE KEY-----`, without a passphrase).
  ///
  /// - Throws: ``DigestError``, among it ``DigestError/openToOthers(file:mode:)`` for a file that others may read or
  ///   write.
  public init(file url: URL) throws(DigestError) {
    switch KeyHandle.seed(pem: try KeyFile.read(url, isSecret: true)) {
    case .success(let seed): self.init(seed: seed)
    case .failure(let failure):
      let found =
        switch failure.found {
        case .passphrase: "holds a key that a passphrase protects, which nobody is asked for"
        case .otherKind: "holds a secret key of another kind"
        case .nothing: "holds no secret key"
        }
      throw .notAKey(file: url.path, found: found, expected: "an Ed25519 secret key without passphrase (PEM)")
    }
  }

  /// The secret key as a PEM file.
  var secret: [UInt8] { KeyHandle(seed: seed).secretPEM() }

  /// 64 bytes; the same message gives the same signature.
  public func signature(of message: [UInt8]) -> [UInt8] { KeyHandle(seed: seed).signature(of: message) }

  /// Writes the secret key into a new file that only its owner may read, and the public key beside it (`.pub`).
  ///
  /// - Returns: where the public key lies.
  /// - Throws: ``DigestError/keyExists(file:)`` where either file is there: a key is never replaced.
  @discardableResult public func write(to url: URL) throws(DigestError) -> URL {
    let publicFile = url.appendingPathExtension("pub")
    guard !FileManager.default.fileExists(atPath: publicFile.path) else { throw .keyExists(file: publicFile.path) }
    try KeyFile.create(url, secret, mode: 0o600)
    try KeyFile.create(publicFile, publicKey.pem, mode: 0o644)
    return publicFile
  }
}
