/// Where the directory of a zip file lies: found from the record at the end of the file, and its zip64 twin where there
/// is one.
struct ZipDirectory {
  let range: Range<Int>
  let entryCount: Int

  private static let endSignature: UInt32 = 0x0605_4b50
  private static let endCount = 22
  private static let locatorSignature: UInt32 = 0x0706_4b50
  private static let locatorCount = 20
  private static let largeEndSignature: UInt32 = 0x0606_4b50
  private static let smallestEntryCount = 46

  /// - Throws: ``Malformed``, ``ByteCursor/Exhausted``.
  init(_ bytes: UnsafeRawBufferPointer) throws {
    guard let end = Self.endRecord(bytes) else {
      throw Malformed("the directory at its end is missing; the file is cut off or not fully copied")
    }
    var cursor = try ByteCursor(bytes, at: end + 4)
    let disks = [try cursor.number(UInt16.self), try cursor.number(UInt16.self)]
    let counts = [try cursor.count(UInt16.self), try cursor.count(UInt16.self)]
    var entryCount = counts[1]
    var size = try cursor.count(UInt32.self)
    var start = try cursor.count(UInt32.self)
    var limit = end
    if let large = try Self.largeEndRecord(bytes, end: end) {
      (entryCount, size, start, limit) = large
    } else if disks != [0, 0] || counts[0] != counts[1] {
      throw Malformed("it is one of several parts")
    }
    guard start <= limit, size <= limit - start, entryCount <= size / Self.smallestEntryCount else {
      throw Malformed("a directory of \(entryCount) entries and \(size) bytes does not fit into the file")
    }
    range = start..<start + size
    self.entryCount = entryCount
  }

  /// The last place where the end record stands with a comment that reaches exactly to the end of the file.
  private static func endRecord(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard bytes.count >= endCount else { return nil }
    let last = bytes.count - endCount
    for place in stride(from: last, through: max(0, last - Int(UInt16.max)), by: -1) where bytes[place] == 0x50 {
      let signature = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
      let comment = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: place + 20, as: UInt16.self))
      if signature == endSignature && place + endCount + Int(comment) == bytes.count { return place }
    }
    return nil
  }

  private static func largeEndRecord(_ bytes: UnsafeRawBufferPointer, end: Int) throws -> (
    entryCount: Int, size: Int, start: Int, limit: Int
  )? {
    guard end >= locatorCount else { return nil }
    var locator = try ByteCursor(bytes, at: end - locatorCount)
    guard try locator.number(UInt32.self) == locatorSignature else { return nil }
    _ = try locator.take(4)
    let place = try locator.count(UInt64.self)
    var cursor = try ByteCursor(bytes, at: place)
    guard place <= end - locatorCount, try cursor.number(UInt32.self) == largeEndSignature else {
      throw Malformed("its zip64 directory record is damaged")
    }
    _ = try cursor.take(12)
    let disks = [try cursor.number(UInt32.self), try cursor.number(UInt32.self)]
    let counts = [try cursor.count(UInt64.self), try cursor.count(UInt64.self)]
    guard disks == [0, 0], counts[0] == counts[1] else { throw Malformed("it is one of several parts") }
    return (counts[1], try cursor.count(UInt64.self), try cursor.count(UInt64.self), place)
  }
}
