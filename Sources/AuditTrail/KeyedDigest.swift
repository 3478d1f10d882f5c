import Crypto
public import Foundation

/// HMAC-SHA256 (RFC 2104): a digest that only the holder of the key can compute.
public struct KeyedDigest: Sendable {
  private let key: SymmetricKey

  /// - Parameter key: any length; 32 random bytes are as strong as the digest.
  public init(key: Data) { self.key = SymmetricKey(data: key) }

  /// 64 lower-case hexadecimal digits.
  public func hexadecimal(utf8 text: String) -> String {
    HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key).map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }.joined()
  }
}
