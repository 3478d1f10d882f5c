import AuditTrail
import Digests
package import Files
package import Foundation
package import Results

/// Writes the files of one patient so that nothing half-written ever looks finished.
///
/// Files are written into a hidden folder of this process beside their destination, put on the disk, and moved into
/// place together, the report last. A crash before that leaves only the hidden folder, which whoever next works on the
/// patient removes; a crash in between leaves no report, since the old one is removed first.
package final class OutputTransaction {
  /// A file as it lies in the output folder.
  package struct File: Sendable, Equatable {
    let place: ContainedPath
    package let sha256: String
    package let byteCount: Int

    init(place: ContainedPath, sha256: String, byteCount: Int) {
      self.place = place
      self.sha256 = sha256
      self.byteCount = byteCount
    }

    /// - Throws: `FileError` for a path that is not one within the folder.
    package init(path: String, sha256: String, byteCount: Int) throws {
      self.init(place: try ContainedPath(path), sha256: sha256, byteCount: byteCount)
    }

    /// Relative to the output folder, and known to stay in it by its text.
    package var path: String { place.text }
  }

  private let root: URL
  private let staging: URL
  private var places: [ContainedPath] = []
  private var isCommitted = false

  /// - Parameters:
  ///   - lock: of the patient whose files are written.
  ///   - what: tells apart what writes them, such as `review`.
  /// - Throws: ``Fault`` when the folder cannot be made or written to.
  package init(root: URL, lock: PatientLock, what: String = "run") throws {
    self.root = root
    staging = root.appendingPathComponent(Self.stagingName(lock.name, what))
    do { try DurableFile.makeFolder(staging) } catch { throw Fault.unwritable(root, error) }
  }

  deinit { if !isCommitted { try? FileManager.default.removeItem(at: staging) } }

  private static func stagingName(_ name: String, _ what: String) -> String {
    ".lesionqc-\(name).\(what)-\(getpid()).partial"
  }

  /// Whether a name in an output folder is that of a folder in which a patient's files are written.
  static func isStaging(_ entry: String, of name: String) -> Bool {
    entry.hasPrefix(".lesionqc-\(name).") && entry.hasSuffix(".partial")
  }

  /// Where to write the file that will lie at `path` relative to the output folder. Call it once per file, the report
  /// last.
  package func place(_ path: String) throws -> URL {
    do {
      let place = try ContainedPath(path)
      let url = staging.appendingPathComponent(place.text)
      try DurableFile.makeFolder(url.deletingLastPathComponent())
      places.append(place)
      return url
    } catch { throw failure(error) }
  }

  package func write(_ bytes: [UInt8], to path: String) throws {
    let url = try place(path)
    do { try DurableFile.create(bytes, at: url) } catch { throw failure(error) }
  }

  /// Files that stand in the output folder already with another content.
  package func changedPaths() throws -> [String] {
    try places.filter { place in
      let standing = try place.place(in: root, for: .reading)
      guard FileManager.default.fileExists(atPath: standing.path) else { return false }
      return try Digest.sha256(file: standing) != Digest.sha256(file: staging.appendingPathComponent(place.text))
    }.map(\.text)
  }

  /// Moves everything into place.
  ///
  /// - Parameters:
  ///   - superseded: files of an earlier run that must not outlive it; the report among them is removed first.
  ///   - left: files that a run left which did not come to its end.
  package func commit(superseding superseded: [File], left: [ContainedPath] = []) throws -> [File] {
    do {
      let files = try places.map { place in
        let url = staging.appendingPathComponent(place.text)
        let size = try FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int ?? 0
        return File(place: place, sha256: try Digest.sha256(file: url), byteCount: size)
      }
      // Looked at before the first file is touched: a link that leaves the folder changes nothing.
      let removed = try Self.removalOrder(superseded.map(\.place) + left).map {
        try $0.place(in: root, for: .replacing)
      }
      let destinations = try places.map { try $0.place(in: root, for: .replacing) }
      for url in removed { try Self.remove(url) }
      for folder in Set(removed.map { $0.deletingLastPathComponent() }) where exists(folder) {
        try DurableFile.sync(folder: folder)
      }
      for (place, destination) in zip(places, destinations) {
        let folder = destination.deletingLastPathComponent()
        try DurableFile.makeFolder(folder)
        guard rename(staging.appendingPathComponent(place.text).path, destination.path) == 0 else {
          throw Fault(
            .output, destination.path, found: "cannot be written (\(String(cString: strerror(errno))))",
            remedy: .plain("free the place and run again"))
        }
        // The report is not on the disk before everything that it shows is.
        if destination == destinations.dropLast().last || destination == destinations.last {
          try DurableFile.sync(folder: folder)
        }
      }
      isCommitted = true
      try? FileManager.default.removeItem(at: staging)
      return files
    } catch let fault as Fault { throw fault } catch { throw failure(error) }
  }

  /// Reports first, then everything else, each once.
  private static func removalOrder(_ places: [ContainedPath]) -> [ContainedPath] {
    var seen: Set<ContainedPath> = []
    let once = places.filter { seen.insert($0).inserted }
    return once.filter { $0.text.hasSuffix(".html") } + once.filter { !$0.text.hasSuffix(".html") }
  }

  /// Removes a file or a link, and never a folder.
  private static func remove(_ url: URL) throws {
    guard unlink(url.path) != 0, errno != ENOENT, errno != ENOTDIR else { return }
    throw Fault(
      .output, url.path, found: "cannot be removed (\(String(cString: strerror(errno))))",
      remedy: .plain("move it away and run again"))
  }

  private func exists(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }

  private func failure(_ error: any Error) -> Fault {
    if let file = error as? FileError { return Fault(file, .output) }
    return Fault.unwritable(root, error, .plain("free space or choose another output folder"))
  }
}

extension Fault {
  /// A place that the system does not let write, with what the system says.
  package static func unwritable(_ place: URL, _ error: any Error, _ remedy: Remedy? = .otherFolder) -> Fault {
    Fault(.output, place.path, found: "cannot be written (\(reason(error)))", remedy: remedy)
  }

  private static func reason(_ error: any Error) -> String {
    if case FileError.unwritable(_, let reason) = error { return reason }
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
