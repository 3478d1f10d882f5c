import Analysis
import Foundation
import Phantoms
import Preparation
import Programs
import Registration
import Results
import SharedPatients
import Volumes

/// A raw data set of one synthetic patient: whole "heads" with a shell of fat, the MPRAGE on a grid of its own, moved
/// by a known transform.
struct RawPair {
  let folder: URL
  /// From a point of the FLAIR to that of the MPRAGE.
  let truth: RigidTransform
  /// Of the brain, in the world of the FLAIR.
  let points: [WorldPoint]

  var raw: URL { folder.appendingPathComponent("raw") }
  var output: URL { folder.appendingPathComponent("prepared") }
  var anat: URL { raw.appendingPathComponent("sub-01/anat") }
  var flair: URL { anat.appendingPathComponent("sub-01_acq-3D_FLAIR.nii.gz") }
  var t1w: URL { anat.appendingPathComponent("sub-01_T1w.nii.gz") }
  var brainMask: URL { folder.appendingPathComponent("brain.nii.gz") }

  init(hasHead: Bool = true) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("prepare-\(UUID().uuidString)")
    let grid = try PhantomGrid.axes("LPS", spacingMillimetres: (2, 2, 3)).oblique(pitchDegrees: 7, yawDegrees: 3)
    let other = try PhantomGrid.axes("RAS", spacingMillimetres: (2, 2, 2))
    func patient(_ grid: PhantomGrid) -> PhantomPatient {
      Phantom.patient(seed: 21, index: 0, recipe: PhantomRecipe(grid: grid, noise: 1.5))
    }
    var flair = patient(grid).flair
    var t1w = patient(other).mprage
    let brain = flair.voxels.map { $0 != 0 }
    points = stride(from: 0, to: brain.count, by: 97).filter { brain[$0] }.map {
      flair.affine.world(flair.shape.voxel(at: $0))
    }
    if hasHead {
      Self.addHead(&flair, fat: 260)
      Self.addHead(&t1w, fat: 700)
    }
    truth = RigidTransform(
      rotationVector: SIMD3(6, -5, 4) * (.pi / 180), about: WorldPoint(x: 3, y: -10, z: 5),
      translationMillimetres: SIMD3(6, -9, 4))
    t1w = Volume(shape: t1w.shape, affine: truth.affine.composed(with: t1w.affine), voxels: t1w.voxels)
    try FileManager.default.createDirectory(at: anat, withIntermediateDirectories: true)
    try NIfTIWriter.write(flair, to: self.flair.path)
    try NIfTIWriter.write(t1w, to: self.t1w.path)
    try NIfTIWriter.write(
      Volume(shape: flair.shape, affine: flair.affine, voxels: brain.map { $0 ? UInt8(1) : 0 }), to: brainMask.path)
    try Data(#"{"Manufacturer": "Acme", "MagneticFieldStrength": 3, "InstitutionName": "St. Elsewhere"}"#.utf8).write(
      to: anat.appendingPathComponent("sub-01_acq-3D_FLAIR.json"))
    try Data(#"{"Name": "synthetic patients", "BIDSVersion": "1.10.0"}"#.utf8).write(
      to: raw.appendingPathComponent("dataset_description.json"))
  }

  private static func addHead(_ image: inout Volume<Float>, fat: Float) {
    for n in image.voxels.indices where image.voxels[n] == 0 {
      let p = image.affine.world(image.shape.voxel(at: n))
      let radius = ((p.x / 80) * (p.x / 80) + (p.y / 97) * (p.y / 97) + (p.z / 84) * (p.z / 84)).squareRoot()
      let air = Float(n % 12) + 1
      image.voxels[n] = radius > 0.96 && radius < 1.05 ? fat + air : air
    }
  }

  var input: PatientInput {
    get throws {
      let entry = try BIDSDataset(root: raw).survey().entries[0]
      return try entry.input.get()
    }
  }

  func preparation(
    _ change: (inout PreparationSettings) -> Void = { _ in }, overwrite: Bool = false,
    control: RunControl = RunControl()
  ) throws -> PatientPreparation {
    var settings = PreparationSettings()
    settings.brain = .file(brainMask, labels: nil)
    change(&settings)
    var options = PreparationOptions()
    options.overwrite = overwrite
    SmallPatient.useTemplates()
    return try PatientPreparation(output: output, raw: raw, settings: settings, options: options, control: control)
  }

  /// A program of a few lines of shell that is given `{in}` and `{out}`.
  func command(_ script: String) throws -> CommandTemplate {
    let file = folder.appendingPathComponent("tool-\(UUID().uuidString.prefix(8)).sh")
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    return try CommandTemplate("'\(file.path)' {in} {out}")
  }

  func file(_ name: String) -> URL { output.appendingPathComponent("sub-01/anat/\(name)") }
  var prepared: (flair: URL, t1w: URL, mask: URL, transform: URL) {
    (
      file("sub-01_acq-3D_space-FLAIR_desc-prepared_FLAIR.nii.gz"), file("sub-01_space-FLAIR_desc-prepared_T1w.nii.gz"),
      file("sub-01_acq-3D_space-FLAIR_desc-brain_mask.nii.gz"),
      file("sub-01_acq-3D_from-T1w_to-FLAIR_mode-image_xfm.txt")
    )
  }
}
