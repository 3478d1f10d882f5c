import CZlib

/// Inflates a zip entry (RFC 1951, no zlib header) whose size is known beforehand.
enum Inflation {
  /// - Returns: Exactly `byteCount` bytes, or nil when the data are damaged or of another size.
  static func inflate(_ bytes: UnsafeRawBufferPointer, to byteCount: Int) -> [UInt8]? {
    guard bytes.count <= UInt32.max, byteCount < UInt32.max else { return nil }
    var stream = z_stream()
    guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      return nil
    }
    defer { inflateEnd(&stream) }
    var isComplete = false
    // One byte more than expected, so that a longer entry is noticed.
    var result = [UInt8](unsafeUninitializedCapacity: byteCount + 1) { buffer, filled in
      stream.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
      stream.avail_in = UInt32(bytes.count)
      stream.next_out = buffer.baseAddress
      stream.avail_out = UInt32(byteCount + 1)
      let status = CZlib.inflate(&stream, Z_FINISH)
      filled = byteCount + 1 - Int(stream.avail_out)
      isComplete = status == Z_STREAM_END && filled == byteCount
    }
    if result.count > byteCount { result.removeLast() }
    return isComplete ? result : nil
  }

  static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var sum = crc32(0, nil, 0)
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
      sum = crc32(sum, part.bindMemory(to: UInt8.self).baseAddress, UInt32(part.count))
      rest = rest.dropFirst(part.count)
    }
    return UInt32(truncatingIfNeeded: sum)
  }
}
