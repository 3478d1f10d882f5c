import Files
import Glibc

/// A regular file open for reading, with the errors of this target; closed when it goes out of scope.
struct InputFile: ~Copyable {
  private let file: RegularFile

  var path: String { file.path }
  var byteCount: Int { file.byteCount }

  init(path: String) throws(VolumeError) {
    do throws(FileError) { file = try RegularFile(path: path) } catch {
      throw .unreadable(path: path, reason: error.reason)
    }
  }

  /// Fills `target` from the current position; fewer bytes only at the end of the file.
  func read(into target: UnsafeMutableRawBufferPointer) throws(VolumeError) -> Int {
    do throws(FileError) { return try file.read(into: target) } catch {
      throw .unreadable(path: path, reason: error.reason)
    }
  }
}

/// The system's text for an error number.
func systemErrorText(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }
