import Files
import Glibc
import Synchronization

/// A file being written: under a hidden temporary name beside its destination until `commit()`, gone without it.
struct OutputFile: ~Copyable {
  private let path: String
  private let temporaryPath: String
  private let descriptor: Int32
  private var isCommitted = false

  private static let counter = Atomic<Int>(0)

  init(path: String) throws(VolumeError) {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? ""
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    let number = Self.counter.add(1, ordering: .relaxed).newValue
    let temporaryPath = "\(folder).\(name).partial-\(getpid())-\(number)"
    // Never through a link and never over a file that somebody else put there.
    let descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, DurableFile.fileMode)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: systemErrorText(errno)) }
    self.path = path
    self.temporaryPath = temporaryPath
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
    if !isCommitted { unlink(temporaryPath) }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(VolumeError) {
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if count < 0 {
        if errno == EINTR { continue }
        throw .unwritable(path: path, reason: systemErrorText(errno))
      }
      done += count
    }
  }

  /// Puts the bytes on the disk and the file under its name, replacing what was there.
  mutating func commit() throws(VolumeError) {
    guard fsync(descriptor) == 0, rename(temporaryPath, path) == 0 else {
      throw .unwritable(path: path, reason: systemErrorText(errno))
    }
    isCommitted = true
  }
}
