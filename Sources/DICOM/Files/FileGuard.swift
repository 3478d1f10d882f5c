import Files

/// Looks through the structure of a DICOM file before a parser that follows it recursively may see it.
///
/// Lengths stay in the file and in what encloses them, sequences nest no deeper than ``deepest``, there are no more
/// than ``mostElements`` elements, and the VRs are known ones. No value is judged.
struct FileGuard {
  static let deepest = 16
  static let mostElements = 400_000
  /// Bytes of a file that is looked at; an enhanced series of 500 slices of 512 × 512 has 270 MB.
  static let mostBytes = 2_147_483_647

  private static let undefined = 0xFFFF_FFFF
  private static let preambleCount = 132

  private let bytes: [UInt8]
  private var place = 0
  private var elements = 0
  private var isExplicit = true

  /// - Throws: ``DICOMError/file(path:fault:)``, or `FileError` for a file that cannot be read.
  static func check(_ path: String) throws {
    try check(try RegularFile(path: path).contents(limit: mostBytes), path: path)
  }

  static func check(_ bytes: [UInt8], path: String) throws(DICOMError) {
    var check = FileGuard(bytes: bytes)
    do throws(Refusal) { try check.file() } catch { throw .file(path: path, fault: error.fault) }
  }

  private struct Refusal: Error { let fault: String }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func file() throws(Refusal) {
    guard bytes.count > Self.preambleCount, bytes[128..<132].elementsEqual("DICM".utf8) else {
      throw Refusal(fault: "is no DICOM file (no 'DICM' at byte 128)")
    }
    place = Self.preambleCount
    var syntax: String?
    // The meta header is explicit, whatever follows it.
    while place + 8 <= bytes.count, word(place) == 2 {
      let (tag, vr, length, value) = try header(end: bytes.count)
      guard length != Self.undefined, vr != "SQ" else { throw Refusal(fault: "has a sequence in its meta header") }
      place = try end(of: value, length, in: bytes.count)
      if tag == Tag(2, 0x10) {
        syntax = String(decoding: bytes[value..<place].filter { $0 != 0 && $0 != 0x20 }, as: UTF8.self)
      }
    }
    switch syntax {
    case "1.2.840.10008.1.2"?: isExplicit = false
    case "1.2.840.10008.1.2.1"?: break
    case let known? where known.hasPrefix("1.2.840.10008.1.2.4.") || known == "1.2.840.10008.1.2.5": break
    case let other?: throw Refusal(fault: "has the transfer syntax \(FileError.shown(other)), which is not read")
    case nil: throw Refusal(fault: "names no transfer syntax")
    }
    try dataSet(end: bytes.count, depth: 0, isOpen: false)
  }

  /// - Parameters:
  ///   - end: where the data set ends, or for an open one what it must not go beyond.
  ///   - isOpen: it ends with an item delimiter.
  private mutating func dataSet(end: Int, depth: Int, isOpen: Bool) throws(Refusal) {
    guard depth <= Self.deepest else {
      throw Refusal(fault: "nests sequences deeper than \(Self.deepest) at byte \(place)")
    }
    while place < end {
      let start = place
      if isOpen, end - place >= 8, tag(place) == Tag(0xFFFE, 0xE00D) {
        place += 8
        return
      }
      let (tag, vr, length, value) = try header(end: end)
      guard tag.group != 0xFFFE else { throw Refusal(fault: "has a delimiter without a sequence at byte \(start)") }
      if length == Self.undefined || vr == "SQ" || isItem(value, length, end) {
        place = value
        try sequence(
          tag, end: length == Self.undefined ? end : self.end(of: value, length, in: end), depth: depth + 1,
          isOpen: length == Self.undefined)
      } else {
        place = try self.end(of: value, length, in: end)
      }
    }
    if isOpen { throw Refusal(fault: "ends within an item") }
  }

  /// In implicit VR only the content tells a sequence.
  private func isItem(_ value: Int, _ length: Int, _ end: Int) -> Bool {
    !isExplicit && length >= 8 && value + 8 <= end && tag(value) == Tag(0xFFFE, 0xE000)
  }

  private mutating func sequence(_ name: Tag, end: Int, depth: Int, isOpen: Bool) throws(Refusal) {
    let isPixels = name == Tag(0x7FE0, 0x10)
    while place < end {
      let start = place
      guard end - place >= 8 else { throw Refusal(fault: "ends within the sequence \(name)") }
      let (tag, length) = (tag(place), long(place + 4))
      place += 8
      try count()
      if isOpen, tag == Tag(0xFFFE, 0xE0DD) { return }
      guard tag == Tag(0xFFFE, 0xE000) else {
        throw Refusal(fault: "has something else than an item in the sequence \(name) at byte \(start)")
      }
      if length == Self.undefined {
        guard !isPixels else { throw Refusal(fault: "has pixel data of no length at byte \(start)") }
        try dataSet(end: end, depth: depth, isOpen: true)
      } else {
        let itemEnd = try self.end(of: place, length, in: end)
        if isPixels { place = itemEnd } else { try dataSet(end: itemEnd, depth: depth, isOpen: false) }
      }
    }
    if isOpen { throw Refusal(fault: "ends within the sequence \(name)") }
  }

  /// Tag, VR (empty in implicit VR) and length of the element at `place`, and where its value begins.
  private mutating func header(end: Int) throws(Refusal) -> (tag: Tag, vr: String, length: Int, value: Int) {
    guard end - place >= 8 else { throw Refusal(fault: "ends within an element at byte \(place)") }
    try count()
    let tag = tag(place)
    // Delimiters have no VR.
    guard isExplicit, tag.group != 0xFFFE else { return (tag, "", long(place + 4), place + 8) }
    let vr = String(decoding: bytes[(place + 4)..<(place + 6)], as: UTF8.self)
    guard let known = VR(rawValue: vr) else {
      throw Refusal(fault: "has the VR '\(FileError.shown(vr))' of \(tag) at byte \(place), which there is not")
    }
    guard Self.isLong(known) else { return (tag, vr, word(place + 6), place + 8) }
    guard end - place >= 12 else { throw Refusal(fault: "ends within an element at byte \(place)") }
    return (tag, vr, long(place + 8), place + 12)
  }

  private static func isLong(_ vr: VR) -> Bool {
    switch vr {
    case .ob, .od, .of, .ol, .ov, .ow, .sq, .sv, .uc, .un, .ur, .ut, .uv: true
    default: false
    }
  }

  private func end(of value: Int, _ length: Int, in end: Int) throws(Refusal) -> Int {
    guard length <= end - value else {
      throw Refusal(fault: "announces \(length) bytes at byte \(value), where \(max(0, end - value)) are left")
    }
    return value + length
  }

  private mutating func count() throws(Refusal) {
    elements += 1
    guard elements <= Self.mostElements else { throw Refusal(fault: "has more than \(Self.mostElements) elements") }
  }

  private func word(_ at: Int) -> Int { Int(bytes[at]) | Int(bytes[at + 1]) << 8 }
  private func long(_ at: Int) -> Int { word(at) | word(at + 2) << 16 }
  private func tag(_ at: Int) -> Tag { Tag(UInt16(word(at)), UInt16(word(at + 2))) }
}
