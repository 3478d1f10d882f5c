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
