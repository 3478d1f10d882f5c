import CCrypto
public import Foundation

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
