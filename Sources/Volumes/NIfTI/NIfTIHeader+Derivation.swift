/// Headers for results: the geometry of an input and nothing else of it.
extension NIfTIHeader {
  /// The fields that place the grid in the patient.
  static let geometryFields: [HeaderField] = [
    .dim, .pixdim, .xyztUnits, .qformCode, .sformCode, .quaternB, .quaternC, .quaternD, .qoffsetX, .qoffsetY, .qoffsetZ,
    .srowX, .srowY, .srowZ,
  ]

  /// A header for a result on this grid.
  ///
  /// Version, byte order and the geometry fields are taken over bit for bit. Everything else starts empty: free text,
  /// intent names and extensions can identify a person and do not describe the result.
  ///
  /// - Parameter channelCount: `nil` for a result with the dimensions of this header; otherwise the size of a fourth
  ///   axis.
  func result(datatype: NIfTIDatatype, intent: NIfTIIntent, channelCount: Int? = nil) -> NIfTIHeader {
    var header = NIfTIHeader(version: version, isBigEndian: isBigEndian)
    for field in Self.geometryFields { header.setBytes(field, storedBytes(field)) }
    if let channelCount {
      header.set(.dim, 0, to: 4)
      header.set(.dim, 4, to: channelCount)
      header.set(.pixdim, 4, to: 1)
      for axis in 5...7 {
        header.set(.dim, axis, to: 1)
        header.set(.pixdim, axis, to: 0)
      }
    }
    header.set(.datatype, to: datatype.rawValue)
    header.set(.bitpix, to: 8 * datatype.byteCount)
    header.set(.voxOffset, to: version.smallestVoxelOffset)
    header.set(.sclSlope, to: 1)
    header.set(.intentCode, to: intent.rawValue)
    return header
  }

  /// The header of a box of this grid: same axes, the origin moved to the box's first voxel in sform and qform.
  ///
  /// A file that states neither form is placed by its size alone; there the box gets an sform ("aligned"), because its
  /// size says nothing about its place.
  ///
  /// - Precondition: the header has no problem of severity error, and the box lies within its grid.
  public func cropped(to box: GridBox) -> NIfTIHeader {
    guard let shape, let stored = storedAffine(), box.lies(within: shape) else {
      preconditionFailure("a usable header and a box within its grid")
    }
    var header = self
    let size = box.shape
    for (axis, count) in zip(1...3, [size.ni, size.nj, size.nk]) { header.set(.dim, axis, to: count) }
    if formCode(.qformCode) > 0, let moved = qform?.movingOrigin(to: box.lower) {
      for (field, row) in zip([HeaderField.qoffsetX, .qoffsetY, .qoffsetZ], moved.rows) {
        header.set(field, to: row[3])
      }
    }
    switch geometrySource {
    case .sform: header.setSform(stored.movingOrigin(to: box.lower), code: nil)
    case .qform: break
    case .pixdim: header.setSform(stored.movingOrigin(to: box.lower), code: 2)
    }
    return header
  }

  mutating func setSform(_ affine: Affine, code: Int?) {
    for (field, row) in zip([HeaderField.srowX, .srowY, .srowZ], affine.rows) {
      for (column, value) in row.enumerated() { set(field, column, to: value) }
    }
    if let code { set(.sformCode, to: code) }
  }
}

extension NIfTIHeader {
  /// A header for a volume that comes from no file: little-endian NIfTI-1, mm, sform and, when the axes are at right
  /// angles, the same as qform. NIfTI-1 keeps the affine in single precision.
  ///
  /// - Precondition: each axis of the grid is shorter than 32768.
  public init(shape: GridShape, affine: Affine) {
    self.init(version: .one, isBigEndian: false)
    for (index, value) in [3, shape.ni, shape.nj, shape.nk, 1, 1, 1, 1].enumerated() { set(.dim, index, to: value) }
    let (dx, dy, dz) = affine.spacingMillimetres
    for (index, value) in [affine.determinant < 0 ? -1 : 1, dx, dy, dz].enumerated() { set(.pixdim, index, to: value) }
    set(.xyztUnits, to: 2)
    setSform(affine, code: 1)
    guard let quaternion = affine.rotationQuaternion else { return }
    for (field, value) in zip([HeaderField.quaternB, .quaternC, .quaternD], quaternion) { set(field, to: value) }
    for (field, row) in zip([HeaderField.qoffsetX, .qoffsetY, .qoffsetZ], affine.rows) { set(field, to: row[3]) }
    set(.qformCode, to: 1)
  }
}

extension Affine {
  /// (b, c, d) of the unit quaternion of the axes, the third one flipped when they are left-handed; `nil` when they
  /// are not at right angles. Source: nifti1_io.c, `nifti_mat44_to_quatern`.
  fileprivate var rotationQuaternion: [Double]? {
    let (dx, dy, dz) = spacingMillimetres
    let flip: Double = determinant < 0 ? -1 : 1
    let r = rows.map { [$0[0] / dx, $0[1] / dy, $0[2] / (dz * flip)] }
    for (p, q) in [(0, 1), (0, 2), (1, 2)] {
      let cosine = (0..<3).reduce(0) { $0 + r[$1][p] * r[$1][q] }
      guard abs(cosine) < 1e-6 else { return nil }
    }
    // The largest of the four components is found first: dividing by it is safe.
    let squares = [
      1 + r[0][0] + r[1][1] + r[2][2], 1 + r[0][0] - r[1][1] - r[2][2], 1 - r[0][0] + r[1][1] - r[2][2],
      1 - r[0][0] - r[1][1] + r[2][2],
    ]
    let largest = squares.indices.max { squares[$0] < squares[$1] }!
    let half = 0.5 * squares[largest].squareRoot()
    let (x, y, z) = (r[2][1] - r[1][2], r[0][2] - r[2][0], r[1][0] - r[0][1])
    let (xy, xz, yz) = (r[0][1] + r[1][0], r[0][2] + r[2][0], r[1][2] + r[2][1])
    let q = 1 / (4 * half)
    switch largest {
    case 0: return [x * q, y * q, z * q]
    case 1: return signed([half, xy * q, xz * q], x)
    case 2: return signed([xy * q, half, yz * q], y)
    default: return signed([xz * q, yz * q, half], z)
    }
  }
}

/// The header keeps only three components, so the fourth must not be negative.
private func signed(_ vector: [Double], _ real: Double) -> [Double] { real < 0 ? vector.map { -$0 } : vector }
