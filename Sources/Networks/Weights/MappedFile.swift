import Glibc

/// Owns a read-only memory map of a whole file.
final class MappedFile: @unchecked Sendable {
  // Sendable: the bytes are mapped read-only and unmapped only when nobody refers to them.
  let path: String
  let bytes: UnsafeRawBufferPointer

  /// - Throws: ``NetworkError/unreadable(file:reason:)``.
  init(_ path: String) throws {
    func failure() -> NetworkError { .unreadable(file: path, reason: String(cString: strerror(errno))) }
    self.path = path
    // Without waiting, so that a named pipe is refused below rather than waited for.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure() }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure() }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw NetworkError.unreadable(file: path, reason: "not a regular file")
    }
    let count = Int(status.st_size)
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      throw failure()
    }
    bytes = UnsafeRawBufferPointer(start: start, count: count)
  }

  /// The bytes, mapped at least as long as the body runs; nothing may keep them beyond it.
  func withBytes<T>(_ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
    try withExtendedLifetime(self) { try body(bytes) }
  }

  deinit {
    if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
  }
}
