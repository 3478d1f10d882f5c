import Foundation

/// A text as a reader takes it in: capitals, accents, marks, invisible characters and look-alike letters make no
/// difference, and every digit is one of ten.
///
/// Unicode scalars after compatibility decomposition (UAX #15, NFKD) without combining marks and format characters,
/// lower case, white space as spaces, dashes as `-`, slashes as `/`. Each folded scalar knows the scalar it comes from.
struct FoldedText {
  /// Folded scalars.
  let scalars: [UInt32]
  /// For each folded scalar, its place in ``original``.
  private let origins: [Int]
  private let original: [Unicode.Scalar]

  init(_ text: String) {
    let original = Array(text.unicodeScalars)
    var scalars: [UInt32] = []
    var origins: [Int] = []
    scalars.reserveCapacity(original.count)
    origins.reserveCapacity(original.count)
    var known: [UInt32: [UInt32]] = [:]
    for (index, scalar) in original.enumerated() {
      if scalar.value < 0x80 {
        guard let folded = Self.ascii(scalar.value) else { continue }
        scalars.append(folded)
        origins.append(index)
        continue
      }
      let folded: [UInt32]
      if let found = known[scalar.value] {
        folded = found
      } else {
        folded = Self.folded(scalar)
        known[scalar.value] = folded
      }
      for value in folded {
        scalars.append(value)
        origins.append(index)
      }
    }
    (self.scalars, self.origins, self.original) = (scalars, origins, original)
  }

  var count: Int { scalars.count }

  /// The text as it was written, for a range of folded scalars.
  func excerpt(_ range: Range<Int>) -> String {
    guard let first = range.first, let last = range.last else { return "" }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: original[origins[first]...origins[last]])
    return String(view)
  }

  /// The scalar at a place; nil before the start and behind the end.
  func at(_ index: Int) -> UInt32? { scalars.indices.contains(index) ? scalars[index] : nil }

  func isWord(_ index: Int) -> Bool { at(index).map(Self.isWord) ?? false }
  func isDigit(_ index: Int) -> Bool { at(index).map(Self.isDigit) ?? false }

  // MARK: - Kinds of folded scalars

  static func isDigit(_ value: UInt32) -> Bool { (0x30...0x39).contains(value) }

  /// A letter or a digit.
  static func isWord(_ value: UInt32) -> Bool {
    if value < 0x80 { return isDigit(value) || (0x61...0x7A).contains(value) }
    guard let scalar = Unicode.Scalar(value) else { return false }
    return scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
  }

  /// Letters of scripts that put no space between words.
  static func isUnspaced(_ value: UInt32) -> Bool {
    switch value {
    case 0x0E00...0x0EFF, 0x1100...0x11FF, 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7FF,
      0x20000...0x3FFFF:
      true
    default: false
    }
  }

  // MARK: - Folding

  private static func ascii(_ value: UInt32) -> UInt32? {
    switch value {
    case 0x41...0x5A: value + 0x20
    case 0x09...0x0D: 0x20
    case 0..<0x20, 0x7F: nil
    default: value
    }
  }

  /// Characters that show nothing although Unicode calls them letters or symbols.
  private static let invisible: Set<UInt32> = [0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800]

  /// Letters that look like another one, and letters that no decomposition takes apart.
  private static let alike: [UInt32: String] = {
    var table: [UInt32: String] = [:]
    let pairs = "аaвbеeкkмmнhоoрpсcтtуyхxіiјjѕsԁdһhԛqԝwαaβbεeζzηhιiκkμmνvοoρpτtυuχxøođdłlðdıiɡgħhŧtʟl"
    var letters = pairs.unicodeScalars.makeIterator()
    while let one = letters.next(), let other = letters.next() { table[one.value] = String(other) }
    for (one, other) in [("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("þ", "th")] {
      table[one.unicodeScalars.first!.value] = other
    }
    return table
  }()

  private static func folded(_ scalar: Unicode.Scalar) -> [UInt32] {
    switch scalar.value {
    case 0x2044, 0x2215, 0x29F8: return [0x2F]
    case 0x2216, 0x29F5, 0x29F9: return [0x5C]
    case 0x2212: return [0x2D]
    case 0x3002: return [0x2E]
    case _ where invisible.contains(scalar.value): return []
    default: break
    }
    let properties = scalar.properties
    switch properties.generalCategory {
    case .format, .nonspacingMark, .enclosingMark, .control: return []
    case .spaceSeparator, .lineSeparator, .paragraphSeparator: return [0x20]
    case .dashPunctuation: return [0x2D]
    case .decimalNumber: return [0x30 + UInt32(properties.numericValue ?? 0)]
    default: break
    }
    let decomposed = String(scalar).decomposedStringWithCompatibilityMapping.lowercased()
    return decomposed.decomposedStringWithCompatibilityMapping.unicodeScalars.flatMap { part -> [UInt32] in
      if part.value < 0x80 { return ascii(part.value).map { [$0] } ?? [] }
      if let letters = alike[part.value] { return letters.unicodeScalars.map(\.value) }
      switch part.properties.generalCategory {
      case .format, .nonspacingMark, .enclosingMark, .control: return []
      case .spaceSeparator: return [0x20]
      case .dashPunctuation: return [0x2D]
      default: return part == scalar || part.value != 0x2044 ? [part.value] : [0x2F]
      }
    }
  }
}
