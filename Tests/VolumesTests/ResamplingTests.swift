import Testing

@testable import Volumes

@Suite struct ResamplingTests {
  struct Case: Decodable {
    let name: String
    let shape: [Int]
    let affine: [[Double]]
    let linear: [Float]
    let nearest: [Float]
  }

  struct Fixture: Decodable {
    let shape: [Int]
    let affine: [[Double]]
    let voxels: [Float]
    let labels: [Float]
    let cases: [Case]
  }

  @Test func interpolationIsSciPys() throws {
    let fixture = try Fixtures.load("resampling.json", as: Fixture.self)
    let affine = Affine(rows: fixture.affine)
    let volume = Volume(shape: GridShape(fixture.shape), affine: affine, voxels: fixture.voxels)
    let labels = Volume(shape: GridShape(fixture.shape), affine: affine, voxels: fixture.labels)
    for test in fixture.cases {
      let (shape, target) = (GridShape(test.shape), Affine(rows: test.affine))
      let linear = Resampling.trilinear(volume, onto: shape, target).voxels
      // Values are about 1; the coordinates carry a few roundings of Double and the result one of Float.
      let largest = zip(linear, test.linear).map { abs($0 - $1) }.max()!
      #expect(largest < 4e-7, "\(test.name)")
      #expect(linear.contains { $0 != 0 } && (test.name == "same" || linear.contains(0)), "\(test.name)")
      #expect(Resampling.nearest(labels, onto: shape, target, outside: -1).voxels == test.nearest, "\(test.name)")
    }
  }

  @Test func theSameGridComesBackExactly() throws {
    let fixture = try Fixtures.load("resampling.json", as: Fixture.self)
    let volume = Volume(shape: GridShape(fixture.shape), affine: Affine(rows: fixture.affine), voxels: fixture.voxels)
    #expect(Resampling.trilinear(volume, onto: volume.shape, volume.affine).voxels == volume.voxels)
  }

  /// f = 2i - 3j + k is linear, so interpolation half-way between voxels has no error.
  @Test func aRampIsInterpolatedExactly() {
    let shape = GridShape(5, 4, 3)
    let voxels = (0..<shape.voxelCount).map { n -> Float in
      let v = shape.voxel(at: n)
      return Float(2 * v.i - 3 * v.j + v.k)
    }
    let ramp = Volume(shape: shape, affine: .scaling(1, 1, 1), voxels: voxels)
    let half = Affine.scaling(1, 1, 1, originMillimetres: (0.5, 0.5, 0.5))
    let out = Resampling.trilinear(ramp, onto: GridShape(5, 3, 2), half)
    for n in out.voxels.indices {
      let v = out.shape.voxel(at: n)
      #expect(out.voxels[n] == (v.i == 4 ? 0 : Float(2 * v.i - 3 * v.j + v.k)))
    }
  }
}
