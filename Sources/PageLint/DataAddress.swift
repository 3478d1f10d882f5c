import Foundation

/// `data:` addresses (RFC 2397): what a page carries inside itself.
enum DataAddress {
  /// Every such address in a text, up to the quote, bracket or space that ends it.
  static func all(in text: String) -> [String] {
    let bytes = Array(text.utf8)
    let start = Array("data:".utf8)
    var found: [String] = []
    var at = 0
    while at + start.count < bytes.count {
      guard bytes[at] | 0x20 == start[0], zip(bytes[at...], start).allSatisfy({ $0 == $1 || $0 | 0x20 == $1 }),
        at == 0 || !isLetter(bytes[at - 1]), isType(bytes, at + start.count)
      else {
        at += 1
        continue
      }
      let end =
        bytes[at...].firstIndex { [0x22, 0x27, 0x28, 0x29, 0x3C, 0x3E, 0x5C, 0x60].contains($0) || $0 <= 0x20 }
        ?? bytes.count
      found.append(String(decoding: bytes[at..<end], as: UTF8.self))
      at = max(end, at + 1)
    }
    return found
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) || byte == 0x2D }

  /// `image/`, `;` or `,`: other words that end in "data:" are followed by a space.
  private static func isType(_ bytes: [UInt8], _ start: Int) -> Bool {
    if bytes[start] == 0x3B || bytes[start] == 0x2C { return true }
    guard let slash = bytes[start..<min(bytes.count, start + 20)].firstIndex(of: 0x2F), slash > start else {
      return false
    }
    return bytes[start..<slash].allSatisfy(isLetter)
  }

  /// What is wrong with an address: a picture that holds more than a picture, or something that is no PNG.
  static func leaks(in address: String) -> [String] {
    let value = address.trimmingCharacters(in: .whitespacesAndNewlines)
    let comma = value.firstIndex(of: ",") ?? value.endIndex
    let parts = value[..<comma].lowercased().dropFirst("data:".count).split(
      separator: ";", omittingEmptySubsequences: false
    ).map { $0.trimmingCharacters(in: .whitespaces) }
    guard parts.first == "image/png", parts.last == "base64", comma < value.endIndex else {
      return ["\(value.prefix(30))… is no PNG and was not looked into"]
    }
    let content = String(value[value.index(after: comma)...])
    let plain = content.contains("%") ? content.removingPercentEncoding ?? content : content
    guard let data = Data(base64Encoded: plain, options: .ignoreUnknownCharacters) else {
      return ["a PNG that cannot be decoded"]
    }
    return PNGChunks.leaks(in: [UInt8](data))
  }
}
