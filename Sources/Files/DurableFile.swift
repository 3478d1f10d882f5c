public import Foundation
import Synchronization

/// Writes files so that a name never stands for half of a content, also after a power cut: a hidden file beside the
/// destination is filled, put on the disk and renamed, and the folder is put on the disk too.
///
/// Files are written 0640 and folders 0750, or stricter when the process's mask asks for it.
public enum DurableFile {
  private static let counter = Atomic<Int>(0)
  /// Owner reads and writes, group reads.
  public static let fileMode: mode_t = 0o640
  public static let folderMode: mode_t = 0o750

  /// Narrows the process's mask, so that nothing it makes from now on is open to others.
  public static func restrictMask() {
    let current = umask(0o077)
    umask(current | 0o027)
  }

  /// Replaces a file. A link in its place is replaced and not followed.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  public static func write(_ bytes: [UInt8], to url: URL, mode: mode_t = fileMode) throws(FileError) {
    let number = counter.add(1, ordering: .relaxed).newValue
    let folder = url.deletingLastPathComponent()
    let temporary = folder.appendingPathComponent(".\(url.lastPathComponent).partial-\(getpid())-\(number)").path
    try fill(temporary, with: bytes, mode: mode, named: url.path)
    guard rename(temporary, url.path) == 0 else {
      let reason = systemText(errno)
      unlink(temporary)
      throw .unwritable(path: url.path, reason: reason)
    }
    try sync(folder: folder)
  }

  /// Fills a file that does not exist yet, and puts its bytes on the disk.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``; no file is left then.
  public static func create(_ bytes: [UInt8], at url: URL) throws(FileError) {
    try fill(url.path, with: bytes, mode: fileMode, named: url.path)
  }

  /// Puts the names in a folder on the disk.
  public static func sync(folder: URL) throws(FileError) {
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unwritable(path: folder.path, reason: systemText(errno)) }
    defer { close(descriptor) }
    // Some file systems have nothing to do for a folder and say so.
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw .unwritable(path: folder.path, reason: systemText(errno))
    }
  }

  /// Makes a folder and those above it; returns those that were not there, the lowest first.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  @discardableResult public static func makeFolder(_ url: URL) throws(FileError) -> [URL] {
    var missing: [URL] = []
    var folder = url.standardizedFileURL
    var status = stat()
    while stat(folder.path, &status) != 0, folder.path != "/" {
      missing.append(folder)
      folder.deleteLastPathComponent()
    }
    var made: [URL] = []
    for folder in missing.reversed() {
      if mkdir(folder.path, folderMode) == 0 {
        made.insert(folder, at: 0)
      } else if errno != EEXIST {
        throw .unwritable(path: folder.path, reason: systemText(errno))
      }
    }
    guard stat(url.path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw .unwritable(path: url.path, reason: systemText(ENOTDIR))
    }
    return made
  }

  /// Removes hidden files that a process left which ended while it was writing into a folder. Only for who keeps every
  /// other process from writing there.
  ///
  /// - Parameter isOwn: whether a name stands for a file that is written under the caller's lock.
  public static func removeUnfinished(in folder: URL, isOwn: (String) -> Bool) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] {
      guard name.hasPrefix("."), let mark = name.range(of: ".partial-", options: .backwards),
        isOwn(String(name[name.index(after: name.startIndex)..<mark.lowerBound]))
      else { continue }
      let rest = name[mark.upperBound...].split(separator: "-", omittingEmptySubsequences: false)
      guard rest.count == 2, rest.allSatisfy({ Int($0) != nil }) else { continue }
      unlink(folder.appendingPathComponent(name).path)
    }
  }

  private static func fill(_ path: String, with bytes: [UInt8], mode: mode_t, named: String) throws(FileError) {
    // Never through a link and never over a file that somebody else put there.
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
    guard descriptor >= 0 else { throw .unwritable(path: named, reason: systemText(errno)) }
    let error = bytes.withUnsafeBytes { writeAll($0, to: descriptor) } ?? (fsync(descriptor) == 0 ? nil : errno)
    close(descriptor)
    guard let error else { return }
    unlink(path)
    throw .unwritable(path: named, reason: systemText(error))
  }

  /// The error number; nil when everything was written.
  private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32? {
    var done = 0
    while done < bytes.count {
      let count = Foundation.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if count < 0, errno != EINTR { return errno }
      done += max(0, count)
    }
    return nil
  }
}
