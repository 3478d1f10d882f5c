public import Foundation

/// A regular file open for reading; closed when it goes out of scope.
///
/// Anything else is refused before it is opened: a pipe would wait for ever, a device may never end.
public struct RegularFile: ~Copyable {
  public let path: String
  /// Size in bytes when it was opened.
  public let byteCount: Int
  /// The permission bits.
  public let mode: mode_t
  public let descriptor: Int32

  /// - Throws: ``FileError``.
  public init(path: String) throws(FileError) {
    try Self.require(path: path)
    // Without waiting, in case the file was replaced by a pipe since it was looked at.
    let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard opened >= 0 else { throw .unreadable(path: path, reason: systemText(errno)) }
    var status = stat()
    let fault: FileError? =
      fstat(opened, &status) == 0
      ? Self.kindIfOther(status).map { .notRegular(path: path, kind: $0) }
      : .unreadable(path: path, reason: systemText(errno))
    if let fault {
      close(opened)
      throw fault
    }
    self.path = path
    byteCount = Int(status.st_size)
    mode = status.st_mode & 0o7777
    descriptor = opened
  }

  deinit { close(descriptor) }

  /// Fills `target` from the current position; returns fewer bytes only at the end of the file.
  ///
  /// - Throws: ``FileError/unreadable(path:reason:)``.
  public func read(into target: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    var filled = 0
    while filled < target.count {
      let count = Foundation.read(descriptor, target.baseAddress! + filled, target.count - filled)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw .unreadable(path: path, reason: systemText(errno))
      }
      filled += count
    }
    return filled
  }

  /// Everything from the current position, also of a file that grows meanwhile.
  ///
  /// - Parameter limit: most bytes, of the file and of what is read.
  /// - Throws: ``FileError``.
  public func contents(limit: Int) throws(FileError) -> [UInt8] {
    guard byteCount <= limit else { throw .tooLarge(path: path, bytes: byteCount, limit: limit) }
    // One byte more than expected tells the end.
    var bytes = [UInt8](repeating: 0, count: min(byteCount, limit) + 1)
    var filled = 0
    while true {
      let count = try read(into: &bytes, from: filled)
      filled += count
      if filled < bytes.count { break }
      guard bytes.count <= limit else { throw .tooLarge(path: path, bytes: bytes.count, limit: limit) }
      bytes.append(contentsOf: repeatElement(0, count: min(max(bytes.count, 4096), limit + 1 - bytes.count)))
    }
    bytes.removeLast(bytes.count - filled)
    return bytes
  }

  private func read(into bytes: inout [UInt8], from start: Int) throws(FileError) -> Int {
    let outcome: Result<Int, FileError> = bytes.withUnsafeMutableBytes { target in
      do throws(FileError) {
        return .success(try read(into: UnsafeMutableRawBufferPointer(rebasing: target[start...])))
      } catch { return .failure(error) }
    }
    return try outcome.get()
  }

  /// Refuses what is no regular file, without opening it, and returns its size in bytes.
  ///
  /// - Throws: ``FileError``.
  @discardableResult public static func require(path: String) throws(FileError) -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT { throw .missing(path: path) }
      throw .unreadable(path: path, reason: systemText(errno))
    }
    if let kind = kindIfOther(status) { throw .notRegular(path: path, kind: kind) }
    return Int(status.st_size)
  }

  private static func kindIfOther(_ status: stat) -> String? {
    switch status.st_mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: "a folder"
    case S_IFIFO: "a named pipe"
    case S_IFSOCK: "a socket"
    default: "a device"
    }
  }
}

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
    try RegularFile(path: url.path).contents(limit: limit.rawValue)
  }
}

/// The system's text for an error number.
func systemText(_ code: Int32) -> String { String(cString: strerror(code)) }
