import Files
import Foundation

/// The bytes of a trail: whole lines, and what stands after the last of them.
struct TrailBytes {
  let lines: [ArraySlice<UInt8>]
  /// What follows the last line end.
  let tail: ArraySlice<UInt8>

  /// - Throws: ``AuditError/unreadable(file:reason:)``, for a pipe or a device too.
  init(_ url: URL) throws(AuditError) {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try SmallFile.read(url, .record) } catch {
      throw AuditError.unreadable(file: url.path, reason: error.reason)
    }
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    var lines = bytes[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if !lines.isEmpty { lines.removeLast() }
    self.lines = lines
    tail = bytes[end...]
  }

  /// Whether bytes without a line end can be the beginning of a record whose writing was cut off: by a power cut, after
  /// which some file systems leave zeros, or by the end of the process. Anything else was put there.
  static func isTorn(_ tail: some Collection<UInt8>) -> Bool {
    var written = Array(tail)
    while written.last == 0 { written.removeLast() }
    let digits = Array(repeating: UInt8(ascii: "x"), count: 64)
    let starts = [AuditRecord.signaturePrefix, Array("\"details\":{".utf8)].map {
      AuditRecord.prefix + digits + AuditRecord.separator + $0
    }
    let fits = starts.contains { start in
      zip(written, start).allSatisfy { byte, expected in
        expected == UInt8(ascii: "x") ? isHexadecimal(byte) : byte == expected
      }
    }
    return fits && written.allSatisfy { $0 >= 0x20 }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}
