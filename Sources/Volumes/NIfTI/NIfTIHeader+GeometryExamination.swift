/// Checks of the part of the header that says where left is.
extension NIfTIHeader {
  /// The affine in mm when it is usable; problems either way.
  func examineGeometry(_ problems: inout [HeaderProblem]) -> Affine? {
    examineUnits(&problems)
    for field in [HeaderField.sformCode, .qformCode] {
      let code = integer(field) ?? 0
      if !(0...5).contains(code) {
        problems.append(HeaderProblem(.warning, field, "\(field.rawValue) is \(code), expected 0 to 5; taken for 0"))
      }
    }
    let source = geometrySource
    examinePixdim(source, &problems)
    let stored = storedAffine()
    switch source {
    case .sform: examineAgreement(&problems)
    case .qform: break
    case .pixdim:
      problems.append(
        HeaderProblem(
          .warning, .sformCode,
          "neither sform nor qform is set: left and right are an assumption (first axis to the patient's left)"))
    }
    guard let stored else {
      problems.append(
        HeaderProblem(
          .error, .quaternB, "the qform quaternion is longer than 1, expected a rotation; repair the header"))
      return nil
    }
    return examineAffine(stored, source, &problems)
  }

  /// Edges of a voxel that an image of a head has, in mm; anything else is a wrong spacing or a wrong unit.
  static let voxelEdgesMillimetres = 0.05...20.0

  /// The unit that the header states, where it is not mm.
  private var unitText: String { millimetresPerUnit == 1 ? "" : " (from \(millimetresPerUnit == 1000 ? "m" : "µm"))" }

  private func examineUnits(_ problems: inout [HeaderProblem]) {
    let code = (integer(.xyztUnits) ?? 0) & 7
    switch code {
    case 2: break
    case 1, 3:
      problems.append(
        HeaderProblem(
          .doubtful, .xyztUnits,
          "the unit of space is \(code == 1 ? "the metre" : "the micron"), converted to mm; many programs ignore it"))
    case 0: problems.append(HeaderProblem(.warning, .xyztUnits, "the unit of space is not stated; taken for mm"))
    default: problems.append(HeaderProblem(.warning, .xyztUnits, "the unit of space has code \(code); taken for mm"))
    }
  }

  private func examinePixdim(_ source: GeometrySource, _ problems: inout [HeaderProblem]) {
    let stored = (1...3).map { number(.pixdim, $0) }
    let isNeeded = source != .sform
    if stored.contains(where: { !$0.isFinite }) {
      problems.append(
        HeaderProblem(
          isNeeded ? .error : .warning, .pixdim, "pixdim is not finite, expected the voxel spacing; repair the header"))
    } else if stored.contains(where: { $0 <= 0 }) {
      problems.append(
        HeaderProblem(.warning, .pixdim, "pixdim is \(stored), expected positive spacings; sign dropped, 0 taken for 1")
      )
    }
    let handedness = number(.pixdim, 0)
    if source == .qform, handedness != 1, handedness != -1 {
      problems.append(HeaderProblem(.warning, .pixdim, "pixdim[0] is \(handedness), expected 1 or -1; taken for 1"))
    }
  }

  /// Tools differ in which form they follow, so a file whose two forms disagree is shown in two places.
  private func examineAgreement(_ problems: inout [HeaderProblem]) {
    guard formCode(.qformCode) > 0, let qform, let dimensions = shape else { return }
    let distance = GridComparison.largestCornerDistance(dimensions, sform, qform) * millimetresPerUnit
    if !(distance <= 1) {
      problems.append(
        HeaderProblem(
          .warning, .qformCode,
          "sform and qform disagree by up to \(millimetreText(distance)) mm; the sform is followed"))
    }
  }

  private func examineAffine(_ stored: Affine, _ source: GeometrySource, _ problems: inout [HeaderProblem]) -> Affine? {
    let field: HeaderField = source == .sform ? .srowX : source == .qform ? .quaternB : .pixdim
    func refuse(_ what: String) -> Affine? {
      problems.append(
        HeaderProblem(
          .error, field, "the \(source.rawValue) \(what), expected three independent axes in mm; repair the header"))
      return nil
    }
    guard stored.rows.joined().allSatisfy(\.isFinite) else { return refuse("holds NaN or infinity") }
    let factor = millimetresPerUnit
    let affine = factor == 1 ? stored : Affine(rows: stored.rows.map { $0.map { $0 * factor } })
    let (dx, dy, dz) = affine.spacingMillimetres
    let spacing = [dx, dy, dz]
    guard spacing.allSatisfy({ $0 > 0 }) else { return refuse("has an axis of length 0") }
    let text = spacing.map(millimetreText).joined(separator: " x ")
    guard spacing.allSatisfy(Self.voxelEdgesMillimetres.contains) else {
      let (least, most) = (Self.voxelEdgesMillimetres.lowerBound, Self.voxelEdgesMillimetres.upperBound)
      problems.append(
        HeaderProblem(
          .error, field,
          "the voxels of the \(source.rawValue) are \(text) mm\(unitText), expected edges of "
            + "\(millimetreText(least)) to \(millimetreText(most)) mm; repair spacing or unit in the header"))
      return nil
    }
    guard affine.rows.allSatisfy({ abs($0[3]) < 1e9 }) else { return refuse("puts voxels kilometres apart") }
    // Sine-like measure of how far the axes are from lying in one plane: 1 for right angles.
    guard abs(affine.determinant) / (dx * dy * dz) > 1e-4 else { return refuse("has axes that lie in one plane") }
    if source == .sform {
      let differs = (0..<3).contains { abs(self.spacing($0 + 1) * factor - spacing[$0]) > 0.01 * spacing[$0] }
      if differs {
        problems.append(
          HeaderProblem(.warning, .pixdim, "pixdim differs from the \(text) mm of the sform; the sform is followed"))
      }
    }
    return affine
  }
}
