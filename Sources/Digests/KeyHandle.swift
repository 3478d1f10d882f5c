import CCrypto

/// An Ed25519 key of libcrypto, freed with its owner: the one place that calls libcrypto for keys and signatures.
struct KeyHandle: ~Copyable {
  private let pointer: OpaquePointer

  /// What the text of a PEM file turned out to hold.
  enum Found: Equatable {
    case nothing
    case passphrase
    case otherKind
  }

  private init(owning pointer: OpaquePointer) { self.pointer = pointer }

  deinit { EVP_PKEY_free(pointer) }

  /// A new key from libcrypto's random numbers.
  static func random() -> KeyHandle {
    var pointer: OpaquePointer?
    guard let context = EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nil) else { fatalError("libcrypto offers no Ed25519") }
    defer { EVP_PKEY_CTX_free(context) }
    guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_keygen(context, &pointer) == 1, let pointer else {
      fatalError("libcrypto: no key could be made")
    }
    return KeyHandle(owning: pointer)
  }

  /// - Parameter seed: 32 secret bytes.
  init(seed: [UInt8]) {
    guard let pointer = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count) else {
      fatalError("libcrypto offers no Ed25519")
    }
    self.pointer = pointer
  }

  /// - Parameter publicBytes: 32 bytes; nil where they are no point that libcrypto takes.
  init?(publicBytes: [UInt8]) {
    guard let pointer = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, publicBytes, publicBytes.count) else {
      ERR_clear_error()
      return nil
    }
    self.pointer = pointer
  }

  // MARK: - PEM

  /// The 32 secret bytes in the text of a PEM file, or what was found instead.
  static func seed(pem: [UInt8]) -> Result<[UInt8], Failure> { read(pem, isSecret: true) }

  /// The 32 public bytes in the text of a PEM file, or what was found instead.
  static func publicBytes(pem: [UInt8]) -> Result<[UInt8], Failure> { read(pem, isSecret: false) }

  struct Failure: Error { let found: Found }

  private static func read(_ pem: [UInt8], isSecret: Bool) -> Result<[UInt8], Failure> {
    defer { ERR_clear_error() }
    var wasAskedForPassphrase = false
    let parsed = pem.withUnsafeBytes { text -> OpaquePointer? in
      guard let bio = BIO_new_mem_buf(text.baseAddress, Int32(text.count)) else { return nil }
      defer { BIO_free(bio) }
      guard isSecret else { return PEM_read_bio_PUBKEY(bio, nil, nil, nil) }
      return withUnsafeMutableBytes(of: &wasAskedForPassphrase) { asked in
        return PEM_read_bio_PrivateKey(bio, nil, refusePassphrase, asked.baseAddress)
      }
    }
    guard let parsed else { return .failure(Failure(found: wasAskedForPassphrase ? .passphrase : .nothing)) }
    let key = KeyHandle(owning: parsed)
    guard EVP_PKEY_get_id(key.pointer) == EVP_PKEY_ED25519 else { return .failure(Failure(found: .otherKind)) }
    return .success(isSecret ? key.seedBytes() : key.publicBytes())
  }

  /// PKCS #8, not encrypted, as `openssl genpkey` writes it.
  func secretPEM() -> [UInt8] { written { PEM_write_bio_PKCS8PrivateKey($0, pointer, nil, nil, 0, nil, nil) } }

  /// SubjectPublicKeyInfo, as `openssl pkey -pubout` writes it.
  func publicPEM() -> [UInt8] { written { PEM_write_bio_PUBKEY($0, pointer) } }

  private func written(_ write: (OpaquePointer) -> Int32) -> [UInt8] {
    guard let bio = BIO_new(BIO_s_mem()) else { fatalError("libcrypto: out of memory") }
    defer { BIO_free(bio) }
    guard write(bio) == 1 else { fatalError("libcrypto: a key could not be written") }
    return [UInt8](unsafeUninitializedCapacity: 1024) { buffer, count in
      count = max(0, Int(BIO_read(bio, buffer.baseAddress, Int32(buffer.count))))
    }
  }

  // MARK: - Raw bytes

  func seedBytes() -> [UInt8] { raw { EVP_PKEY_get_raw_private_key($0, $1, $2) } }
  func publicBytes() -> [UInt8] { raw { EVP_PKEY_get_raw_public_key($0, $1, $2) } }

  private func raw(_ get: (OpaquePointer, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>) -> Int32) -> [UInt8]
  {
    [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      var length = buffer.count
      guard get(pointer, buffer.baseAddress, &length) == 1 else { fatalError("libcrypto: a key could not be read") }
      count = length
    }
  }

  // MARK: - Signatures

  /// 64 bytes (RFC 8032, the pure form: the message itself is signed, not its digest).
  func signature(of message: [UInt8]) -> [UInt8] {
    guard let context = EVP_MD_CTX_new() else { fatalError("libcrypto: out of memory") }
    defer { EVP_MD_CTX_free(context) }
    return [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
      var length = buffer.count
      guard EVP_DigestSignInit(context, nil, nil, nil, pointer) == 1,
        EVP_DigestSign(context, buffer.baseAddress, &length, message, message.count) == 1
      else { fatalError("libcrypto: Ed25519 failed") }
      count = length
    }
  }

  func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    guard let context = EVP_MD_CTX_new() else { fatalError("libcrypto: out of memory") }
    defer {
      EVP_MD_CTX_free(context)
      ERR_clear_error()
    }
    return EVP_DigestVerifyInit(context, nil, nil, nil, pointer) == 1
      && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }
}

/// Asks nobody for a passphrase and notes that one was wanted: a program that runs by itself has nobody to ask.
private func refusePassphrase(
  _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int32, _ isWriting: Int32, _ wasAsked: UnsafeMutableRawPointer?
) -> Int32 {
  wasAsked?.storeBytes(of: true, as: Bool.self)
  return -1
}
