import Foundation
import Testing
import Volumes

@testable import Phantoms

/// The committed sample patients are what the generator draws today.
struct SampleDataTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("sample-data").path

  @Test func firstPatientIsDrawnAgain() throws {
    let patient = Phantom.patient(seed: 7, index: 0)
    let anat = "\(Self.folder)/sub-01/anat"
    for (name, drawn) in [("FLAIR", patient.flair), ("T1w", patient.mprage)] {
      let stored = try NIfTIFile.read("\(anat)/sub-01_\(name).nii.gz").volume
      #expect(stored.shape == drawn.shape)
      #expect(stored.affine == drawn.affine)
      let steps = zip(stored.voxels, drawn.voxels).map { abs($0 - $1) }
      // Another machine's sine may differ in its last bit, and a value on the edge of rounding go the other way.
      #expect(steps.max()! <= 1)
      #expect(steps.count { $0 != 0 } <= steps.count / 10_000)
    }
    let mask = "\(Self.folder)/derivatives/truth/sub-01/anat/sub-01_label-L_mask.nii.gz"
    #expect(try NIfTIFile.read(mask).volume.voxels == patient.truth.voxels.map(Float.init))
  }

  @Test func threePatientsWithLesionsInLessThan15Megabytes() throws {
    var bytes = 0
    for name in try FileManager.default.subpathsOfDirectory(atPath: Self.folder) where !name.hasPrefix("models") {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(Self.folder)/\(name)")
      if attributes[.type] as? FileAttributeType == .typeRegular { bytes += attributes[.size] as? Int ?? 0 }
    }
    #expect(bytes < 15_000_000)
    let rows = try String(contentsOfFile: "\(Self.folder)/participants.tsv", encoding: .utf8).split(separator: "\n")
      .dropFirst().map { $0.split(separator: "\t") }
    #expect(rows.map { $0[0] } == ["sub-01", "sub-02", "sub-03"])
    #expect(rows.compactMap { Int($0[2]) }.reduce(0, +) >= 24)
    #expect(Set(rows.map { $0[2] }).count == 3)
  }

  @Test func saysThatItIsSynthetic() throws {
    let readme = try String(contentsOfFile: "\(Self.folder)/README", encoding: .utf8)
    #expect(readme.contains("SYNTHETIC"))
    #expect(readme.contains("lesionqc phantom --output DIR --patients 3 --seed 7"))
    #expect(readme.contains("CC0"))
  }
}
