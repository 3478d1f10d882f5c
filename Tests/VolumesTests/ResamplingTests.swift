import Testing

@testable import Volumes

@Suite struct ResamplingTests {
  struct Case: Decodable {
    let name: String
    let shape: [Int]
    let affine: [[Double]]
    let cubic: [Float]
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
      // Coefficients are stored as Float, up to 4 times the values.
      let cubic = Resampling.cubic(volume, onto: shape, target).voxels
      #expect(zip(cubic, test.cubic).map { abs($0 - $1) }.max()! < 3e-6, "\(test.name)")
      #expect(cubic.contains { $0 != 0 } && (test.name == "same" || cubic.contains(0)), "\(test.name)")
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

  /// A cubic has no error far from the border, where the spline does not see that it ends: x³ at half-way points.
  @Test func aCubicIsInterpolatedExactly() {
    let shape = GridShape(40, 2, 2)
    let voxels = (0..<shape.voxelCount).map { n -> Float in
      let x = (Float(shape.voxel(at: n).i) - 20) / 10
      return x * x * x
    }
    let curve = Volume(shape: shape, affine: .scaling(1, 1, 1), voxels: voxels)
    let half = Affine.scaling(1, 1, 1, originMillimetres: (0.5, 0, 0))
    let out = Resampling.cubic(curve, onto: GridShape(39, 2, 2), half)
    for i in 15..<25 {
      let x = (Float(i) + 0.5 - 20) / 10
      #expect(abs(out[VoxelIndex(i, 1, 1)] - x * x * x) < 1e-6)
    }
  }

  /// Half a voxel beyond the border's centres the volume ends; up to there the border's value holds.
  @Test func voxelsEndHalfAVoxelBeyondTheirCentres() {
    let volume = Volume(shape: GridShape(4, 4, 4), affine: .scaling(2, 2, 2), repeating: Float(7))
    let line = Affine.scaling(0.5, 2, 2, originMillimetres: (-2.25, 2, 2))
    let out = Resampling.cubic(volume, onto: GridShape(24, 1, 1), line).voxels
    // Centres from -2.25 mm in steps of 0.5 mm; the volume reaches from -1 to 7 mm.
    #expect(out == (0..<24).map { (-1.0...7.0).contains(-2.25 + 0.5 * Double($0)) ? 7 : 0 })
  }

  /// A spline overshoots at an edge; the result does not.
  @Test func anEdgeDoesNotRing() {
    let shape = GridShape(12, 3, 3)
    let voxels = (0..<shape.voxelCount).map { Float(shape.voxel(at: $0).i < 6 ? 0 : 100) }
    let edge = Volume(shape: shape, affine: .scaling(1, 1, 1), voxels: voxels)
    let out = Resampling.cubic(edge, onto: GridShape(60, 1, 1), .scaling(0.2, 1, 1))
    #expect(out.voxels.min() == 0 && out.voxels.max() == 100)
  }
}
