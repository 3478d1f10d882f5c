/// Why bytes do not follow their format; whoever reads the file says which file it is.
struct Malformed: Error {
  let reason: String
  init(_ reason: String) { self.reason = reason }
}

/// A position in bytes of unknown origin; every step is checked against their end.
struct ByteCursor {
  /// The bytes ended before what was asked for.
  struct Exhausted: Error {}

  let bytes: UnsafeRawBufferPointer
  private(set) var position: Int

  /// - Throws: ``Exhausted`` for a position outside the bytes.
  init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0) throws(Exhausted) {
    guard (0...bytes.count).contains(position) else { throw Exhausted() }
    self.bytes = bytes
    self.position = position
  }

  var remaining: Int { bytes.count - position }

  /// The next bytes, not copied.
  mutating func take(_ count: Int) throws(Exhausted) -> UnsafeRawBufferPointer {
    guard count >= 0, count <= remaining else { throw Exhausted() }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  /// A little-endian number.
  mutating func number<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type = T.self) throws(Exhausted) -> T {
    T(littleEndian: try take(MemoryLayout<T>.size).loadUnaligned(as: T.self))
  }

  /// A little-endian number as a count; one that no address can reach counts as exhausted.
  mutating func count<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) throws(Exhausted) -> Int {
    guard let count = Int(exactly: try number(type)) else { throw Exhausted() }
    return count
  }

  /// The bytes up to the next line feed, which is passed over.
  mutating func line() throws(Exhausted) -> UnsafeRawBufferPointer {
    guard let end = bytes[position...].firstIndex(of: 0x0A) else { throw Exhausted() }
    defer { position = end + 1 }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<end])
  }
}

extension UnsafeRawBufferPointer {
  /// The bytes as text where they are valid UTF-8.
  var text: String? { String(validating: self, as: UTF8.self) }
}

/// A name out of a file of unknown origin, safe to print: at most 120 characters, none that moves a cursor.
package struct PrintableName: CustomStringConvertible {
  package let description: String

  package init(_ name: String) {
    let shown = name.unicodeScalars.prefix(120).map { scalar in
      scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || scalar.properties.isDefaultIgnorableCodePoint
        || scalar.properties.generalCategory == .lineSeparator
        || scalar.properties.generalCategory == .paragraphSeparator ? "?" : String(scalar)
    }
    description = shown.joined() + (name.unicodeScalars.count > 120 ? "…" : "")
  }
}
