extension Volume {
  /// The voxels of `box`, each where it was in the patient: the affine moves with the corner.
  ///
  /// - Precondition: the box lies within the volume.
  public func cropped(to box: GridBox) -> Volume {
    precondition(box.lies(within: shape), "the box lies within the volume")
    let size = box.shape
    var kept: [Element] = []
    kept.reserveCapacity(size.voxelCount)
    for k in box.lower.k..<box.upper.k {
      for j in box.lower.j..<box.upper.j {
        let start = shape.linearIndex(VoxelIndex(box.lower.i, j, k))
        kept.append(contentsOf: voxels[start..<(start + size.ni)])
      }
    }
    return Volume(shape: size, affine: affine.movingOrigin(to: box.lower), voxels: kept)
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
