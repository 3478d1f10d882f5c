/// The transposed resampling, for gradients of what was resampled.
extension GridResize {
  /// Whether every new value is a fixed linear combination of a few old ones, so that ``adjoint(of:)`` exists.
  public var isSparseLinear: Bool { isIdentity || !lines.contains { $0.interpolation == .cubic } }

  /// Aᵀ of this resampling A applied to a sparse volume: ⟨A x, t⟩ = ⟨x, Aᵀ t⟩ for every x on the source grid.
  ///
  /// - Parameter voxels: linear indices on the target grid, last axis fastest, and their values.
  /// - Returns: linear indices on the source grid, ascending, and their values; those that are exactly 0 are left out.
  /// - Precondition: ``isSparseLinear``.
  public func adjoint(of voxels: [(index: Int, value: Double)]) -> [(index: Int, value: Double)] {
    precondition(isSparseLinear, "no adjoint of a resampling that is cut to a range")
    var sums: [Int: Double] = [:]
    for voxel in voxels {
      let (i, j, k) = (
        voxel.index / (target[1] * target[2]), voxel.index / target[2] % target[1], voxel.index % target[2]
      )
      forEachTap(0, i) { a, u in
        forEachTap(1, j) { b, v in
          forEachTap(2, k) { c, w in
            sums[(a * source[1] + b) * source[2] + c, default: 0] += voxel.value * u * v * w
          }
        }
      }
    }
    return sums.filter { $0.value != 0 }.map { (index: $0.key, value: $0.value) }.sorted { $0.index < $1.index }
  }

  private func forEachTap(_ axis: Int, _ position: Int, _ body: (Int, Double) -> Void) {
    let line = lines[axis]
    guard line.oldCount != line.newCount else { return body(position, 1) }
    for tap in (position * line.tapCount)..<((position + 1) * line.tapCount) where line.weights[tap] != 0 {
      body(line.indices[tap], line.weights[tap])
    }
  }
}
