import Testing
import Volumes

@testable import Registration

@Suite struct RigidTransformTests {
  static let turn = RigidTransform(
    rotationVector: SIMD3(0, 0, .pi / 2), about: WorldPoint(x: 1, y: 0, z: 0), translationMillimetres: SIMD3(0, 0, 5))

  /// A quarter turn about the superior axis through (1, 0, 0) takes (2, 0, 0) to (1, 1, 0), then 5 mm up.
  @Test func aQuarterTurn() {
    expect(Self.turn.applied(to: WorldPoint(x: 2, y: 0, z: 0)), 1, 1, 5)
    expect(Self.turn.applied(to: WorldPoint(x: 1, y: 3, z: -2)), -2, 0, 3)
    #expect(abs(Self.turn.rotationDegrees - 90) < 1e-12)
    #expect(Self.turn.matrix[3] == [0, 0, 0, 1])
  }

  @Test func theInverseComesBack() {
    let there = RigidTransform(
      rotationVector: SIMD3(0.3, -1.1, 0.7), about: WorldPoint(x: 10, y: -20, z: 30),
      translationMillimetres: SIMD3(4, 5, -6))
    for back in [there.inverse.composed(with: there), there.composed(with: there.inverse)] {
      let off = Displacement(of: back, from: .identity, over: [WorldPoint(x: 70, y: -80, z: 90)])
      #expect(off.meanMillimetres < 1e-12)
    }
  }

  /// First the other one: (2, 0, 0) is moved to (4, 0, 0), then turned to (1, 3, 5).
  @Test func compositionIsFromTheRight() {
    let shift = RigidTransform(
      rotationVector: .zero, about: WorldPoint(x: 0, y: 0, z: 0), translationMillimetres: SIMD3(2, 0, 0))
    expect(Self.turn.composed(with: shift).applied(to: WorldPoint(x: 2, y: 0, z: 0)), 1, 3, 5)
  }

  /// Half-way between nothing and a quarter turn lies an eighth, and half of the shift.
  @Test func theMidpointIsHalfWay() {
    let centre = WorldPoint(x: 1, y: 0, z: 0)
    for (a, b) in [(RigidTransform.identity, Self.turn), (Self.turn, .identity)] {
      let middle = RigidTransform.midpoint(a, b, about: centre)
      #expect(abs(middle.rotationDegrees - 45) < 1e-12)
      expect(middle.applied(to: centre), 1, 0, 2.5)
      let half = 0.5.squareRoot()
      expect(middle.applied(to: WorldPoint(x: 2, y: 0, z: 0)), 1 + half, half, 2.5)
    }
    #expect(RigidTransform.midpoint(Self.turn, Self.turn, about: centre).rotationDegrees > 89.999)
  }

  @Test(arguments: [
    ("a scale of 1 %", [[1.01, 0, 0], [0, 1, 0], [0, 0, 1]]), ("shear", [[1, 0.01, 0], [0, 1, 0], [0, 0, 1]]),
    ("mirrored", [[-1, 0, 0], [0, 1, 0], [0, 0, 1]]), ("flat", [[1, 0, 0], [0, 1, 0], [0, 0, 0]]),
    ("not a number", [[.nan, 0, 0], [0, 1, 0], [0, 0, 1]]),
  ]) func onlyRotationsAreRigid(_ name: String, _ matrix: [[Double]]) {
    #expect(RigidTransform(Affine(rows: matrix.map { $0 + [0] })) == nil, "\(name)")
  }

  @Test func anInfiniteShiftIsNone() {
    #expect(RigidTransform(Affine(rows: [[1, 0, 0, .infinity], [0, 1, 0, 0], [0, 0, 1, 0]])) == nil)
    #expect(RigidTransform(Self.turn.affine) == Self.turn)
  }

  /// (0, 0, 0) moves by 3 mm, (4, 0, 0) by 5 mm: mean 4, maximum 5.
  @Test func displacementsAreDistances() {
    let shift = Affine(rows: [[1, 0, 0, 0], [0, 1, 0, 3], [1, 0, 1, 0]])
    let none = Affine.scaling(1, 1, 1)
    let points = [WorldPoint(x: 0, y: 0, z: 0), WorldPoint(x: 4, y: 0, z: 0)]
    let found = Displacement(of: shift, from: none, over: points)
    #expect(found.meanMillimetres == 4 && found.maximumMillimetres == 5)
  }

  private func expect(
    _ point: WorldPoint, _ x: Double, _ y: Double, _ z: Double, at location: SourceLocation = #_sourceLocation
  ) {
    let off = max(abs(point.x - x), abs(point.y - y), abs(point.z - z))
    #expect(off < 1e-12, "\(point)", sourceLocation: location)
  }
}
