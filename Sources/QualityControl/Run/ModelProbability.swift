public import Foundation
import Volumes

/// The lesion probability that a model gives for one patient, without findings, report or audit trail: to compare a model
/// with the program that it comes from.
public enum ModelProbability {
  /// Writes the probability on the FLAIR image's grid.
  ///
  /// - Parameters:
  ///   - threads: 0 for all cores.
  ///   - mirror: average over the mirrorings that the model allows.
  ///   - output: `.nii` or `.nii.gz`.
  /// - Throws: ``QualityControlError``, and errors of `Networks` and `Volumes`.
  public static func write(
    flair: URL, mprage: URL, brainMask: URL?, model folder: URL, threads: Int, mirror: Bool, to output: URL
  ) throws {
    let model = try LoadedModel(folder: folder, threads: threads, mirror: mirror)
    let input = PatientInput(label: "sub-x", flair: flair, mprage: mprage, brainMask: brainMask)
    let scan = try PatientScan(input, expectsBrainExtracted: model.brainExtracted, reslice: false)
    let networkInput = try NetworkInput(scan, model: model)
    let logits = try model.logits(networkInput.tensor) { _, _ in }
    let grid = scan.flair.image.volume
    let probability = networkInput.grid.probability(ofLogits: logits, lesionClass: model.lesionClass)
    try NIfTIWriter.write(
      Volume(shape: grid.shape, affine: grid.affine, voxels: probability), like: scan.flair.image.header,
      intent: .estimate, to: output.path)
  }
}
