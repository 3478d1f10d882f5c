public import Foundation

/// An Ed25519 key (RFC 8032) that verifies signatures: 32 bytes that everybody may know.
public struct PublicKey: Sendable, Hashable, CustomStringConvertible {
  /// 64 lower-case hexadecimal digits.
  public let hexadecimal: String
  private let bytes: [UInt8]

  /// Bytes of a signature.
  public static let signatureByteCount = 64

  init(bytes: [UInt8]) {
    self.bytes = bytes
    hexadecimal = Digest.hexadecimal(bytes)
  }

  /// Nil for a text that is no such key.
  public init?(hexadecimal: String) {
    guard let bytes = Digest.bytes(hexadecimal: hexadecimal), bytes.count == 32 else { return nil }
    self.init(bytes: bytes)
  }

  /// The key in a PEM file (`-----BEGIN PUBLIC KEY-----`).
  ///
  /// - Throws: ``DigestError/unreadable(file:reason:)``, ``DigestError/notAKey(file:found:expected:)``.
  public init(file url: URL) throws(DigestError) {
    let pem = try KeyFile.read(url, isSecret: false)
    switch KeyHandle.publicBytes(pem: pem) {
    case .success(let bytes): self.init(bytes: bytes)
    case .failure(let failure):
      let holdsSecret = String(decoding: pem, as: UTF8.self).contains("PRIVATE KEY-----")
      throw .notAKey(
        file: url.path,
        found: failure.found == .otherKind
          ? "holds a public key of another kind"
          : holdsSecret ? "holds a secret key, which is for signing" : "holds no public key",
        expected: "an Ed25519 public key (PEM)")
    }
  }

  /// The key as a PEM file.
  public var pem: [UInt8] { KeyHandle(publicBytes: bytes)?.publicPEM() ?? [] }

  public func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    guard signature.count == Self.signatureByteCount, let key = KeyHandle(publicBytes: bytes) else { return false }
    return key.verifies(signature, of: message)
  }

  /// The first digits, by which people tell keys apart.
  public var description: String { "\(hexadecimal.prefix(16))…" }
}
