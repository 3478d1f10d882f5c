import Files
import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// Files that hold one key.
enum KeyFile {
  /// A PEM file of an Ed25519 key has 119 bytes; a longer one may have remarks around it.
  private static let longest = 64 << 10

  /// The bytes of a file that is looked at before it is read: no device, no pipe, and a secret for its owner alone.
  static func read(_ url: URL, isSecret: Bool) throws(DigestError) -> [UInt8] {
    let file: RegularFile
    do throws(FileError) { file = try RegularFile(path: url.path) } catch {
      throw .unreadable(file: url.path, reason: error.reason)
    }
    if isSecret, file.mode & 0o077 != 0 {
      throw .openToOthers(file: url.path, mode: String(file.mode & 0o777, radix: 8))
    }
    guard file.byteCount <= longest else {
      throw .notAKey(file: url.path, found: "has \(file.byteCount) bytes", expected: "a key (PEM)")
    }
    do throws(FileError) { return try file.contents(limit: longest) } catch {
      throw .unreadable(file: url.path, reason: error.reason)
    }
  }

  /// Writes a file that is not there yet and flushes it to the disk.
  static func create(_ url: URL, _ bytes: [UInt8], mode: mode_t) throws(DigestError) {
    let descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else {
      throw errno == EEXIST
        ? .keyExists(file: url.path) : .unwritable(file: url.path, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    guard write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(url.path)
      throw .unwritable(file: url.path, reason: reason)
    }
  }
}
