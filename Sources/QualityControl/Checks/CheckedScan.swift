import Foundation
import Lesions
import Networks
import Phantoms
import Saliency
import Volumes

/// A scan segmented by a model, ready for trust checks.
struct CheckedScan {
  let model: LoadedModel
  let scan: PatientScan
  let input: NetworkInput
  /// By the rules of a run without options.
  let segmentation: Segmentation

  var probability: Volume<Float> { segmentation.probability }
  var components: Components { segmentation.components }
  var lesions: [Lesion] { segmentation.lesions }
  var tensor: Tensor { input.tensor }
  var grid: Volume<Float> { scan.flair.image.volume }

  /// - Throws: ``QualityControlError``, and errors of `Networks` and `Volumes`.
  init(_ patient: PatientInput, model: LoadedModel) throws {
    self.model = model
    scan = try PatientScan(patient, expectsBrainExtracted: model.brainExtracted, reslice: false)
    input = try NetworkInput(scan, model: model)
    segmentation = try Segmentation(
      input, affine: scan.flair.image.volume.affine, model: model, settings: RunSettings()
    ) { _, _ in }
  }

  /// A synthetic patient as two image files and a truth in a temporary folder, for as long as `body` runs.
  static func withPhantom<T>(seed: UInt64, _ body: (PatientInput) throws -> T) throws -> T {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lesionqc-check-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let phantom = Phantom.patient(seed: seed, index: 0)
    func url(_ name: String) -> URL { folder.appendingPathComponent("\(name).nii.gz") }
    try NIfTIWriter.write(phantom.flair, to: url("phantom_FLAIR").path)
    try NIfTIWriter.write(phantom.mprage, to: url("phantom_T1w").path)
    try NIfTIWriter.write(phantom.truth, intent: .label, to: url("phantom_truth").path)
    return try body(
      PatientInput(
        label: "sub-phantom", flair: url("phantom_FLAIR"), mprage: url("phantom_T1w"), truth: url("phantom_truth"),
        synthetic: true))
  }

  /// Voxels that show brain in both images.
  var brain: Volume<UInt8> { scan.tissue }

  /// Every voxel that a control region keeps away from.
  var findingVoxels: [Int] {
    var truth: [Int] = []
    if let volume = scan.truth { truth = volume.voxels.indices.filter { volume.voxels[$0] != 0 } }
    return truth + (components.kept + components.dropped).joined()
      + segmentation.candidates.candidates.flatMap(\.voxels)
  }

  /// Whether a lesion shares a voxel with the truth; nil without a truth.
  func isTruePositive(_ lesion: Lesion) -> Bool? {
    scan.truth.map { truth in lesion.voxels.contains { truth.voxels[$0] != 0 } }
  }
}
