import Crypto
public import Foundation

/// SHA-256 digests as 64 lower-case hexadecimal digits (FIPS 180-4).
public enum Digest {
  public static func sha256(_ bytes: some Sequence<UInt8>) -> String {
    hexadecimal(SHA256.hash(data: Array(bytes)))
  }

  public static func sha256(utf8 text: String) -> String { sha256(text.utf8) }

  /// Digest of a file's content, read in blocks, so that its size does not matter.
  ///
  /// - Throws: ``AuditError/unreadable(file:reason:)``.
  public static func sha256(file url: URL) throws -> String {
    let handle: FileHandle
    do { handle = try FileHandle(forReadingFrom: url) } catch {
      throw AuditError.unreadable(file: url.path, reason: error.localizedDescription)
    }
    defer { try? handle.close() }
    var hasher = SHA256()
    do {
      while let block = try handle.read(upToCount: 1 << 20), !block.isEmpty { hasher.update(data: block) }
    } catch {
      throw AuditError.unreadable(file: url.path, reason: error.localizedDescription)
    }
    return hexadecimal(hasher.finalize())
  }

  private static func hexadecimal(_ digest: SHA256.Digest) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in digest {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
