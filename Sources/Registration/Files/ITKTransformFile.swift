import Foundation
public import Volumes

/// Linear transforms as ITK's text files (`Insight Transform File V1.0`), which ANTs, SimpleITK, 3D Slicer and ITK-SNAP
/// read.
///
/// ITK's world is LPS+ in mm, ours RAS+: both signs of x and y change on the way in and out. The parameters are nine
/// coefficients row by row and a shift, the fixed parameters the centre c of p → M (p − c) + c + t.
public enum ITKTransformFile {
  /// The text of a transform. It begins with comments that say what is mapped to what, which ITK skips.
  ///
  /// - Parameters:
  ///   - from: name of the image whose points go in, such as FLAIR.
  ///   - to: name of the image whose points come out.
  public static func text(_ transform: RigidTransform, from: String, to: String) -> String {
    text(transform.affine, from: from, to: to)
  }

  /// As above, for a transform that need not be rigid.
  public static func text(_ transform: Affine, from: String, to: String) -> String {
    let rows = mirrored(transform).rows
    let kind = RigidTransform(transform) == nil ? "Affine" : "Rigid"
    let numbers = rows.flatMap { $0[..<3] } + rows.map { $0[3] }
    return """
      #Insight Transform File V1.0
      # \(kind). Maps a point of the \(from) (mm, LPS+) to the point of the \(to) that shows the same tissue.
      #Transform 0
      Transform: AffineTransform_double_3_3
      Parameters: \(numbers.map { "\($0)" }.joined(separator: " "))
      FixedParameters: 0 0 0

      """
  }

  /// Reads one linear transform: affine, Euler angles or versor.
  ///
  /// - Parameter path: for error texts.
  /// - Returns: from world to world in mm, RAS+; not always rigid, see `RigidTransform.init(_:)`.
  /// - Throws: `RegistrationError.transformText`.
  public static func affine(in text: String, path: String) throws(RegistrationError) -> Affine {
    let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
    guard lines.first?.hasPrefix("#Insight Transform File") == true else {
      throw .transformText(path: path, fault: .noITKHeader)
    }
    var fields: [String: [String]] = [:]
    for line in lines where !line.isEmpty && !line.hasPrefix("#") {
      guard let colon = line.firstIndex(of: ":") else { throw .transformText(path: path, fault: .lineWithoutColon) }
      let name = String(line[..<colon])
      guard fields[name] == nil else { throw .transformText(path: path, fault: .severalTransforms) }
      fields[name] = line[line.index(after: colon)...].split(separator: " ").map(String.init)
    }
    guard let kind = fields["Transform"]?.first else { throw .transformText(path: path, fault: .missing("Transform")) }
    func numbers(_ name: String, _ counts: [Int]) throws(RegistrationError) -> [Double] {
      guard let words = fields[name] else { throw .transformText(path: path, fault: .missing(name)) }
      let values = words.compactMap { Double($0) }
      guard values.count == words.count, counts.contains(values.count), values.allSatisfy(\.isFinite) else {
        throw .transformText(path: path, fault: .numbers(field: name, expected: counts[0], found: words.count))
      }
      return values
    }
    guard let form = forms.first(where: { kind.hasPrefix($0.name + "_") && kind.hasSuffix("_3_3") }) else {
      throw .transformText(path: path, fault: .unknownKind(String(kind.prefix(60))))
    }
    let parameters = try numbers("Parameters", [form.parameters])
    // ITK notes the order of Euler angles as a fourth fixed parameter.
    let fixed = try numbers("FixedParameters", form.isEuler ? [3, 4] : [3])
    let matrix = form.matrix(parameters, fixed)
    let shift = Array(parameters.suffix(3))
    let rows = (0..<3).map { r -> [Double] in
      let turned = (0..<3).reduce(0.0) { $0 + matrix[r][$1] * fixed[$1] }
      return matrix[r] + [shift[r] + fixed[r] - turned]
    }
    let affine = mirrored(Affine(rows: rows))
    guard affine.determinant > 0 else { throw .transformText(path: path, fault: .notInvertible) }
    return affine
  }

  private struct Form: Sendable {
    let name: String
    let parameters: Int
    var isEuler = false
    /// Parameters and fixed parameters → 3 × 3.
    let matrix: @Sendable ([Double], [Double]) -> [[Double]]
  }

  private static let forms = [
    Form(name: "AffineTransform", parameters: 12) { p, _ in nine(p) },
    Form(name: "MatrixOffsetTransformBase", parameters: 12) { p, _ in nine(p) },
    Form(name: "Euler3DTransform", parameters: 6, isEuler: true) { p, fixed in
      let (x, y, z) = (axisTurn(0, p[0]), axisTurn(1, p[1]), axisTurn(2, p[2]))
      // ITK: Rz Rx Ry, or Rz Ry Rx where the fourth fixed parameter says so.
      return fixed.count == 4 && fixed[3] != 0 ? product(product(z, y), x) : product(product(z, x), y)
    },
    Form(name: "VersorRigid3DTransform", parameters: 6) { p, _ in
      let (x, y, z) = (p[0], p[1], p[2])
      let w = max(0, 1 - x * x - y * y - z * z).squareRoot()
      return [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
      ]
    },
  ]

  @Sendable private static func nine(_ p: [Double]) -> [[Double]] { (0..<3).map { Array(p[($0 * 3)..<($0 * 3 + 3)]) } }

  /// Rotation about axis 0, 1 or 2, right-handed.
  @Sendable private static func axisTurn(_ axis: Int, _ angle: Double) -> [[Double]] {
    let (a, b) = ((axis + 1) % 3, (axis + 2) % 3)
    var m = [[1.0, 0, 0], [0, 1, 0], [0, 0, 1]]
    m[a][a] = cos(angle)
    m[b][b] = cos(angle)
    m[a][b] = -sin(angle)
    m[b][a] = sin(angle)
    return m
  }

  @Sendable private static func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
    (0..<3).map { r in (0..<3).map { c in (0..<3).reduce(0.0) { $0 + a[r][$1] * b[$1][c] } } }
  }

  /// From RAS+ to LPS+ or back.
  private static func mirrored(_ affine: Affine) -> Affine {
    let sign = [-1.0, -1, 1, 1]
    // Adding 0 turns -0 into 0.
    return Affine(rows: (0..<3).map { r in (0..<4).map { sign[r] * affine.rows[r][$0] * sign[$0] + 0 } })
  }
}
