import CZlib

/// Writes bytes to a file, compressed as gzip if asked; the file appears when `finish()` succeeds.
struct ByteWriter: ~Copyable {
  private var file: OutputFile
  /// On the heap: zlib keeps the address. `nil` for plain bytes.
  private let stream: UnsafeMutablePointer<z_stream>?
  private let output: UnsafeMutableRawBufferPointer

  private static let outputByteCount = 1 << 18
  private static let compressionLevel: Int32 = 6

  init(path: String, isCompressed: Bool) throws(VolumeError) {
    file = try OutputFile(path: path)
    output = .allocate(byteCount: isCompressed ? Self.outputByteCount : 1, alignment: 64)
    guard isCompressed else {
      stream = nil
      return
    }
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15: largest window; + 16: gzip wrapper, whose header zlib fills with time 0 and no name.
    let code = deflateInit2_(
      stream, Self.compressionLevel, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    precondition(code == Z_OK, "deflateInit2 fails only without memory or with another zlib")
    self.stream = stream
  }

  deinit {
    if let stream {
      deflateEnd(stream)
      stream.deallocate()
    }
    output.deallocate()
  }

  mutating func write<Element>(_ elements: [Element]) throws(VolumeError) {
    // `withUnsafeBytes` rethrows untyped, so the outcome is carried out of it.
    let outcome = elements.withUnsafeBytes { bytes in Result { () throws(VolumeError) in try write(bytes) } }
    try outcome.get()
  }

  /// Ends the stream and gives the file its name.
  mutating func finish() throws(VolumeError) {
    if let stream { try deflate(stream, UnsafeRawBufferPointer(start: nil, count: 0), Z_FINISH) }
    try file.commit()
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(VolumeError) {
    guard let stream else { return try file.write(bytes) }
    // zlib counts in 32 bits.
    var rest = bytes
    while !rest.isEmpty {
      let now = min(rest.count, 1 << 30)
      try deflate(stream, UnsafeRawBufferPointer(rebasing: rest[..<now]), Z_NO_FLUSH)
      rest = UnsafeRawBufferPointer(rebasing: rest[now...])
    }
  }

  private func deflate(_ stream: UnsafeMutablePointer<z_stream>, _ bytes: UnsafeRawBufferPointer, _ flush: Int32)
    throws(VolumeError)
  {
    stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress?.assumingMemoryBound(to: Bytef.self))
    stream.pointee.avail_in = UInt32(bytes.count)
    repeat {
      stream.pointee.next_out = output.baseAddress!.assumingMemoryBound(to: Bytef.self)
      stream.pointee.avail_out = UInt32(output.count)
      _ = CZlib.deflate(stream, flush)
      let made = output.count - Int(stream.pointee.avail_out)
      try file.write(UnsafeRawBufferPointer(rebasing: output[..<made]))
    } while stream.pointee.avail_out == 0
  }
}
