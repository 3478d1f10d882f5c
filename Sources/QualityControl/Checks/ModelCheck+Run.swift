public import Analysis
public import Foundation
import Phantoms
public import Results
public import Saliency
import Volumes

extension ModelCheck {
  /// Checks a model on a scan, or on a synthetic patient drawn from the seed.
  ///
  /// - Parameters:
  ///   - scan: nil: the synthetic patient.
  ///   - labels: which values of its masks count.
  ///   - warned: called with what there is to say of the scan.
  ///   - progress: called with the check that is worked on; nil: the segmentation.
  /// - Throws: `Fault`, and errors of `Networks`, `Saliency` and `Volumes`.
  public static func run(
    model folder: URL, scan: PatientInput?, labels: MaskLabels? = nil, settings: CheckSettings,
    warned: ([Warning]) -> Void = { _ in }, progress: (SanityCheck?) -> Void = { _ in }
  ) throws -> CheckReport {
    let model = try LoadedModel(folder: folder, threads: settings.threads)
    progress(nil)
    if let scan {
      return try run(
        model, on: scan, isPhantom: false, labels: labels, settings: settings, warned: warned, progress: progress)
    }
    return try withPhantom(seed: settings.seed) {
      try run(model, on: $0, isPhantom: true, settings: settings, progress: progress)
    }
  }

  /// A synthetic patient as two image files and a reference segmentation in a temporary folder, for as long as `body`
  /// runs.
  package static func withPhantom<T>(seed: UInt64, _ body: (PatientInput) throws -> T) throws -> T {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lesionqc-check-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let phantom = Phantom.patient(seed: seed, index: 0)
    func url(_ name: String) -> URL { folder.appendingPathComponent("\(name).nii.gz") }
    try NIfTIWriter.write(phantom.flair, to: url("phantom_FLAIR").path)
    try NIfTIWriter.write(phantom.mprage, to: url("phantom_T1w").path)
    try NIfTIWriter.write(phantom.truth, intent: .label, to: url("phantom_reference").path)
    return try body(
      PatientInput(
        label: "sub-phantom", flair: url("phantom_FLAIR"), mprage: url("phantom_T1w"),
        reference: url("phantom_reference"), synthetic: true))
  }
}
