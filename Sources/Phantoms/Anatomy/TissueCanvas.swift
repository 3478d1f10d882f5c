/// Tissues laid one over another, each covering the share of a voxel that lies inside its surface.
struct TissueCanvas {
  private(set) var mprage: [Float]
  private(set) var flair: [Float]
  private(set) var white: [Float]
  private(set) var grey: [Float]
  private let edge: Float

  /// - Parameter edge: width in mm over which a surface passes from outside to inside.
  init(voxelCount: Int, edge: Float) {
    mprage = [Float](repeating: 0, count: voxelCount)
    flair = mprage
    white = mprage
    grey = mprage
    self.edge = edge
  }

  /// Fills a voxel with fluid.
  @inline(__always)
  mutating func start(_ n: Int) {
    mprage[n] = Tissue.fluid.mprage
    flair[n] = Tissue.fluid.flair
  }

  /// Covers a voxel with a tissue whose surface is at signed distance `d` mm.
  @inline(__always)
  mutating func lay(_ tissue: Tissue, _ d: Float, _ n: Int) {
    let share = coverage(d, edge)
    if share > 0 { cover(tissue, share, n) }
  }

  /// Covers the given share of a voxel with a tissue.
  @inline(__always)
  mutating func cover(_ tissue: Tissue, _ share: Float, _ n: Int) {
    mprage[n] += share * (tissue.mprage - mprage[n])
    flair[n] += share * (tissue.flair - flair[n])
    white[n] += share * ((tissue.kind == .white ? 1 : 0) - white[n])
    grey[n] += share * ((tissue.kind == .grey ? 1 : 0) - grey[n])
  }

  /// Multiplies both intensities.
  @inline(__always)
  mutating func modulate(_ n: Int, _ mprageFactor: Float, _ flairFactor: Float) {
    mprage[n] *= mprageFactor
    flair[n] *= flairFactor
  }

  /// Fine variation of tissue, in proportion to how much of it is in the voxel.
  @inline(__always)
  mutating func grain(_ n: Int, _ value: Float) {
    flair[n] += 0.012 * value * (white[n] + grey[n]) + 0.02 * value * grey[n]
    mprage[n] -= 0.006 * value * (white[n] + grey[n]) + 0.01 * value * grey[n]
  }
}
