/// The anatomical direction in which a stored axis runs.
public enum AnatomicalDirection: Character, CaseIterable, Sendable {
  case right = "R"
  case left = "L"
  case anterior = "A"
  case posterior = "P"
  case superior = "S"
  case inferior = "I"

  /// 0: right–left, 1: anterior–posterior, 2: superior–inferior; the row of an RAS+ affine.
  public var worldAxis: Int {
    switch self {
    case .right, .left: 0
    case .anterior, .posterior: 1
    case .superior, .inferior: 2
    }
  }

  /// Whether the direction is that of the positive RAS+ axis.
  public var isPositive: Bool { self == .right || self == .anterior || self == .superior }

  public var opposite: AnatomicalDirection { Self.along(worldAxis, isPositive: !isPositive) }

  static func along(_ worldAxis: Int, isPositive: Bool) -> AnatomicalDirection {
    isPositive ? [.right, .anterior, .superior][worldAxis] : [.left, .posterior, .inferior][worldAxis]
  }
}

/// Which way the three stored axes of a grid run in the patient, to the nearest anatomical direction.
public struct Orientation: Hashable, Sendable {
  /// The direction of increasing i, j and k; one of each pair.
  public let directions: [AnatomicalDirection]

  /// From letters such as "RAS" or "LPS": the directions in which i, j and k increase; `nil` unless they are one of
  /// each pair R/L, A/P, S/I.
  public init?(code: String) {
    let found = code.uppercased().compactMap(AnatomicalDirection.init(rawValue:))
    guard found.count == 3, code.count == 3, Set(found.map(\.worldAxis)).count == 3 else { return nil }
    directions = found
  }

  /// The closest orientation of an affine, oblique ones included; equals nibabel's `aff2axcodes`.
  ///
  /// The axes are first made orthonormal (polar decomposition, which moves them least); then the stored axis that lies
  /// closest to a world axis takes it, and so on.
  ///
  /// - Precondition: the affine is not degenerate.
  public init(_ affine: Affine) {
    precondition(affine.determinant != 0, "three independent axes")
    var rotation = nearestRotation(affine)
    let closeness = (0..<3).map { c in (0..<3).map { rotation[$0][c] * rotation[$0][c] }.max()! }
    var found: [AnatomicalDirection] = [.right, .anterior, .superior]
    // Ties go to the lower axis, hence the second key.
    for axis in (0..<3).sorted(by: { (-closeness[$0], $0) < (-closeness[$1], $1) }) {
      let column = (0..<3).map { rotation[$0][axis] }
      var world = 0
      for r in 1..<3 where abs(column[r]) > abs(column[world]) { world = r }
      found[axis] = .along(world, isPositive: column[world] > 0)
      rotation[world] = [0, 0, 0]
    }
    directions = found
  }

  /// Three letters, such as "RAS".
  public var code: String { String(directions.map(\.rawValue)) }
}

/// The orthogonal matrix nearest to the axes of unit length (the polar factor), by Newton's iteration
/// X ← (X + X⁻ᵀ) / 2, which converges quadratically for every regular matrix.
private func nearestRotation(_ affine: Affine) -> [[Double]] {
  let (dx, dy, dz) = affine.spacingMillimetres
  var x = affine.rows.map { [$0[0] / dx, $0[1] / dy, $0[2] / dz] }
  for _ in 0..<60 {
    let (c, determinant) = cofactors(x)
    var change = 0.0
    for r in 0..<3 {
      for s in 0..<3 {
        let next = 0.5 * (x[r][s] + c[r][s] / determinant)
        change = max(change, abs(next - x[r][s]))
        x[r][s] = next
      }
    }
    if change < 1e-15 { break }
  }
  return x
}
