import Foundation
import Volumes

@testable import QualityControl

let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()
let sampleModel = checkout.appendingPathComponent("sample-data/models/unet")

/// A corner of a sample patient, 56 × 64 × 56 voxels, so that a run takes one window.
struct SmallPatient {
  let folder: URL
  var flair: URL { folder.appendingPathComponent("flair.nii.gz") }
  var mprage: URL { folder.appendingPathComponent("mprage.nii.gz") }
  var truth: URL { folder.appendingPathComponent("truth.nii.gz") }
  var output: URL { folder.appendingPathComponent("out") }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("main-job-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let anat = checkout.appendingPathComponent("sample-data/sub-03/anat/sub-03")
    let mask = checkout.appendingPathComponent("sample-data/derivatives/truth/sub-03/anat/sub-03_label-L_mask.nii.gz")
    // A box around the largest lesions with a margin of zeros, as brain extraction leaves it.
    let box = GridBox(lower: VoxelIndex(16, 33, 66), upper: VoxelIndex(72, 97, 122))
    for (source, target) in [
      (anat.path + "_FLAIR.nii.gz", flair), (anat.path + "_T1w.nii.gz", mprage), (mask.path, truth),
    ] {
      let image = try NIfTIFile.read(source)
      var part = image.volume.cropped(to: box)
      for index in part.voxels.indices {
        let v = part.shape.voxel(at: index)
        let atFace = [(v.i, 56), (v.j, 64), (v.k, 56)].contains { $0.0 < 3 || $0.0 >= $0.1 - 3 }
        if atFace { part.voxels[index] = 0 }
      }
      try NIfTIWriter.write(part, like: image.header.cropped(to: box), to: target.path)
    }
  }

  func input(truth: Bool = false) -> PatientInput {
    PatientInput(label: "sub-t", flair: flair, mprage: mprage, truth: truth ? self.truth : nil, synthetic: true)
  }

  func run(
    _ change: (inout RunSettings) -> Void = { _ in }, output: URL? = nil, control: RunControl = RunControl(),
    modelFolder: URL = sampleModel
  ) throws -> PatientRun {
    var settings = RunSettings()
    settings.samples = 2
    // Fewer draws than any calibration allows; tests that want one say so.
    settings.calibration = .off
    change(&settings)
    setenv("LESIONQC_TEMPLATES", checkout.appendingPathComponent("templates").path, 1)
    return try PatientRun(modelFolder: modelFolder, output: output ?? self.output, settings: settings, control: control)
  }

  /// Every file of the output with its content, the audit trail and what prints its head left out.
  static func contents(_ folder: URL) throws -> [String: Data] {
    var found: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    where path.hasSuffix(".nii.gz") || path.hasSuffix(".json") || path.hasSuffix("dseg.tsv") {
      found[path] = try Data(contentsOf: folder.appendingPathComponent(path))
    }
    return found
  }
}
