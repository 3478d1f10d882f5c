/// Damage to a file, drawn from a seed: bytes changed, cut out, repeated, moved in from elsewhere, numbers made
/// extreme.
public struct Mutation {
  public var numbers: SeededNumbers
  /// Pieces that mean something in the format.
  let tokens: [[UInt8]]
  /// Whole members of a JSON object, put where an object begins: keys that mean the same as others, values of another
  /// kind.
  let members: [[UInt8]]

  private static let extremes: [UInt64] = [
    0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000, 1 << 40,
    0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, .max,
  ]

  public init(seed: UInt64, tokens: [[UInt8]], members: [[UInt8]] = []) {
    numbers = SeededNumbers(seed)
    self.tokens = tokens
    self.members = members
  }

  public mutating func damaged(_ original: [UInt8], other: [UInt8]) -> [UInt8] {
    var bytes = original
    for _ in 0..<[1, 1, 1, 1, 2, 2, 4, 8].randomElement(using: &numbers)! {
      if bytes.isEmpty { bytes = [0] }
      let place = Int.random(in: 0..<bytes.count, using: &numbers)
      let length = Int.random(in: 1...[1, 2, 8, 64].randomElement(using: &numbers)!, using: &numbers)
      // Half of the damage keeps the length, so that more of it gets past the outermost layer.
      let kind =
        Bool.random(using: &numbers)
        ? [0, 1, 5, 7].randomElement(using: &numbers)! : Int.random(in: 0..<(members.isEmpty ? 8 : 12), using: &numbers)
      switch kind {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
      case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
      case 2: bytes.insert(contentsOf: bytes[place...].prefix(length), at: place)
      case 3: bytes.removeSubrange(place..<min(place + length, bytes.count))
      case 4 where !other.isEmpty:
        let from = Int.random(in: 0..<other.count, using: &numbers)
        bytes.insert(contentsOf: other[from...].prefix(length), at: place)
      case 5:
        let value = Self.extremes.randomElement(using: &numbers) ?? 0
        for i in 0..<[1, 2, 4, 8].randomElement(using: &numbers)! where place + i < bytes.count {
          bytes[place + i] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(i)))
        }
      case 6 where !tokens.isEmpty:
        let token = tokens.randomElement(using: &numbers) ?? []
        if Bool.random(using: &numbers) {
          bytes.replaceSubrange(place..<min(place + token.count, bytes.count), with: token)
        } else {
          bytes.insert(contentsOf: token, at: place)
        }
      case 8...:
        guard let brace = bytes[..<place].lastIndex(of: UInt8(ascii: "{")) else { continue }
        bytes.insert(contentsOf: members.randomElement(using: &numbers) ?? [], at: brace + 1)
      default: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &numbers))
      }
    }
    // Damage repeats itself into the large; what is looked for is not size.
    return Array(bytes.prefix(4 * original.count + 4096))
  }
}

/// A zip file of stored entries with correct checksums, so that damage inside an entry reaches the reader behind.
public func zipArchive(_ entries: [(name: String, content: [UInt8])], checksum: ([UInt8]) -> UInt32) -> [UInt8] {
  var file: [UInt8] = []
  var directory: [UInt8] = []
  func append<T: FixedWidthInteger>(_ value: T, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
  for (name, content) in entries {
    let start = UInt32(file.count)
    for isDirectory in [false, true] {
      var header: [UInt8] = []
      append(isDirectory ? 0x0201_4b50 : 0x0403_4b50 as UInt32, to: &header)
      if isDirectory { append(20 as UInt16, to: &header) }
      for value in [20, 0, 0, 0, 0] as [UInt16] { append(value, to: &header) }
      for value in [checksum(content), UInt32(content.count), UInt32(content.count)] { append(value, to: &header) }
      for value in [UInt16(name.utf8.count), 0] { append(value, to: &header) }
      if isDirectory {
        for value in [0, 0, 0] as [UInt16] { append(value, to: &header) }
        for value in [0, start] { append(value, to: &header) }
      }
      header += Array(name.utf8)
      if isDirectory { directory += header } else { file += header + content }
    }
  }
  let start = UInt32(file.count)
  file += directory
  append(0x0605_4b50 as UInt32, to: &file)
  for value in [0, 0, UInt16(entries.count), UInt16(entries.count)] { append(value, to: &file) }
  for value in [UInt32(directory.count), start] { append(value, to: &file) }
  append(0 as UInt16, to: &file)
  return file
}
