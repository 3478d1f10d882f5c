/// Values on a voxel grid and where that grid lies in the patient.
///
/// `voxels` has `shape.voxelCount` values, axis 0 fastest (the order of a NIfTI file).
public struct Volume<Element: Sendable>: Sendable {
  public let shape: GridShape
  public let affine: Affine
  public var voxels: [Element]

  public init(shape: GridShape, affine: Affine, voxels: [Element]) {
    precondition(voxels.count == shape.voxelCount, "one value per voxel")
    self.shape = shape
    self.affine = affine
    self.voxels = voxels
  }

  public init(shape: GridShape, affine: Affine, repeating value: Element) {
    self.init(shape: shape, affine: affine, voxels: Array(repeating: value, count: shape.voxelCount))
  }

  public subscript(voxel: VoxelIndex) -> Element {
    get { voxels[shape.linearIndex(voxel)] }
    set { voxels[shape.linearIndex(voxel)] = newValue }
  }
}

extension Volume: Equatable where Element: Equatable {}

extension Volume {
  /// The voxels of `box`, each where it was in the patient: the affine moves with the corner.
  ///
  /// - Precondition: the box lies within the volume.
  public func cropped(to box: GridBox) -> Volume {
    var kept: [Element] = []
    kept.reserveCapacity(box.shape.voxelCount)
    for row in box.rows(in: shape) { kept.append(contentsOf: voxels[row]) }
    return Volume(shape: box.shape, affine: affine.movingOrigin(to: box.lower), voxels: kept)
  }

  /// The same grid with every value replaced.
  public func map<Other: Sendable>(_ transform: (Element) throws -> Other) rethrows -> Volume<Other> {
    Volume<Other>(shape: shape, affine: affine, voxels: try voxels.map(transform))
  }
}

extension Affine {
  /// The affine of a grid whose voxel (0, 0, 0) is this grid's `voxel`.
  public func movingOrigin(to voxel: VoxelIndex) -> Affine {
    let origin = world(voxel)
    return Affine(rows: [
      Array(rows[0][..<3]) + [origin.x], Array(rows[1][..<3]) + [origin.y], Array(rows[2][..<3]) + [origin.z],
    ])
  }
}
