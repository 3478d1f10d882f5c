import Digests

/// Unique identifiers of objects (PS3.5, chapter 9).
public enum UID {
  /// A UID that is the same for the same names: `2.25.` and the decimal digits of 128 bits of a digest, marked as a
  /// UUID of version 8 (PS3.5, B.2; RFC 9562).
  public static func derived(_ names: [String]) -> String {
    // Lengths keep ("ab", "c") and ("a", "bc") apart.
    derived(digest: Digest.sha256Bytes(names.flatMap { "\($0.utf8.count):\($0)".utf8 }))
  }

  /// - Parameter digest: 16 or more bytes.
  static func derived(digest: [UInt8]) -> String {
    var bytes = Array(digest.prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    return "2.25." + decimal(bytes)
  }

  /// Digits and single dots, at most 64 characters, no component with a leading zero.
  public static func isValid(_ text: String) -> Bool {
    guard !text.isEmpty, text.utf8.count <= 64 else { return false }
    return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) } && (part.count == 1 || part.first != "0")
    }
  }

  /// A whole number of any length, most significant byte first, in decimal digits.
  private static func decimal(_ bytes: [UInt8]) -> String {
    var digits: [UInt8] = [0]
    for byte in bytes {
      var carry = Int(byte)
      for n in digits.indices {
        let value = Int(digits[n]) * 256 + carry
        digits[n] = UInt8(value % 10)
        carry = value / 10
      }
      while carry > 0 {
        digits.append(UInt8(carry % 10))
        carry /= 10
      }
    }
    return String(decoding: digits.reversed().map { $0 + 0x30 }, as: UTF8.self)
  }
}

/// SOP classes that are read or written here (PS3.4, B.5).
public enum SOPClass {
  public static let mr = "1.2.840.10008.5.1.4.1.1.4"
  public static let enhancedMR = "1.2.840.10008.5.1.4.1.1.4.1"
  public static let legacyConvertedMR = "1.2.840.10008.5.1.4.1.1.4.4"
  public static let segmentation = "1.2.840.10008.5.1.4.1.1.66.4"
  public static let comprehensive3DSR = "1.2.840.10008.5.1.4.1.1.88.34"
  public static let encapsulatedPDF = "1.2.840.10008.5.1.4.1.1.104.1"
  public static let secondaryCapture = "1.2.840.10008.5.1.4.1.1.7"
  public static let keyObjectSelection = "1.2.840.10008.5.1.4.1.1.88.59"
}
