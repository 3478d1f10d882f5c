import CZlib

/// The entries of a zip file, each checked to lie inside it, with the sizes that its directory states.
///
/// Format: PKWARE APPNOTE 6.3.10, with zip64. Written by `torch.save` with stored entries; deflated ones (a file packed
/// again) are read too. Encrypted, split and otherwise compressed files are refused.
struct ZipArchive: Sendable {
  struct Entry: Sendable, Equatable {
    let isDeflated: Bool
    /// Stored bytes, within the file.
    let range: Range<Int>
    /// Bytes after inflation.
    let byteCount: Int
    /// CRC-32 of the content.
    let checksum: UInt32
  }

  let entries: [String: Entry]

  static let localSignature: UInt32 = 0x0403_4b50
  private static let entrySignature: UInt32 = 0x0201_4b50

  /// - Throws: ``Malformed``.
  init(_ bytes: UnsafeRawBufferPointer) throws {
    do {
      let directory = try ZipDirectory(bytes)
      var cursor = try ByteCursor(bytes, at: directory.range.lowerBound)
      var entries: [String: Entry] = [:]
      var storedCount = 0
      for index in 0..<directory.entryCount {
        guard cursor.position < directory.range.upperBound else {
          throw Malformed("its directory ends after \(index) of \(directory.entryCount) entries")
        }
        let (name, entry) = try Self.entry(&cursor, end: directory.range.lowerBound)
        guard entries.updateValue(entry, forKey: name) == nil else {
          throw Malformed("two entries have the name \(PrintableName(name))")
        }
        storedCount += entry.range.count
        guard storedCount <= bytes.count else { throw Malformed("its entries overlap") }
      }
      self.entries = entries
    } catch is ByteCursor.Exhausted { throw Malformed("its directory runs over the end of the file") }
  }

  private static func entry(_ cursor: inout ByteCursor, end: Int) throws -> (String, Entry) {
    guard try cursor.number(UInt32.self) == entrySignature else { throw Malformed("its directory is damaged") }
    _ = try cursor.take(4)
    let flags = try cursor.number(UInt16.self)
    let method = try cursor.number(UInt16.self)
    _ = try cursor.take(4)
    let checksum = try cursor.number(UInt32.self)
    var storedCount = try cursor.count(UInt32.self)
    var byteCount = try cursor.count(UInt32.self)
    let nameCount = try cursor.count(UInt16.self)
    let extraCount = try cursor.count(UInt16.self)
    let commentCount = try cursor.count(UInt16.self)
    _ = try cursor.take(8)
    var start = try cursor.count(UInt32.self)
    guard let name = try cursor.take(nameCount).text else { throw Malformed("an entry's name is not valid UTF-8") }
    var extra = try ByteCursor(try cursor.take(extraCount))
    _ = try cursor.take(commentCount)
    while extra.remaining >= 4 {
      let (id, size) = (try extra.number(UInt16.self), try extra.count(UInt16.self))
      var field = try ByteCursor(try extra.take(size))
      guard id == 1 else { continue }
      // zip64: only the numbers that do not fit above stand here, in this order.
      let saturated = Int(UInt32.max)
      if byteCount == saturated { byteCount = try field.count(UInt64.self) }
      if storedCount == saturated { storedCount = try field.count(UInt64.self) }
      if start == saturated { start = try field.count(UInt64.self) }
    }
    let shown = PrintableName(name)
    guard flags & 1 == 0 else { throw Malformed("the entry \(shown) is encrypted") }
    guard method == 0 || method == 8 else {
      throw Malformed("the entry \(shown) is compressed by method \(method); stored and deflated are read")
    }
    guard method == 8 || storedCount == byteCount else {
      throw Malformed("the entry \(shown) is stored with two sizes, \(storedCount) and \(byteCount) bytes")
    }
    let first = try contentStart(cursor.bytes, header: start, name: shown)
    guard first <= end, storedCount <= end - first else {
      throw Malformed(
        "the entry \(shown) of \(storedCount) bytes runs over the end of the entries; the file is cut off")
    }
    let entry = Entry(
      isDeflated: method == 8, range: first..<first + storedCount, byteCount: byteCount, checksum: checksum)
    return (name, entry)
  }

  /// Where the content of an entry begins, after its local header.
  private static func contentStart(_ bytes: UnsafeRawBufferPointer, header: Int, name: PrintableName) throws -> Int {
    var cursor = try ByteCursor(bytes, at: header)
    guard try cursor.number(UInt32.self) == localSignature else {
      throw Malformed("the entry \(name) does not begin where the directory says")
    }
    _ = try cursor.take(22)
    let nameCount = try cursor.count(UInt16.self)
    let extraCount = try cursor.count(UInt16.self)
    _ = try cursor.take(nameCount + extraCount)
    return cursor.position
  }
}

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
