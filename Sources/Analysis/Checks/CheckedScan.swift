import Checkpoints
import Foundation
import Lesions
import Networks
import Results
import Saliency
import Volumes

/// A scan segmented by a model, ready for sanity checks.
struct CheckedScan {
  let model: LoadedModel
  let scan: PatientScan
  let input: NetworkInput
  /// By the rules of a run without options.
  let segmentation: Segmentation

  var probability: Volume<Float> { segmentation.probability! }
  var components: Components { segmentation.components }
  var lesions: [Finding] { segmentation.lesions }
  var tensor: Tensor { input.tensor }
  var grid: Volume<Float> { scan.flair.image.volume }

  /// - Throws: ``Fault``, and errors of `Networks` and `Volumes`.
  init(_ patient: PatientInput, model: LoadedModel, labels: MaskLabels? = nil) throws {
    self.model = model
    scan = try PatientScan(patient, expectsBrainExtracted: model.brainExtracted, reslice: false, labels: labels)
    if model.preprocessing != nil { try scan.requireOneVoxelSize() }
    input = try NetworkInput(scan, model: model)
    segmentation = try Segmentation(
      input, affine: scan.flair.image.volume.affine, model: model, settings: RunSettings()
    ) { _, _ in }
  }

  /// Voxels that show brain in both images.
  var brain: Volume<UInt8> { scan.tissue }

  /// Every voxel that a control region keeps away from.
  var findingVoxels: [Int] {
    var reference: [Int] = []
    if let volume = scan.reference { reference = volume.voxels.indices.filter { volume.voxels[$0] != 0 } }
    return reference + (components.kept + components.dropped).joined()
      + segmentation.candidates!.candidates.flatMap(\.voxels)
  }

  /// Whether a lesion shares a voxel with the reference; nil without a reference.
  func isTruePositive(_ lesion: Finding) -> Bool? {
    scan.reference.map { reference in lesion.voxels.contains { reference.voxels[$0] != 0 } }
  }
}
