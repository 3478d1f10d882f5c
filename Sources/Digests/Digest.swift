import CCrypto
import Files
public import Foundation

/// SHA-256 digests (FIPS 180-4), as 64 lower-case hexadecimal digits unless said otherwise.
public enum Digest {
  public static func sha256(_ bytes: some Sequence<UInt8>) -> String { hexadecimal(sha256Bytes(bytes)) }

  public static func sha256(utf8 text: String) -> String { sha256(text.utf8) }

  /// The 32 bytes of the digest.
  public static func sha256Bytes(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var hash = SHA256Stream()
    if bytes.withContiguousStorageIfAvailable({ hash.update(UnsafeRawBufferPointer($0)) }) == nil {
      Array(bytes).withUnsafeBytes { hash.update($0) }
    }
    return hash.finalize()
  }

  /// Digest of a file's content, read in blocks, so that its size does not matter.
  ///
  /// - Throws: ``DigestError/unreadable(file:reason:)``.
  public static func sha256(file url: URL) throws(DigestError) -> String {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { block.deallocate() }
    do throws(FileError) {
      let file = try RegularFile(path: url.path)
      var hash = SHA256Stream()
      while case let count = try file.read(into: block), count > 0 {
        hash.update(UnsafeRawBufferPointer(rebasing: block[..<count]))
      }
      return hexadecimal(hash.finalize())
    } catch { throw .unreadable(file: url.path, reason: error.reason) }
  }

  /// Two lower-case hexadecimal digits a byte.
  public static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// The bytes that lower-case hexadecimal digits stand for; nil for any other text.
  public static func bytes(hexadecimal text: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in text.utf8 {
      let digit: UInt8
      switch character {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character - UInt8(ascii: "a") + 10
      default: return nil
      }
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return high == nil ? bytes : nil
  }

  /// Whether a text is a SHA-256 digest as this program writes it.
  public static func isSHA256(_ text: some StringProtocol) -> Bool { bytes(hexadecimal: text)?.count == 32 }
}

/// A SHA-256 digest that grows with its input: the one place that calls libcrypto for digests.
///
/// libcrypto answers 0 only when memory runs out or SHA-256 was switched off by the system's configuration; both end
/// the process with a word, since no digest can be given then.
struct SHA256Stream: ~Copyable {
  private let context: OpaquePointer

  init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      fatalError("libcrypto offers no SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else {
      fatalError("libcrypto: SHA-256 failed")
    }
  }

  /// The 32 bytes of the digest. Nothing may be added afterwards.
  consuming func finalize() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      var length: UInt32 = 0
      guard EVP_DigestFinal_ex(context, buffer.baseAddress, &length) == 1 else {
        fatalError("libcrypto: SHA-256 failed")
      }
      count = Int(length)
    }
  }
}

/// HMAC-SHA256 (RFC 2104): a digest that only the holder of the key can compute.
public struct KeyedDigest: Sendable {
  private let key: [UInt8]

  /// - Parameter key: any length; 32 random bytes are as strong as the digest.
  public init(key: Data) { self.key = [UInt8](key) }

  /// 64 lower-case hexadecimal digits.
  public func hexadecimal(utf8 text: String) -> String {
    let message = Array(text.utf8)
    let code = [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      var length = 0
      guard
        EVP_Q_mac(
          nil, "HMAC", nil, "SHA256", nil, key, key.count, message, message.count, buffer.baseAddress, buffer.count,
          &length) != nil
      else { fatalError("libcrypto offers no HMAC-SHA256") }
      count = length
    }
    return Digest.hexadecimal(code)
  }
}
