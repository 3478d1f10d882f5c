import CCrypto

/// A SHA-256 digest that grows with its input: the one place that calls libcrypto for digests.
///
/// libcrypto answers 0 only when memory runs out or SHA-256 was switched off by the system's configuration; both end the process
/// with a word, since no digest can be given then.
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
    guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else { fatalError("libcrypto: SHA-256 failed") }
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
