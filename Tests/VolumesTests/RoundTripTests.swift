import Foundation
import Testing

@testable import Volumes

/// Axes turned by a rotation of (2, 3, 6)/7 kind, spacing 1, 2 and 0.5 mm, so every coefficient matters.
let obliqueAffine = Affine(rows: [
  [6.0 / 7, 2 * 2.0 / 7, 0.5 * 3.0 / 7, -30.25], [-3.0 / 7, 2 * 6.0 / 7, 0.5 * 2.0 / 7, 12.5],
  [-2.0 / 7, 2 * -3.0 / 7, 0.5 * 6.0 / 7, 7],
])

@Suite struct RoundTripTests {
  let shape = GridShape(7, 5, 3)

  private func roundTrip<E: NIfTIElement & Equatable>(
    _ type: E.Type, _ value: (Int) -> E, _ asFloat: (E) -> Float, _ name: String
  ) throws {
    try Fixtures.withTemporaryFolder { folder in
      let volume = Volume(shape: shape, affine: obliqueAffine, voxels: (0..<shape.voxelCount).map(value))
      try NIfTIWriter.write(volume, intent: .label, to: folder + "/" + name)
      let image = try NIfTIFile.read(folder + "/" + name)
      #expect(image.volume.shape == shape)
      #expect(image.volume.voxels == volume.voxels.map(asFloat))
      #expect(image.problems == [])
      #expect(image.header.datatype == E.niftiDatatype)
      // The file keeps single precision.
      #expect(image.volume.affine.rows == obliqueAffine.rows.map { $0.map { Double(Float($0)) } })
      #expect(GridComparison(image.volume, volume).isSame)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [name])
    }
  }

  @Test(arguments: ["a.nii", "a.nii.gz"]) func everyElementTypeComesBack(name: String) throws {
    try roundTrip(UInt8.self, { UInt8($0 % 256) }, { Float($0) }, name)
    try roundTrip(Int16.self, { Int16($0 * 300 - 15000) }, { Float($0) }, name)
    try roundTrip(UInt16.self, { UInt16($0 * 600) }, { Float($0) }, name)
    try roundTrip(Int32.self, { Int32($0 * 100_000 - 5_000_000) }, { Float($0) }, name)
    try roundTrip(Float.self, { Float($0) * 0.1 - 3 }, { $0 }, name)
  }
}
