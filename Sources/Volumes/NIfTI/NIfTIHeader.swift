import Statistics

/// The header of a NIfTI file: its bytes as they are stored, and the numbers read out of them.
///
/// The bytes are the truth; every property is read from them through `HeaderTable`. That is how a result can carry the
/// geometry of its input bit for bit. Free text (`descrip`, `aux_file`, …) may identify a person and has no accessor.
public struct NIfTIHeader: Equatable, Sendable {
  public let version: NIfTIVersion
  public let isBigEndian: Bool
  /// 348 (NIfTI-1) or 540 (NIfTI-2) bytes.
  public internal(set) var bytes: [UInt8]

  /// An empty header: sizes and magic set, everything else zero.
  init(version: NIfTIVersion, isBigEndian: Bool) {
    self.version = version
    self.isBigEndian = isBigEndian
    bytes = Array(repeating: 0, count: version.headerByteCount)
    set(.sizeofHdr, to: version.headerByteCount)
    setBytes(.magic, version.singleFileMagic)
  }

  /// - Parameter bytes: as many as `version.headerByteCount`.
  init(version: NIfTIVersion, isBigEndian: Bool, bytes: [UInt8]) {
    precondition(bytes.count == version.headerByteCount)
    self.version = version
    self.isBigEndian = isBigEndian
    self.bytes = bytes
  }
}

// MARK: - Access by field

extension NIfTIHeader {
  /// Element `index` of a numeric field. A field this version lacks reads as 0.
  func number(_ field: HeaderField, _ index: Int = 0) -> Double {
    guard let slot = HeaderTable.slot(field, in: version), index < slot.count else { return 0 }
    let raw = bits(slot, index)
    switch slot.type {
    case .float32: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: raw)))
    case .float64: return Double(bitPattern: raw)
    default: return Double(integer(slot, raw))
    }
  }

  /// Element `index` of an integer field; for a field stored as floating point, its value towards zero, `nil` when no
  /// `Int` holds it.
  func integer(_ field: HeaderField, _ index: Int = 0) -> Int? {
    guard let slot = HeaderTable.slot(field, in: version), index < slot.count else { return 0 }
    switch slot.type {
    case .float32, .float64:
      let value = number(field, index)
      return value.isFinite ? Int(exactly: value.rounded(.towardZero)) : nil
    default: return integer(slot, bits(slot, index))
    }
  }

  /// The bytes of a field as they are stored.
  func storedBytes(_ field: HeaderField) -> [UInt8] {
    HeaderTable.slot(field, in: version).map { Array(bytes[$0.bytes]) } ?? []
  }

  /// Writes a value, rounded to what the field can hold. The value must fit the field.
  mutating func set(_ field: HeaderField, _ index: Int = 0, to value: Double) {
    guard let slot = HeaderTable.slot(field, in: version) else { return }
    switch slot.type {
    case .float32: setBits(slot, index, UInt64(Float(value).bitPattern))
    case .float64: setBits(slot, index, value.bitPattern)
    default: set(field, index, to: Int(value))
    }
  }

  mutating func set(_ field: HeaderField, _ index: Int = 0, to value: Int) {
    guard let slot = HeaderTable.slot(field, in: version) else { return }
    switch slot.type {
    case .float32, .float64: set(field, index, to: Double(value))
    case .int16: setBits(slot, index, UInt64(UInt16(bitPattern: Int16(value))))
    case .int32: setBits(slot, index, UInt64(UInt32(bitPattern: Int32(value))))
    case .int64: setBits(slot, index, UInt64(bitPattern: Int64(value)))
    case .uint8, .text: setBits(slot, index, UInt64(UInt8(value)))
    }
  }

  /// Replaces the bytes of a field.
  mutating func setBytes(_ field: HeaderField, _ new: [UInt8]) {
    guard let slot = HeaderTable.slot(field, in: version) else { return }
    precondition(new.count == slot.bytes.count, "a field keeps its size")
    bytes.replaceSubrange(slot.bytes, with: new)
  }

  private func integer(_ slot: HeaderSlot, _ raw: UInt64) -> Int {
    switch slot.type {
    case .int16: Int(Int16(truncatingIfNeeded: raw))
    case .int32: Int(Int32(truncatingIfNeeded: raw))
    default: Int(Int64(bitPattern: raw))
    }
  }

  /// The stored bits of one element, most significant byte first whatever the byte order of the file.
  private func bits(_ slot: HeaderSlot, _ index: Int) -> UInt64 {
    let size = slot.type.byteCount
    let start = slot.offset + index * size
    var value: UInt64 = 0
    for n in 0..<size { value = value << 8 | UInt64(bytes[isBigEndian ? start + n : start + size - 1 - n]) }
    return value
  }

  private mutating func setBits(_ slot: HeaderSlot, _ index: Int, _ value: UInt64) {
    precondition(index < slot.count, "an element of the field")
    let size = slot.type.byteCount
    let start = slot.offset + index * size
    for n in 0..<size {
      bytes[isBigEndian ? start + size - 1 - n : start + n] = UInt8(truncatingIfNeeded: value >> (8 * n))
    }
  }
}
