public import Analysis
import Archive
public import Foundation
import Models
import Networks
import Reports
public import Results
import Volumes

/// Notes in a model folder what the intensities of its training patients are like.
public enum ModelIntensities {
  /// Writes `intensities.json` into the model folder.
  ///
  /// - Parameters:
  ///   - datasets: BIDS folders with the FLAIR and T1w images that the network was trained on.
  ///   - warn: called with what there is to say of a patient's images.
  ///   - progress: called with the name of each patient.
  /// - Returns: the file and the number of patients.
  /// - Throws: ``Fault``: a patient whose images cannot be used, fewer than 5 patients, or a file that is there.
  public static func write(
    model folder: URL, datasets: [URL], overwrite: Bool, warn: (String, [Warning]) -> Void, progress: (String) -> Void
  ) throws -> (file: URL, patients: Int) {
    let model = try ModelFolder.load(folder.path)
    let file = folder.appendingPathComponent(TrainingIntensities.fileName)
    guard overwrite || !FileManager.default.fileExists(atPath: file.path) else {
      throw Fault(.output, file.path, found: "exists", remedy: .replace)
    }
    var profiles: [[(role: String, profile: IntensityProfile)]] = []
    var synthetic = 0
    for dataset in datasets {
      let images = try BIDSDataset(root: dataset)
      for entry in try images.entries(needsMPRAGE: model.description.channels.count > 1) {
        progress(entry.name)
        let scan = try PatientScan(
          try entry.input.get(), expectsBrainExtracted: model.description.brainExtracted, reslice: true)
        warn(entry.name, scan.warnings)
        let channels = model.description.channels.count
        let found = Array(IntensityCheck.profiles(of: scan).prefix(channels))
        guard found.count == channels else {
          throw Fault(
            .input, dataset.path,
            found: "\(entry.name) has no tissue in which \(channels == 1 ? "FLAIR varies" : "both images vary")")
        }
        profiles.append(found)
        if images.synthetic { synthetic += 1 }
      }
    }
    guard profiles.count >= TrainingIntensities.fewestPatients else {
      throw Fault(
        .input, datasets.map(\.path).joined(separator: ", "),
        found: "\(profiles.count) patients say too little about what a network was trained on",
        expected: "folders with \(TrainingIntensities.fewestPatients) or more")
    }
    try DatasetFiles.replace(
      file, with: PrettyJSON.bytes(of: TrainingIntensities(profiles: profiles, syntheticPatients: synthetic)))
    return (file, profiles.count)
  }
}

/// The lesion probability that a model gives for one patient, without findings, report or audit trail: to compare a
/// model with the program that it comes from.
public enum ModelProbability {
  /// Writes the probability on the FLAIR image's grid.
  ///
  /// - Parameters:
  ///   - labels: which values of the brain mask count.
  ///   - threads: 0 for all cores.
  ///   - mirror: average over the mirrorings that the model allows.
  ///   - output: `.nii` or `.nii.gz`.
  /// - Returns: what there is to say of the images.
  /// - Throws: ``Fault``, and errors of `Networks` and `Volumes`.
  public static func write(
    _ input: PatientInput, labels: MaskLabels?, model folder: URL, threads: Int, mirror: Bool, to output: URL
  ) throws -> [Warning] {
    let model = try LoadedModel(folder: folder, threads: threads, mirror: mirror)
    let scan = try PatientScan(input, expectsBrainExtracted: model.brainExtracted, reslice: false, labels: labels)
    if model.preprocessing != nil { try scan.requireOneVoxelSize() }
    let networkInput = try NetworkInput(scan, model: model)
    let logits = try model.logits(networkInput.tensor) { _, _ in }
    let grid = scan.flair.image.volume
    let probability = networkInput.grid.probability(ofLogits: logits, by: model)
    try NIfTIWriter.write(
      Volume(shape: grid.shape, affine: grid.affine, voxels: probability), like: scan.flair.image.header,
      intent: .estimate, to: output.path)
    return scan.warnings
  }
}
