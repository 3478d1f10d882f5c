/// The entries of a zip file, each checked to lie inside it, with the sizes that its directory states.
///
/// Format: PKWARE APPNOTE 6.3.10, with zip64. Written by `torch.save` with stored entries; deflated ones (a file packed again) are
/// read too. Encrypted, split and otherwise compressed files are refused.
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

  struct Problem: Error { let reason: String }

  let entries: [String: Entry]

  static let localSignature: UInt32 = 0x0403_4b50
  private static let entrySignature: UInt32 = 0x0201_4b50

  /// - Throws: ``Problem``.
  init(_ bytes: UnsafeRawBufferPointer) throws {
    do {
      let directory = try ZipDirectory(bytes)
      var cursor = try ByteCursor(bytes, at: directory.range.lowerBound)
      var entries: [String: Entry] = [:]
      var storedCount = 0
      for index in 0..<directory.entryCount {
        guard cursor.position < directory.range.upperBound else {
          throw Problem(reason: "its directory ends after \(index) of \(directory.entryCount) entries")
        }
        let (name, entry) = try Self.entry(&cursor, end: directory.range.lowerBound)
        guard entries.updateValue(entry, forKey: name) == nil else {
          throw Problem(reason: "two entries have the name \(PrintableName(name))")
        }
        storedCount += entry.range.count
        guard storedCount <= bytes.count else { throw Problem(reason: "its entries overlap") }
      }
      self.entries = entries
    } catch is ByteCursor.Exhausted {
      throw Problem(reason: "its directory runs over the end of the file")
    }
  }

  private static func entry(_ cursor: inout ByteCursor, end: Int) throws -> (String, Entry) {
    guard try cursor.number(UInt32.self) == entrySignature else { throw Problem(reason: "its directory is damaged") }
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
    guard let name = try cursor.take(nameCount).text else {
      throw Problem(reason: "an entry's name is not valid UTF-8")
    }
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
    guard flags & 1 == 0 else { throw Problem(reason: "the entry \(shown) is encrypted") }
    guard method == 0 || method == 8 else {
      throw Problem(reason: "the entry \(shown) is compressed by method \(method); stored and deflated are read")
    }
    guard method == 8 || storedCount == byteCount else {
      throw Problem(reason: "the entry \(shown) is stored with two sizes, \(storedCount) and \(byteCount) bytes")
    }
    let first = try contentStart(cursor.bytes, header: start, name: shown)
    guard first <= end, storedCount <= end - first else {
      throw Problem(
        reason: "the entry \(shown) of \(storedCount) bytes runs over the end of the entries; the file is cut off")
    }
    let entry = Entry(
      isDeflated: method == 8, range: first..<first + storedCount, byteCount: byteCount, checksum: checksum)
    return (name, entry)
  }

  /// Where the content of an entry begins, after its local header.
  private static func contentStart(_ bytes: UnsafeRawBufferPointer, header: Int, name: PrintableName) throws -> Int {
    var cursor = try ByteCursor(bytes, at: header)
    guard try cursor.number(UInt32.self) == localSignature else {
      throw Problem(reason: "the entry \(name) does not begin where the directory says")
    }
    _ = try cursor.take(22)
    let nameCount = try cursor.count(UInt16.self)
    let extraCount = try cursor.count(UInt16.self)
    _ = try cursor.take(nameCount + extraCount)
    return cursor.position
  }
}

/// A name out of a file of unknown origin, safe to print: at most 120 characters, none that moves a cursor.
struct PrintableName: CustomStringConvertible {
  let description: String

  init(_ name: String) {
    let shown = name.unicodeScalars.prefix(120).map { scalar in
      scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || scalar.properties.isDefaultIgnorableCodePoint
        || scalar.properties.generalCategory == .lineSeparator
        || scalar.properties.generalCategory == .paragraphSeparator ? "?" : String(scalar)
    }
    description = shown.joined() + (name.unicodeScalars.count > 120 ? "…" : "")
  }
}
