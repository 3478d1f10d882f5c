import Foundation

/// Whether a key is as hard to guess as its length promises.
///
/// Nobody can tell random bytes from others by looking at them. What is told here is what people put into key files:
/// too little, one byte again and again, a word twice, a row of digits, a password.
enum KeyStrength {
  /// Of a key that is text; random hexadecimal digits hold four bits each, words about one.
  static let fewestCharacters = 32
  /// Of the distribution of a key's bytes, over all of them; 16 random bytes have about 62.
  private static let fewestBits = 48.0

  /// What makes a key weak, in words that follow "the key"; nil for one that may be used.
  static func weakness(of key: [UInt8]) -> String? {
    // The line end that an editor or `openssl rand -hex` leaves is no secret.
    var secret = key[...]
    while let last = secret.last, last == 0x0A || last == 0x0D { secret.removeLast() }
    let bytes = Array(secret)
    guard bytes.count >= PseudonymKey.minimumByteCount else {
      return "has \(bytes.count) bytes\(bytes.count == key.count ? "" : " and a line end")"
    }
    if Set(bytes).count == 1 { return "is one byte again and again" }
    let period = shortestPeriod(bytes)
    if period * 2 <= bytes.count { return "is \(period) bytes again and again" }
    if Set(zip(bytes, bytes.dropFirst()).map { $1 &- $0 }).count == 1 { return "is a row of bytes at one distance" }
    if bytes.count < fewestCharacters, bytes.allSatisfy({ (0x20...0x7E).contains($0) }) {
      return "is text of \(bytes.count) characters"
    }
    if bits(bytes) < fewestBits { return "is made of few different bytes" }
    return nil
  }

  /// The least number of bytes after which a key begins again.
  private static func shortestPeriod(_ bytes: [UInt8]) -> Int {
    (1..<bytes.count).first { period in (period..<bytes.count).allSatisfy { bytes[$0] == bytes[$0 - period] } }
      ?? bytes.count
  }

  /// Entropy of the bytes' distribution times their number.
  private static func bits(_ bytes: [UInt8]) -> Double {
    let counts = bytes.reduce(into: [UInt8: Int]()) { $0[$1, default: 0] += 1 }
    let count = Double(bytes.count)
    return counts.values.sorted().reduce(0) { $0 - Double($1) * log2(Double($1) / count) }
  }
}
