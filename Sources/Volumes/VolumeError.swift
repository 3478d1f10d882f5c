/// Why a volume could not be read, written or used. The description is one line: file, fault, way out.
public enum VolumeError: Error, Equatable, Sendable {
  /// The system refused access; `reason` is its own text.
  case unreadable(path: String, reason: String)
  case notNIfTI(path: String, found: NotNIfTI)
  /// The header has at least one problem of severity error.
  case headerRefused(path: String, problems: [HeaderProblem])
  /// The file ends before its last voxel.
  case truncated(path: String, neededBytes: Int, foundBytes: Int)
  /// The compressed stream is damaged; `reason` is the decoder's.
  case damagedGzip(path: String, reason: String)
  case nonFiniteVoxels(path: String, count: Int, voxelCount: Int)
  case unwritable(path: String, reason: String)

  /// What a file that is not a readable NIfTI file turned out to be.
  public enum NotNIfTI: Equatable, Sendable {
    case empty
    case tooShort(byteCount: Int)
    case analyze75
    case pairHeader
    case dicom
    case unknown
  }
}

extension VolumeError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "\(oneLine(path)): cannot be read: \(reason); check the path and its permissions"
    case .notNIfTI(let path, let found): "\(oneLine(path)): not a NIfTI file: \(found)"
    case .headerRefused(let path, let problems):
      "\(oneLine(path)): " + problems.filter { $0.severity == .error }.map(\.message).joined(separator: "; ")
    case .truncated(let path, let needed, let found):
      "\(oneLine(path)): truncated: its header announces \(needed) bytes, the file holds \(found); "
        + "copy or convert it again"
    case .damagedGzip(let path, let reason): "\(oneLine(path)): damaged gzip: \(reason); copy or convert it again"
    case .nonFiniteVoxels(let path, let count, let voxelCount):
      "\(oneLine(path)): \(count) of \(voxelCount) voxels are NaN or infinite; replace them with finite values "
        + "(0 outside the brain)"
    case .unwritable(let path, let reason):
      "\(oneLine(path)): cannot be written: \(reason); check the folder, its permissions and the free space"
    }
  }
}

extension VolumeError.NotNIfTI: CustomStringConvertible {
  public var description: String {
    switch self {
    case .empty: "the file is empty; copy or convert it again"
    case .tooShort(let count): "it holds only \(count) bytes, a header takes 348; copy or convert it again"
    case .analyze75: "it is an Analyze 7.5 header, which does not say where left is; convert it to .nii.gz"
    case .pairHeader: "it is the header of a .hdr/.img pair; convert the pair to one .nii.gz"
    case .dicom: "it is a DICOM file; convert the series to .nii.gz (dcm2niix)"
    case .unknown: "no NIfTI-1 or NIfTI-2 magic; expected a .nii or .nii.gz file"
    }
  }
}

/// `text` with line breaks and other control characters made visible, so that an error stays on one line.
package func oneLine(_ text: String) -> String {
  var line = ""
  for scalar in text.unicodeScalars {
    if scalar.properties.generalCategory == .control || scalar.value == 0x2028 || scalar.value == 0x2029 {
      line += "\\u{" + String(scalar.value, radix: 16) + "}"
    } else {
      line.unicodeScalars.append(scalar)
    }
  }
  return line
}

/// Something a header says that it should not. Problems are all collected first and judged afterwards.
public struct HeaderProblem: Hashable, Sendable, CustomStringConvertible {
  public enum Severity: Int, Comparable, Sendable {
    /// The file can be read; the meaning of its voxels or their place rests on an assumption that the message states.
    case warning
    /// As above, and other programs are likely to read it otherwise: whoever looks at what comes out must know.
    case doubtful
    /// The file cannot be read, or reading it would mean guessing where the patient's left is.
    case error

    public static func < (a: Severity, b: Severity) -> Bool { a.rawValue < b.rawValue }
  }

  public let severity: Severity
  /// The header field at fault, under the name of the NIfTI standard.
  public let field: String
  /// What is wrong, what was expected and, where there is one, the way out. Never quotes free text of the header.
  public let message: String

  public var description: String { message }
}
