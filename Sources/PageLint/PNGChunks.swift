import CZlib
import Foundation

/// The chunks of a PNG and what the textual ones say.
///
/// Source: Portable Network Graphics, third edition, §5 and §11.3.3.
package enum PNGChunks {
  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  /// What is needed to show a picture, and nothing that could name anybody.
  private static let harmless: Set<String> = [
    "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "pHYs", "sBIT", "bKGD",
  ]
  /// A picture's text is not longer; the rest is not inflated.
  private static let longestText = 1 << 16

  /// What a PNG holds beside the picture, in words: text, time and camera chunks can identify a person.
  package static func leaks(in bytes: [UInt8]) -> [String] {
    guard bytes.starts(with: signature) else { return ["a PNG that cannot be decoded"] }
    var found: [String] = []
    var at = signature.count
    var isEnded = false
    while at < bytes.count {
      guard !isEnded else { return found + ["\(bytes.count - at) bytes behind the end of a PNG"] }
      guard at + 12 <= bytes.count else { return found + ["a PNG that ends too early"] }
      let length = bytes[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) }
      let type = String(decoding: bytes[(at + 4)..<(at + 8)], as: UTF8.self)
      guard length <= bytes.count - at - 12 else { return found + ["a PNG that ends too early (chunk \(type))"] }
      if !harmless.contains(type) {
        let content = Array(bytes[(at + 8)..<(at + 8 + length)])
        found.append("PNG chunk \(type): \(text(of: type, content))")
      }
      isEnded = type == "IEND"
      at += 12 + length
    }
    return isEnded ? found : found + ["a PNG that ends too early"]
  }

  private static func text(of type: String, _ content: [UInt8]) -> String {
    let parts = content.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    var shown = content
    switch type {
    case "zTXt", "iCCP":
      if parts.count == 2 { shown = Array(parts[0]) + [0x3A, 0x20] + inflated(Array(parts[1].dropFirst())) }
    case "iTXt":
      // Keyword, flag, method, language and translated keyword, then the text.
      guard parts.count == 2, parts[1].count > 2 else { break }
      let fields = parts[1].dropFirst(2).split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { break }
      let isCompressed = parts[1].first == 1
      shown = Array(parts[0]) + [0x3A, 0x20] + (isCompressed ? inflated(Array(fields[2])) : Array(fields[2]))
    case "tIME":
      if content.count == 7 {
        let year = Int(content[0]) << 8 | Int(content[1])
        return "\(year)-\(content[2])-\(content[3]) \(content[4]):\(content[5])"
      }
    default: break
    }
    return String(decoding: shown.prefix(200).map { $0 == 0 ? 0x20 : $0 }, as: UTF8.self)
  }

  /// Up to 64 kB of a zlib stream; empty for a damaged one.
  private static func inflated(_ bytes: [UInt8]) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: longestText)
    var source = bytes
    var stream = z_stream()
    guard inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return [] }
    defer { inflateEnd(&stream) }
    let count = source.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target -> Int in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        _ = inflate(&stream, Z_SYNC_FLUSH)
        return target.count - Int(stream.avail_out)
      }
    }
    return Array(output.prefix(count))
  }
}
