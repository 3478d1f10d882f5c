public import Files

/// What is wrong with a DICOM file, with a source series or with an object that should be made.
public enum DICOMError: Error, Sendable, Equatable {
  /// The program was built without DCMTK.
  case notBuilt
  /// A file that is no DICOM file, or one that is not read.
  case file(path: String, fault: String)
  /// A folder without a series that fits.
  case series(folder: String, fault: String)
  /// The voxel grid of the results is not that of the series.
  case otherGrid(results: String, series: String)
  /// An object that does not hold what it should.
  case object(kind: String, fault: String)
  /// The other side did not take what was sent.
  case peer(name: String, fault: String)
}

extension DICOMError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notBuilt:
      "this program was built without DICOM; 'make setup-dicom' installs DCMTK, and 'LESIONQC_DICOM=1 make build' "
        + "builds with it"
    case .file(let path, let fault): "\(path): \(fault)"
    case .series(let folder, let fault): "\(folder): \(fault)"
    case .otherGrid(let results, let series):
      "the voxel grid of the results (\(results)) is not that of the series (\(series)); name the series that the "
        + "FLAIR was converted from, or say that it was resampled"
    case .object(let kind, let fault): "the \(kind) is not what it should be: \(fault); nothing was written"
    case .peer(let name, let fault): "\(name): \(fault)"
    }
  }
}

extension DICOMError: NamesFiles {
  public var namedFiles: [String] {
    switch self {
    case .file(let path, _): [path]
    case .series(let folder, _): [folder]
    case .notBuilt, .otherGrid, .object, .peer: []
    }
  }
}
