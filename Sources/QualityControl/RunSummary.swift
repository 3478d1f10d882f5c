import Archive
import AuditTrail
import Digests
public import Foundation
public import Results

/// What a finished run says in one line.
public struct RunSummary: Sendable {
  public let results: PatientResults
  public let report: URL
  public let auditHead: String
  /// Results of other images stood under the same name.
  public var replacedOtherImages = false

  public var line: String {
    let counts = results.counts
    let volume = String(format: "%.2f", counts.totalLesionVolumeMillilitres)
    let candidates =
      results.looksForCandidates
      ? "\(counts.candidates) missed-lesion \(counts.candidates == 1 ? "candidate" : "candidates")"
      : "missed lesions not looked for"
    return "\(counts.lesions) \(counts.lesions == 1 ? "lesion" : "lesions") (\(volume) ml), \(candidates); "
      + "\(report.path); audit head \(auditHead)"
      + (replacedOtherImages ? "; replaced the results of other images under this name" : "")
  }
}

extension PatientRun {
  /// `sub-` and ten digits of the images' digests: stable, and free of anything in a file name.
  public static func digestLabel(flair: URL, mprage: URL?) throws -> String {
    let images = [(flair, "FLAIR")] + (mprage.map { [($0, "MPRAGE")] } ?? [])
    for (url, role) in images where !FileManager.default.fileExists(atPath: url.path) {
      throw Fault(.input, url.path, role: role, found: "no such file", expected: "an image (.nii or .nii.gz)")
    }
    let digests = try images.map { try Digest.sha256(file: $0.0) }.joined()
    return "sub-\(Digest.sha256(utf8: digests).prefix(10))"
  }
}
