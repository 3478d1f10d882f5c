import Glibc

/// A regular file open for reading; closed when it goes out of scope.
struct InputFile: ~Copyable {
  let path: String
  let byteCount: Int
  private let descriptor: Int32

  /// Anything but a regular file is refused before it is opened: a pipe or a device could block or never end.
  init(path: String) throws(VolumeError) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw .unreadable(path: path, reason: systemErrorText(errno)) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw .unreadable(path: path, reason: "it is a folder") }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable(path: path, reason: "it is not a regular file") }
    let opened = open(path, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else { throw .unreadable(path: path, reason: systemErrorText(errno)) }
    self.path = path
    byteCount = Int(status.st_size)
    descriptor = opened
  }

  deinit { close(descriptor) }

  /// Fills `target` from the current position; fewer bytes only at the end of the file.
  func read(into target: UnsafeMutableRawBufferPointer) throws(VolumeError) -> Int {
    var filled = 0
    while filled < target.count {
      let count = Glibc.read(descriptor, target.baseAddress! + filled, target.count - filled)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw .unreadable(path: path, reason: systemErrorText(errno))
      }
      filled += count
    }
    return filled
  }
}

/// The system's text for an error number.
func systemErrorText(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }
