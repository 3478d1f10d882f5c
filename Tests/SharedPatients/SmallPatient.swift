public import Analysis
public import Foundation
public import QualityControl
public import Results
import Volumes

/// The folder of the package.
public let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()
/// The U-Net that comes with the package.
public let sampleModel = checkout.appendingPathComponent("sample-data/models/unet")

/// A corner of a sample patient, 56 × 64 × 56 voxels, so that a run takes one window.
public struct SmallPatient {
  public let folder: URL
  public var flair: URL { folder.appendingPathComponent("flair.nii.gz") }
  public var mprage: URL { folder.appendingPathComponent("mprage.nii.gz") }
  public var reference: URL { folder.appendingPathComponent("reference.nii.gz") }
  public var output: URL { folder.appendingPathComponent("out") }

  public init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("main-job-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let anat = checkout.appendingPathComponent("sample-data/sub-03/anat/sub-03")
    let mask = checkout.appendingPathComponent("sample-data/derivatives/truth/sub-03/anat/sub-03_label-L_mask.nii.gz")
    // A box around the largest lesions with a margin of zeros, as brain extraction leaves it.
    let box = GridBox(lower: VoxelIndex(16, 33, 66), upper: VoxelIndex(72, 97, 122))
    for (source, target) in [
      (anat.path + "_FLAIR.nii.gz", flair), (anat.path + "_T1w.nii.gz", mprage), (mask.path, reference),
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

  /// - Parameter reference: with the sample's reference segmentation.
  public func input(reference: Bool = false) -> PatientInput {
    PatientInput(
      label: "sub-t", flair: flair, mprage: mprage, reference: reference ? self.reference : nil, synthetic: true)
  }

  /// A run of two noise samples into ``output``, or into another folder.
  public func run(
    _ settings: (inout RunSettings) -> Void = { _ in }, options: (inout RunOptions) -> Void = { _ in },
    output: URL? = nil, control: RunControl = RunControl(), modelFolder: URL = sampleModel
  ) throws -> PatientRun {
    var (own, chosen) = (RunSettings(), RunOptions())
    own.samples = 2
    // Fewer samples than any calibration allows; tests that want one say so.
    chosen.calibration = .off
    settings(&own)
    options(&chosen)
    Self.useTemplates()
    return try PatientRun(
      modelFolder: modelFolder, output: output ?? self.output, settings: own, options: chosen, control: control)
  }

  /// Templates are those of the package, wherever the tests are started.
  public static func useTemplates() {
    setenv("LESIONQC_TEMPLATES", checkout.appendingPathComponent("templates").path, 1)
  }

  /// Every file of the output with its content, the audit trail and what prints its head left out.
  public static func contents(_ folder: URL) throws -> [String: Data] {
    var found: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    where path.hasSuffix(".nii.gz") || path.hasSuffix(".json") || path.hasSuffix("dseg.tsv") {
      found[path] = try Data(contentsOf: folder.appendingPathComponent(path))
    }
    return found
  }
}
