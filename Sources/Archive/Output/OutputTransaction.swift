package import AuditTrail
import Digests
package import Foundation
package import Results

/// Writes the files of one patient so that nothing half-written ever looks finished.
///
/// Files are written into a hidden folder beside their destination and moved into place together, the report last. A
/// crash before that leaves only the hidden folder, which the next run removes; a crash in between leaves no report,
/// since the old one is removed first.
package final class OutputTransaction {
  /// A file as it lies in the output folder.
  package struct File: Sendable, Equatable {
    package let path: String
    package let sha256: String
    package let byteCount: Int
  }

  private let root: URL
  private let staging: URL
  private var paths: [String] = []
  private var committed = false

  /// - Throws: ``Fault`` when the folder cannot be made or written to.
  package init(root: URL, name: String) throws {
    self.root = root
    staging = root.appendingPathComponent(".lesionqc-\(name).partial")
    try? FileManager.default.removeItem(at: staging)
    do { try FileManager.default.createDirectory(at: staging, withIntermediateDirectories: true) } catch {
      throw Fault.unwritable(root, error)
    }
  }

  deinit { if !committed { try? FileManager.default.removeItem(at: staging) } }

  /// Where to write the file that will lie at `path` relative to the output folder. Call it once per file, the report
  /// last.
  package func place(_ path: String) throws -> URL {
    let url = staging.appendingPathComponent(path)
    do {
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    } catch { throw failure(error) }
    paths.append(path)
    return url
  }

  package func write(_ bytes: [UInt8], to path: String) throws {
    let url = try place(path)
    do { try Data(bytes).write(to: url) } catch { throw failure(error) }
  }

  /// Files that stand in the output folder already with another content.
  package func changedPaths() throws -> [String] {
    try paths.filter { path in
      let standing = root.appendingPathComponent(path)
      guard FileManager.default.fileExists(atPath: standing.path) else { return false }
      return try Digest.sha256(file: standing) != Digest.sha256(file: staging.appendingPathComponent(path))
    }
  }

  /// Moves everything into place.
  ///
  /// - Parameter superseded: files of an earlier run, relative to the root, that must not outlive it; the report among
  ///   them is removed first.
  package func commit(superseding superseded: [String]) throws -> [File] {
    var files: [File] = []
    do {
      for path in paths {
        let url = staging.appendingPathComponent(path)
        let size = try FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int ?? 0
        files.append(File(path: path, sha256: try Digest.sha256(file: url), byteCount: size))
      }
      for path in superseded.sorted(by: { $0.hasSuffix(".html") && !$1.hasSuffix(".html") }) {
        let url = root.appendingPathComponent(path)
        if FileManager.default.fileExists(atPath: url.path) { try FileManager.default.removeItem(at: url) }
      }
      for path in paths {
        let destination = root.appendingPathComponent(path)
        try FileManager.default.createDirectory(
          at: destination.deletingLastPathComponent(), withIntermediateDirectories: true)
        guard rename(staging.appendingPathComponent(path).path, destination.path) == 0 else {
          throw Fault(
            .output, destination.path, found: "cannot be written (\(String(cString: strerror(errno))))",
            remedy: .plain("free the place and run again"))
        }
      }
      committed = true
      try? FileManager.default.removeItem(at: staging)
      return files
    } catch let fault as Fault { throw fault } catch { throw failure(error) }
  }

  private func failure(_ error: any Error) -> Fault {
    Fault.unwritable(root, error, .plain("free space or choose another output folder"))
  }
}

extension Fault {
  /// A place that the system does not let write, with what the system says.
  package static func unwritable(_ place: URL, _ error: any Error, _ remedy: Remedy? = .otherFolder) -> Fault {
    Fault(.output, place.path, found: "cannot be written (\(reason(error)))", remedy: remedy)
  }

  private static func reason(_ error: any Error) -> String {
    let error = error as NSError
    for candidate in [error.userInfo[NSUnderlyingErrorKey] as? NSError, error].compactMap({ $0 })
    where candidate.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(candidate.code))) }
    switch CocoaError.Code(rawValue: error.code) {
    case .fileWriteFileExists: return String(cString: strerror(EEXIST))
    case .fileNoSuchFile, .fileReadNoSuchFile: return String(cString: strerror(ENOENT))
    case .fileWriteNoPermission, .fileReadNoPermission: return String(cString: strerror(EACCES))
    case .fileWriteOutOfSpace: return String(cString: strerror(ENOSPC))
    case .fileWriteVolumeReadOnly: return String(cString: strerror(EROFS))
    default: return "the system refused"
    }
  }
}
