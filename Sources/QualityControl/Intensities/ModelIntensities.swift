public import Foundation
import Networks
import Reports
import Results
import Volumes

/// Notes in a model folder what the intensities of its training patients are like.
public enum ModelIntensities {
  /// Writes `intensities.json` into the model folder.
  ///
  /// - Parameters:
  ///   - datasets: BIDS folders with the FLAIR and T1w images that the network was trained on.
  ///   - progress: called with the name of each patient.
  /// - Returns: the file and the number of patients.
  /// - Throws: ``QualityControlError``: a patient whose images cannot be used, fewer than 5 patients, or a file that is there.
  public static func write(
    model folder: URL, datasets: [URL], overwrite: Bool, progress: (String) -> Void
  ) throws -> (file: URL, patients: Int) {
    let model = try ModelFolder.load(folder.path)
    let file = folder.appendingPathComponent(TrainingIntensities.fileName)
    guard overwrite || !FileManager.default.fileExists(atPath: file.path) else {
      throw QualityControlError.badOutput("\(file.path): exists; use --overwrite to replace it")
    }
    var profiles: [[(role: String, profile: IntensityProfile)]] = []
    var synthetic = 0
    for dataset in datasets {
      let images = try BIDSDataset(root: dataset)
      for entry in try images.entries() {
        progress(entry.name)
        let scan = try PatientScan(
          try entry.input.get(), expectsBrainExtracted: model.description.brainExtracted, reslice: true)
        let found = IntensityCheck.profiles(of: scan)
        guard found.count == 2 else {
          throw QualityControlError.badInput("\(dataset.path): \(entry.name) has no tissue in which both images vary")
        }
        profiles.append(found)
        if images.synthetic { synthetic += 1 }
      }
    }
    guard profiles.count >= TrainingIntensities.fewestPatients else {
      throw QualityControlError.badInput(
        "\(profiles.count) patients say too little about what a network was trained on; "
          + "name folders with \(TrainingIntensities.fewestPatients) or more")
    }
    try DatasetFiles.replace(
      file, with: PrettyJSON.bytes(of: TrainingIntensities(profiles: profiles, syntheticPatients: synthetic)))
    return (file, profiles.count)
  }
}
