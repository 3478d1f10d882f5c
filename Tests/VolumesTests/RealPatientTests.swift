import Foundation
import Testing

@testable import Volumes

/// The public patients beside the checkout, where there are any.
enum RealPatients {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("../shared/data/ljubljana-ms").standardizedFileURL.path
  static let arePresent = FileManager.default.fileExists(atPath: folder)
}

@Suite(.enabled(if: RealPatients.arePresent)) struct RealPatientTests {
  @Test(arguments: ["sub-07", "sub-26"]) func patientIsReadQuicklyAndSeenAsBrainExtracted(subject: String) throws {
    let path = "\(RealPatients.folder)/\(subject)/anat/\(subject)_FLAIR.nii.gz"
    let clock = ContinuousClock()
    var image = try NIfTIFile.read(path)
    let reading = try clock.measure { image = try NIfTIFile.read(path) }
    #expect(image.nonFiniteCount == 0)
    #expect(image.volume.orientation.code == "LAS")
    // A quarter of it on an idle core; the rest is for a busy machine.
    #expect(reading < .seconds(2))

    let evidence = BrainExtraction.detect(in: image.volume)
    let detection = clock.measure { _ = BrainExtraction.detect(in: image.volume) }
    #expect(evidence.finding == .brainExtracted, "\(evidence)")
    #expect(detection < .seconds(2))

    let writing = try Fixtures.withTemporaryFolder { folder in
      try clock.measure { try NIfTIWriter.write(image.volume, like: image.header, to: folder + "/copy.nii.gz") }
    }
    print("\(subject): read \(reading), write \(writing), detect \(detection): \(evidence)")
  }

  /// A shell of scalp painted round the brain, not touching it, turns it into a head.
  @Test func scalpAroundARealBrainIsSeen() throws {
    let path = "\(RealPatients.folder)/sub-07/anat/sub-07_FLAIR.nii.gz"
    var head = try NIfTIFile.read(path).volume
    let centre = (x: 91.0, y: 109.0, z: 80.0)
    for n in head.voxels.indices {
      let voxel = head.shape.voxel(at: n)
      let (x, y, z) = (
        (Double(voxel.i) - centre.x) / 88, (Double(voxel.j) - centre.y) / 106, (Double(voxel.k) - centre.z) / 90
      )
      let radius = (x * x + y * y + z * z).squareRoot()
      if radius > 0.95 && radius < 1 && head.voxels[n] == 0 { head.voxels[n] = 100 }
    }
    #expect(!BrainExtraction.detect(in: head).isBrainExtracted)
  }
}
