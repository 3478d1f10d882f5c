/// What a NIfTI file says in words: text that does not describe the image and may identify a person.
///
/// Never shown in a report; it exists so that a folder can be looked through before it is shared.
public enum NIfTIFreeText {
  /// No more of an extension is looked at.
  private static let longestExtension = 1 << 22
  /// Shorter runs of printable bytes are not text.
  private static let shortestRun = 3

  private static let fields: [HeaderField] = [.descrip, .auxFile, .intentName, .dataType, .dbName, .unused]

  /// Every text by the name of its field: the header's own fields, `extension` for what lies between header and
  /// voxels, and `gzip name`, `gzip comment`, `gzip time` for what the compressed file says of its origin.
  ///
  /// - Throws: ``VolumeError`` for a file that has no NIfTI header.
  public static func texts(in path: String) throws -> [(field: String, text: String)] {
    var reader = try ByteReader(path: path)
    let header = try NIfTIFile.readHeader(&reader)
    var found = reader.isCompressed ? try gzipTexts(path) : []
    for field in fields {
      let text = printable(header.storedBytes(field))
      if !text.isEmpty { found.append((field.rawValue, text)) }
    }
    let offset = header.integer(.voxOffset) ?? 0
    // Any number may stand there: no difference before it is known to be one.
    let gap = min(max(offset, header.bytes.count) - header.bytes.count, longestExtension)
    if gap > 0 {
      var bytes = [UInt8](repeating: 0, count: min(gap, reader.largestByteCount))
      var count = 0
      do { try bytes.withUnsafeMutableBytes { count = try reader.read(into: $0) } } catch let error as VolumeError {
        throw error
      }
      let text = printable(Array(bytes[..<count]))
      if !text.isEmpty { found.append(("extension", text)) }
    }
    return found
  }

  /// Runs of printable characters, one after the other; of text in UTF-16 its letters.
  static func printable(_ bytes: [UInt8]) -> String {
    let zeros = bytes.count { $0 == 0 }
    let isWide =
      zeros * 3 > bytes.count && zip(bytes, bytes.dropFirst()).count { ($0 == 0) != ($1 == 0) } * 3 > bytes.count
    let letters = isWide ? bytes.filter { $0 != 0 } : bytes
    return letters.split { $0 < 0x20 || $0 == 0x7F }.filter { $0.count >= shortestRun }.map {
      String(decoding: $0, as: UTF8.self)
    }.joined(separator: " ")
  }

  /// Name, comment and time in a gzip header (RFC 1952 §2.3).
  private static func gzipTexts(_ path: String) throws -> [(field: String, text: String)] {
    let file = try InputFile(path: path)
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    var count = 0
    do { try bytes.withUnsafeMutableBytes { count = try file.read(into: $0) } } catch let error as VolumeError {
      throw error
    }
    bytes = Array(bytes[..<count])
    guard bytes.count >= 10 else { return [] }
    var found: [(field: String, text: String)] = []
    let flags = bytes[3]
    let seconds = bytes[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    if seconds != 0 { found.append(("gzip time", "\(seconds) s of Unix time")) }
    var at = 10
    if flags & 4 != 0, at + 2 <= bytes.count {
      let length = Int(bytes[at]) | Int(bytes[at + 1]) << 8
      let text = printable(Array(bytes[min(at + 2, bytes.count)..<min(at + 2 + length, bytes.count)]))
      if !text.isEmpty { found.append(("gzip extra field", text)) }
      at += 2 + length
    }
    for (flag, name) in [(UInt8(8), "gzip name"), (16, "gzip comment")] where flags & flag != 0 && at < bytes.count {
      let end = bytes[at...].firstIndex(of: 0) ?? bytes.count
      if end > at { found.append((name, String(decoding: bytes[at..<end], as: UTF8.self))) }
      at = end + 1
    }
    return found
  }
}
