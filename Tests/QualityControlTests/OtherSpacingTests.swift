import Archive
import Foundation
import Results
import SharedPatients
import Testing
import Volumes

@testable import QualityControl

/// The sample model, told to work on voxels of another size than the patient's.
@Test func aModelOfAnotherVoxelSizeFindsAndExplainsLesions() throws {
  let patient = try SmallPatient()
  let folder = patient.folder.appendingPathComponent("model")
  try FileManager.default.copyItem(at: checkout.appendingPathComponent("sample-data/models/unet"), to: folder)
  let url = folder.appendingPathComponent("model.json")
  var description = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
  description["spacingMillimetres"] = [1.1, 1.05, 1.15]
  description["mirrorAxes"] = [0]
  try JSONSerialization.data(withJSONObject: description).write(to: url)

  guard
    case .done(let summary) = try patient.run({ $0.mirror = true }, modelFolder: folder).single(
      patient.input(reference: true))
  else {
    Issue.record("not done")
    return
  }
  let results = summary.results
  #expect(results.explanation?.mirrorAxes == [0])
  #expect(!results.lesions.isEmpty)
  #expect(try #require(results.reference?.dsc) > 0.3)
  let flair = try NIfTIFile.read(patient.flair.path).volume
  let mask = try NIfTIFile.read(patient.output.appendingPathComponent("sub-t/anat/sub-t_label-L_mask.nii.gz").path)
    .volume
  #expect(mask.shape == flair.shape && mask.affine == flair.affine)
  var offGrid = 0
  for lesion in results.lesions {
    let peak = try #require(lesion.saliency).flair.inside.maximum
    let place = flair.affine.voxelCoordinate(of: peak.worldMillimetres)
    // The peak lies on the network's grid; the voxel named beside it is the patient's nearest.
    for (voxel, exact) in [(peak.voxel.i, place.i), (peak.voxel.j, place.j), (peak.voxel.k, place.k)] {
      #expect(abs(Double(voxel) - exact) <= 0.5 + 1e-6)
      if abs(Double(voxel) - exact) > 0.01 { offGrid += 1 }
    }
  }
  #expect(offGrid > 0)
  #expect(try AuditCheck(output: patient.output).faults.isEmpty)
  // A weight file changed afterwards is noticed under its name.
  let weights = folder.appendingPathComponent("weights.safetensors")
  try (try Data(contentsOf: weights) + Data([0])).write(to: weights)
  let faults = try AuditCheck(output: patient.output).faults
  #expect(faults.map(\.kind) == [.alteredModel] && faults.first?.text == "weights.safetensors")
}
