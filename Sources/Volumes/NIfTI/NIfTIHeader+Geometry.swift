/// Where the header says the voxels are: sform when its code is positive, else qform, else pixdim, as nibabel does.
extension NIfTIHeader {
  /// The part of the header that places the grid in the patient.
  public enum GeometrySource: String, Sendable {
    case sform, qform
    /// Neither is set: the grid is centred on the origin and its first axis taken to run to the patient's left
    /// (nibabel's base affine). Left and right are then an assumption.
    case pixdim
  }

  public var geometrySource: GeometrySource {
    if formCode(.sformCode) > 0 { return .sform }
    return formCode(.qformCode) > 0 ? .qform : .pixdim
  }

  /// The code of a form; values the standard does not define (0…5) count as 0, "unknown".
  func formCode(_ field: HeaderField) -> Int {
    let code = integer(field) ?? 0
    return (0...5).contains(code) ? code : 0
  }

  /// Millimetres per unit of space; unknown units are taken for millimetres.
  var millimetresPerUnit: Double {
    switch (integer(.xyztUnits) ?? 0) & 7 {
    case 1: 1000
    case 3: 0.001
    default: 1
    }
  }

  /// The affine in the unit of the file, by the rule above; `nil` when a rotation quaternion is no rotation.
  func storedAffine() -> Affine? {
    switch geometrySource {
    case .sform: sform
    case .qform: qform
    case .pixdim: centredAffine
    }
  }

  /// The qform in mm, where the header states a usable one: the grid that programs see which follow it before the sform
  /// (ITK and what is built on it).
  public var qformMillimetres: Affine? {
    guard formCode(.qformCode) > 0, let qform, qform.rows.joined().allSatisfy(\.isFinite) else { return nil }
    return Affine(rows: qform.rows.map { $0.map { $0 * millimetresPerUnit } })
  }

  var sform: Affine {
    Affine(rows: [HeaderField.srowX, .srowY, .srowZ].map { field in (0..<4).map { number(field, $0) } })
  }

  /// Method 2 of nifti1.h; `nil` when the quaternion is longer than 1 by more than rounding.
  var qform: Affine? {
    let (b, c, d) = (number(.quaternB), number(.quaternC), number(.quaternD))
    let square = 1 - (b * b + c * c + d * d)
    // Three roundings of the stored type, nibabel's threshold.
    let threshold = 3 * (version == .one ? Double(Float.ulpOfOne) : Double.ulpOfOne)
    guard square.isFinite, square > -threshold else { return nil }
    let a = square < threshold ? 0 : square.squareRoot()
    let s = 2 / (a * a + b * b + c * c + d * d)
    let rotation = [
      [1 - s * (c * c + d * d), s * (b * c - a * d), s * (b * d + a * c)],
      [s * (b * c + a * d), 1 - s * (b * b + d * d), s * (c * d - a * b)],
      [s * (b * d - a * c), s * (c * d + a * b), 1 - s * (b * b + c * c)],
    ]
    let zoom = [spacing(1), spacing(2), spacing(3) * qfac]
    let offset = [number(.qoffsetX), number(.qoffsetY), number(.qoffsetZ)]
    return Affine(rows: (0..<3).map { r in (0..<3).map { rotation[r][$0] * zoom[$0] } + [offset[r]] })
  }

  /// -1 when the third axis is flipped to make the axes left-handed; anything but -1 counts as 1.
  var qfac: Double { number(.pixdim, 0) == -1 ? -1 : 1 }

  /// Spacing along axis 1…3 in the unit of the file: the sign is dropped and 0 counts as 1, as nibabel does.
  func spacing(_ axis: Int) -> Double {
    let stored = abs(number(.pixdim, axis))
    return stored == 0 ? 1 : stored
  }

  /// Voxel size that pixdim states for the three axes of space, in mm, whatever the affine says.
  public var pixdimMillimetres: [Double] { (1...3).map { spacing($0) * millimetresPerUnit } }

  private var centredAffine: Affine {
    let zoom = [-spacing(1), spacing(2), spacing(3)]
    return Affine(
      rows: (0..<3).map { r in
        var row = [0.0, 0, 0, -0.5 * (number(.dim, r + 1) - 1) * zoom[r]]
        row[r] = zoom[r]
        return row
      })
  }
}
