public import Foundation

/// Reads files that are taken into memory whole: records, descriptions, tables, pages.
///
/// Anything but a regular file is refused before it is opened (a pipe would wait for ever, a device may never end), and
/// a file larger than its kind can be is refused before it is read.
public enum SmallFile {
  /// The most bytes that a kind of file may have.
  public enum Limit: Int, Sendable {
    /// A key, a sidecar, a description of a data set or a model, a filter.
    case description = 16_777_216
    /// Results, an audit trail, a table, exported decisions, a calibration.
    case record = 268_435_456
    /// A report with its pictures.
    case page = 536_870_912
  }

  /// - Throws: ``FileError``.
  public static func read(_ url: URL, _ limit: Limit) throws(FileError) -> [UInt8] {
    try read(url, limit: limit.rawValue)
  }

  static func read(_ url: URL, limit: Int) throws(FileError) -> [UInt8] {
    let path = url.path
    let size = try requireRegular(url)
    guard size <= limit else { throw .tooLarge(path: path, bytes: size, limit: limit) }
    // Without waiting, in case the file was replaced by a pipe since it was looked at.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: systemText(errno)) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: size)
    var filled = 0
    // One byte more than the limit tells a file that grew.
    while true {
      if filled == bytes.count {
        guard bytes.count <= limit else { throw .tooLarge(path: path, bytes: bytes.count, limit: limit) }
        bytes.append(contentsOf: repeatElement(0, count: min(max(bytes.count, 4096), limit + 1 - bytes.count)))
      }
      let count = bytes.withUnsafeMutableBytes {
        Foundation.read(descriptor, $0.baseAddress! + filled, $0.count - filled)
      }
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw .unreadable(path: path, reason: systemText(errno))
      }
      filled += count
    }
    bytes.removeLast(bytes.count - filled)
    return bytes
  }

  /// Refuses what is no regular file, and returns its size in bytes.
  ///
  /// - Throws: ``FileError``.
  @discardableResult public static func requireRegular(_ url: URL) throws(FileError) -> Int {
    try requireRegular(path: url.path)
  }

  /// The same of a path.
  @discardableResult public static func requireRegular(path: String) throws(FileError) -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT { throw .missing(path: path) }
      throw .unreadable(path: path, reason: systemText(errno))
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return Int(status.st_size)
    case S_IFDIR: throw .notRegular(path: path, kind: "a folder")
    case S_IFIFO: throw .notRegular(path: path, kind: "a named pipe")
    case S_IFSOCK: throw .notRegular(path: path, kind: "a socket")
    default: throw .notRegular(path: path, kind: "a device")
    }
  }
}

/// The system's text for an error number.
func systemText(_ code: Int32) -> String { String(cString: strerror(code)) }
