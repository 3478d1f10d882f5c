public import Foundation

/// Keeps other processes, and other parts of this one, from the same work: `flock` on a file that is there only as long
/// as somebody holds or wants the lock.
///
/// The system gives the lock up when the process ends, however it ends. The file is removed by its holder; who gets a
/// lock on a file that has been removed meanwhile tries again.
public final class FileLock {
  private let url: URL
  private let descriptor: Int32
  /// Folders that were made for the lock's file and are removed with it when nothing else came into them. The one that
  /// it lies in goes whoever made it: that may have been somebody who then did not get the lock.
  private let made: [URL]
  private var isHeld = true

  private init(_ url: URL, _ descriptor: Int32, made: [URL]) {
    self.url = url
    self.descriptor = descriptor
    self.made = made
  }

  deinit { release() }

  /// Tries once; nil while another holds the lock.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  public static func attempt(_ url: URL) throws(FileError) -> FileLock? {
    var made: [URL] = []
    while true {
      made += try DurableFile.makeFolder(url.deletingLastPathComponent())
      let descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, DurableFile.fileMode)
      if descriptor < 0 {
        // The folder was removed again by another who had made it.
        if errno == ENOENT { continue }
        throw .unwritable(path: url.path, reason: systemText(errno))
      }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let code = errno
        close(descriptor)
        if code == EWOULDBLOCK { return nil }
        if code == EINTR { continue }
        throw .unwritable(path: url.path, reason: systemText(code))
      }
      if isFile(descriptor, at: url) { return FileLock(url, descriptor, made: made) }
      close(descriptor)
    }
  }

  /// Whether another holds the lock now.
  public static func isHeld(_ url: URL) -> Bool {
    let descriptor = open(url.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  /// Gives the lock up; nothing happens the second time.
  public func release() {
    guard isHeld else { return }
    isHeld = false
    unlink(url.path)
    rmdir(url.deletingLastPathComponent().path)
    for folder in made { rmdir(folder.path) }
    close(descriptor)
  }

  private static func isFile(_ descriptor: Int32, at url: URL) -> Bool {
    var (own, standing) = (stat(), stat())
    return fstat(descriptor, &own) == 0 && lstat(url.path, &standing) == 0 && own.st_ino == standing.st_ino
      && own.st_dev == standing.st_dev
  }
}
