import Files
public import Foundation

/// A folder of DICOM files: the series of images that it holds.
public struct SourceFolder: Sendable {
  /// Files that are looked at; a study has some thousands.
  static let mostFiles = 20_000

  private let folder: URL
  /// Of series that are volumes, in order of UID.
  public let series: [SourceSeries]
  /// Why other series of images are none.
  private let refused: [String]

  /// Reads every DICOM file in a folder and below it; links are not followed, other files are passed over.
  ///
  /// - Throws: ``DICOMError`` for a damaged file, or a folder without a series of MR images.
  public init(_ folder: URL) throws {
    var files: [String: [DataSet]] = [:]
    for url in try Self.files(in: folder) where Self.isDICOM(url) {
      let dataSet = try DICOMFile.read(url)
      guard let sopClass = dataSet.text(.sopClassUID), SeriesBuilder.imageClasses.contains(sopClass) else { continue }
      files[dataSet.text(.seriesInstanceUID) ?? "", default: []].append(dataSet)
    }
    try self.init(folder, files)
  }

  init(_ folder: URL, _ files: [String: [DataSet]]) throws {
    var series: [SourceSeries] = []
    var refused: [String] = []
    for (uid, files) in files.sorted(by: { $0.key < $1.key }) {
      do throws(SeriesBuilder.Refusal) { series.append(try SeriesBuilder.series(files)) } catch {
        refused.append("series \(FileError.shown(uid)): \(error.fault)")
      }
    }
    guard !series.isEmpty else {
      throw DICOMError.series(
        folder: folder.path, fault: refused.isEmpty ? "holds no MR images (DICOM)" : refused.joined(separator: "; "))
    }
    self.folder = folder
    self.series = series
    self.refused = refused
  }

  private static func files(in folder: URL) throws -> [URL] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue else {
      throw DICOMError.series(folder: folder.path, fault: "no such folder")
    }
    let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
    var files: [URL] = []
    while let url = found?.nextObject() as? URL {
      guard (try? url.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true else { continue }
      files.append(url)
      guard files.count <= mostFiles else {
        throw DICOMError.series(
          folder: folder.path, fault: "holds more than \(mostFiles) files; name that of one study")
      }
    }
    return files.sorted { $0.path < $1.path }
  }

  /// Whether 'DICM' stands at byte 128; a directory of a disc is passed over.
  private static func isDICOM(_ url: URL) -> Bool {
    guard url.lastPathComponent != "DICOMDIR", let file = try? RegularFile(path: url.path) else { return false }
    var head = [UInt8](repeating: 0, count: 132)
    let count = head.withUnsafeMutableBytes { (try? file.read(into: $0)) ?? 0 }
    return count == head.count && head.dropFirst(128).elementsEqual("DICM".utf8)
  }
}

extension SourceFolder {
  /// The one series whose voxel grid is that of the results.
  ///
  /// - Parameter uid: of the series that is meant; nil to find it by its grid.
  /// - Throws: ``DICOMError`` where none or several are, with both grids.
  public func series(like grid: ResultsGrid, uid: String?) throws(DICOMError) -> (SourceSeries, GridMapping) {
    let asked = try uid.map { uid throws(DICOMError) in [try named(uid)] } ?? series
    let found = asked.compactMap { series in GridMapping(from: grid, to: series).map { (series, $0) } }
    guard found.count < 2 else {
      let names = found.map { "\($0.0.seriesUID) ('\(FileError.shown($0.0.description))')" }.joined(separator: ", ")
      throw .series(folder: folder.path, fault: "several series have the grid of the results: \(names); name one")
    }
    guard let only = found.first else {
      throw .otherGrid(
        results: grid.description,
        series: asked.map { ResultsGrid(shape: $0.shape, affine: $0.affine).description }.joined(separator: "; "))
    }
    return only
  }

  /// - Throws: ``DICOMError`` where it is not there.
  public func named(_ uid: String) throws(DICOMError) -> SourceSeries {
    guard let found = series.first(where: { $0.seriesUID == uid }) else {
      let there = (series.map(\.seriesUID) + refused).joined(separator: ", ")
      throw .series(folder: folder.path, fault: "has no series \(FileError.shown(uid)), but \(there)")
    }
    return found
  }
}
