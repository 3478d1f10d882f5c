import Foundation

extension PatientResults {
  /// SHA-256 of the FLAIR file that was read.
  public var flairDigest: String? { inputs.first { $0.role == "FLAIR" }?.sha256 }

  /// The file's bytes: sorted keys, two-space indentation, a line end at the end; equal results give equal bytes.
  public func encoded() throws -> [UInt8] {
    try PrettyJSON.bytes(of: self)
  }

  public static func decode(_ bytes: [UInt8]) throws -> PatientResults {
    try JSONDecoder().decode(PatientResults.self, from: Data(bytes))
  }
}
