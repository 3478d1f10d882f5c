import Files
import Glibc

/// Owns a read-only memory map of a whole file.
package final class MappedFile: @unchecked Sendable {
  // Sendable: the bytes are mapped read-only and unmapped only when nobody refers to them.
  package let path: String
  package let bytes: UnsafeRawBufferPointer

  /// - Throws: ``CheckpointError/unreadable(file:reason:)``.
  package init(_ path: String) throws {
    self.path = path
    let file: RegularFile
    do throws(FileError) { file = try RegularFile(path: path) } catch {
      throw CheckpointError.unreadable(file: path, reason: error.reason)
    }
    let count = file.byteCount
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, file.descriptor, 0), start != MAP_FAILED else {
      throw CheckpointError.unreadable(file: path, reason: String(cString: strerror(errno)))
    }
    bytes = UnsafeRawBufferPointer(start: start, count: count)
  }

  /// The bytes, mapped at least as long as the body runs; nothing may keep them beyond it.
  package func withBytes<T>(_ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
    try withExtendedLifetime(self) { try body(bytes) }
  }

  deinit { if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) } }
}

/// Files that are often found in the place of a checkpoint.
enum ForeignFormat {
  /// What the file is and the way out, or nil for none of these.
  static func reason(_ bytes: UnsafeRawBufferPointer) -> String? {
    let start = bytes.prefix(512)
    let text = String(decoding: start, as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    if start.starts(with: [0x1F, 0x8B]) { return "it is compressed with gzip; unpack it with gunzip" }
    if text.hasPrefix("version https://git-lfs") {
      return "it is a pointer of Git LFS, not the file that it stands for; fetch that with git lfs pull"
    }
    if ["<!doctype", "<html", "<?xml"].contains(where: { text.lowercased().hasPrefix($0) }) {
      return "it is a web page, not a model; the download was answered by a page: open its address in a browser"
    }
    return nil
  }

  /// Whether the file begins as safetensors do: the length of a header within the file, and the header's brace.
  static func isSafeTensors(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count > 8, bytes[8] == UInt8(ascii: "{") else { return false }
    return UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)) <= UInt64(bytes.count - 8)
  }

  /// Whether the file begins as zip files do, and so as checkpoints of torch.save.
  static func isZip(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 4 && UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)) == ZipArchive.localSignature
  }
}
