import Testing

@testable import Volumes

@Suite struct OrientationTests {
  struct Case: Decodable {
    let affine: [[Double]]
    let orientation: String
    let target: String
    let shape: [Int]
    let voxels: [Float]
    let movedAffine: [[Double]]
  }

  struct Cases: Decodable { let cases: [Case] }

  @Test func codesAndReorientationAreNibabels() throws {
    for fixture in try Fixtures.load("orientations.json", as: Cases.self).cases {
      let shape = GridShape(4, 3, 2)
      let volume = Volume(shape: shape, affine: Affine(rows: fixture.affine), voxels: (0..<24).map(Float.init))
      #expect(volume.orientation.code == fixture.orientation)
      let target = try #require(Orientation(code: fixture.target))
      let moved = volume.reoriented(to: target)
      #expect(moved.shape == GridShape(fixture.shape))
      #expect(moved.voxels == fixture.voxels, "\(fixture.orientation) to \(fixture.target)")
      // One product and sum per flipped axis.
      #expect(moved.affine.relativeDifference(from: Affine(rows: fixture.movedAffine)) < 1e-13)

      let there = Reorientation(from: volume.orientation, to: target)
      let back = there.inverse.applied(to: moved)
      #expect(back.shape == shape && back.voxels == volume.voxels)
      #expect(back.affine.relativeDifference(from: volume.affine) < 1e-13)
      for n in 0..<24 {
        let voxel = shape.voxel(at: n)
        #expect(moved[there.applied(to: voxel, of: shape)] == Float(n))
      }
    }
  }

  @Test func everyCodeIsItsOwnOrientation() throws {
    #expect(Orientation(code: "RAS")?.directions == [.right, .anterior, .superior])
    #expect(Orientation(code: "lps")?.code == "LPS")
    for bad in ["", "RA", "RLS", "RASL", "XYZ"] { #expect(Orientation(code: bad) == nil) }
    #expect(AnatomicalDirection.left.opposite == .right && AnatomicalDirection.superior.opposite == .inferior)
  }
}
