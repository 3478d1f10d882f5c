import Foundation
public import Volumes

/// A rotation and a shift in the patient's world, in mm, RAS+: p → R p + t.
///
/// A transform has a direction that the matrix does not show. In this module it maps a point of the fixed image (FLAIR)
/// to the point of the moving image (MPRAGE) that shows the same tissue: the direction in which an image is resampled,
/// and that of ITK.
public struct RigidTransform: Hashable, Sendable {
  /// R, row by row: orthonormal, determinant +1.
  public let rotation: [[Double]]
  /// t along x, y and z.
  public let translationMillimetres: [Double]

  public static let identity = RigidTransform(
    unchecked: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], translationMillimetres: [0, 0, 0])

  /// Coefficients of RᵀR − 1 and the determinant − 1 may be off by this much, as those of a text with few digits are.
  static let orthonormalityTolerance = 1e-5

  /// The transform of a 3 × 4 matrix; nil unless its 3 × 3 part is a rotation.
  public init?(_ affine: Affine) {
    let rows = affine.rows
    for a in 0..<3 {
      for b in 0..<3 {
        let product = (0..<3).reduce(0.0) { $0 + rows[$1][a] * rows[$1][b] }
        guard abs(product - (a == b ? 1 : 0)) <= Self.orthonormalityTolerance else { return nil }
      }
    }
    guard affine.determinant > 0, rows.allSatisfy({ $0[3].isFinite }) else { return nil }
    self.init(unchecked: rows.map { Array($0[..<3]) }, translationMillimetres: rows.map { $0[3] })
  }

  /// - Precondition: the matrix is a rotation.
  init(unchecked rotation: [[Double]], translationMillimetres: [Double]) {
    self.rotation = rotation
    self.translationMillimetres = translationMillimetres
  }

  /// A rotation about a point, then a shift.
  ///
  /// - Parameters:
  ///   - rotationVector: the axis times the angle in radians, right-handed.
  ///   - centre: the point that the rotation leaves where it is.
  public init(rotationVector: SIMD3<Double>, about centre: WorldPoint, translationMillimetres: SIMD3<Double> = .zero) {
    let turn = Self.matrix(rotationVector)
    let c = [centre.x, centre.y, centre.z]
    self.init(
      unchecked: turn,
      translationMillimetres: (0..<3).map { r in
        c[r] + translationMillimetres[r] - (0..<3).reduce(0) { $0 + turn[r][$1] * c[$1] }
      })
  }

  /// The rows of the 3 × 4 matrix, as an affine from world to world.
  public var affine: Affine { Affine(rows: (0..<3).map { rotation[$0] + [translationMillimetres[$0]] }) }

  /// The rows of the homogeneous 4 × 4 matrix.
  public var matrix: [[Double]] { affine.rows + [[0, 0, 0, 1]] }

  public func applied(to point: WorldPoint) -> WorldPoint { affine.world(point.x, point.y, point.z) }

  /// The transform in the other direction.
  public var inverse: RigidTransform {
    let back = (0..<3).map { r in (0..<3).map { rotation[$0][r] } }
    return RigidTransform(
      unchecked: back,
      translationMillimetres: (0..<3).map { r in -(0..<3).reduce(0.0) { $0 + back[r][$1] * translationMillimetres[$1] }
      })
  }

  /// First `other`, then this one.
  public func composed(with other: RigidTransform) -> RigidTransform {
    let rows = affine.composed(with: other.affine).rows
    return RigidTransform(unchecked: rows.map { Array($0[..<3]) }, translationMillimetres: rows.map { $0[3] })
  }

  /// Angle of the rotation, 0 to 180°.
  public var rotationDegrees: Double {
    let (sine, cosine) = sineAndCosine
    return atan2(length(sine), cosine) * 180 / .pi
  }

  /// The rotation half as far and the shift of `centre` half as long as those from `a` to `b`.
  static func midpoint(_ a: RigidTransform, _ b: RigidTransform, about centre: WorldPoint) -> RigidTransform {
    let step = b.composed(with: a.inverse)
    let (sine, cosine) = step.sineAndCosine
    let angle = atan2(length(sine), cosine)
    let vector = length(sine) > 0 ? sine * (angle / length(sine)) : .zero
    let from = a.applied(to: centre)
    let to = b.applied(to: centre)
    let shift = SIMD3(to.x - from.x, to.y - from.y, to.z - from.z)
    return RigidTransform(rotationVector: vector / 2, about: from, translationMillimetres: shift / 2).composed(with: a)
  }

  /// Sine of the angle along the axis, and its cosine.
  private var sineAndCosine: (SIMD3<Double>, Double) {
    let r = rotation
    let sine = SIMD3(r[2][1] - r[1][2], r[0][2] - r[2][0], r[1][0] - r[0][1]) / 2
    return (sine, (r[0][0] + r[1][1] + r[2][2] - 1) / 2)
  }

  /// Rodrigues' formula.
  private static func matrix(_ w: SIMD3<Double>) -> [[Double]] {
    let angle = length(w)
    let (a, b) = angle < 1e-6 ? (1 - angle * angle / 6, 0.5) : (sin(angle) / angle, (1 - cos(angle)) / (angle * angle))
    let c = 1 - b * angle * angle
    return [
      [c + b * w.x * w.x, b * w.x * w.y - a * w.z, b * w.x * w.z + a * w.y],
      [b * w.y * w.x + a * w.z, c + b * w.y * w.y, b * w.y * w.z - a * w.x],
      [b * w.z * w.x - a * w.y, b * w.z * w.y + a * w.x, c + b * w.z * w.z],
    ]
  }
}

/// Distances between what two transforms make of the same points, in mm.
public struct Displacement: Hashable, Sendable, Codable {
  public let meanMillimetres: Double
  public let maximumMillimetres: Double

  /// - Parameter points: not empty.
  public init(of a: RigidTransform, from b: RigidTransform, over points: [WorldPoint]) {
    self.init(of: a.affine, from: b.affine, over: points)
  }

  /// - Parameters:
  ///   - a: from world to world, as `b`.
  ///   - points: not empty.
  public init(of a: Affine, from b: Affine, over points: [WorldPoint]) {
    precondition(!points.isEmpty, "a mean of something")
    let difference = Affine(rows: (0..<3).map { r in (0..<4).map { a.rows[r][$0] - b.rows[r][$0] } })
    var (sum, largest) = (0.0, 0.0)
    for point in points {
      let d = difference.world(point.x, point.y, point.z)
      let distance = (d.x * d.x + d.y * d.y + d.z * d.z).squareRoot()
      sum += distance
      largest = max(largest, distance)
    }
    meanMillimetres = sum / Double(points.count)
    maximumMillimetres = largest
  }
}

func length(_ v: SIMD3<Double>) -> Double { (v * v).sum().squareRoot() }
