import Foundation
import Volumes

/// Six parameters around a transform, in mm: a rotation of the moving points about that of the points' centre, as a
/// vector times the radius of a head, and a shift.
struct RigidStep {
  /// A rotation by one radian moves a point this far from the centre by as many mm.
  static let radiusMillimetres = 60.0

  let start: RigidTransform
  private let pivot: WorldPoint

  /// - Parameter centre: of the points of the fixed image.
  init(from start: RigidTransform, centre: WorldPoint) {
    self.start = start
    pivot = start.applied(to: centre)
  }

  func transform(_ parameters: [Double]) -> RigidTransform {
    let vector = SIMD3(parameters[0], parameters[1], parameters[2]) / Self.radiusMillimetres
    return RigidTransform(
      rotationVector: vector, about: pivot, translationMillimetres: SIMD3(parameters[3], parameters[4], parameters[5])
    ).composed(with: start)
  }

  /// The gradient by the parameters of a measure that changes by `force` and `torque` (see `MutualInformation.Value`).
  ///
  /// A change dω of the rotation vector ω turns the moving points by J(ω) dω, J being the left Jacobian of SO(3).
  func gradient(_ parameters: [Double], force: SIMD3<Double>, torque: SIMD3<Double>) -> [Double] {
    let w = SIMD3(parameters[0], parameters[1], parameters[2]) / Self.radiusMillimetres
    let angle = length(w)
    let (a, b) =
      angle < 1e-4
      ? (0.5, 1.0 / 6) : ((1 - cos(angle)) / (angle * angle), (angle - sin(angle)) / (angle * angle * angle))
    // Jᵀ τ = τ − a ω × τ + b ω × (ω × τ)
    let once = cross(w, torque)
    let turned = torque - once * a + cross(w, once) * b
    return [turned.x, turned.y, turned.z].map { $0 / Self.radiusMillimetres } + [force.x, force.y, force.z]
  }

  private func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
  }
}
