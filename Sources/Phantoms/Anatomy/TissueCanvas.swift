/// Intensities of a tissue relative to normal white matter on both contrasts.
///
/// White matter, cortex and fluid are the medians measured on brain-extracted 3 T scans of MS patients.
struct Tissue: Sendable {
  let mprage: Float
  let flair: Float

  /// Which of the three classes of a volume fraction it counts for.
  let kind: Kind

  enum Kind: Sendable { case fluid, grey, white }

  init(_ kind: Kind, mprage: Float, flair: Float) {
    self.kind = kind
    self.mprage = mprage
    self.flair = flair
  }

  static let fluid = Tissue(.fluid, mprage: 0.08, flair: 0.12)
  static let cortex = Tissue(.grey, mprage: 0.68, flair: 1.22)
  static let white = Tissue(.white, mprage: 1, flair: 1)
  static let callosum = Tissue(.white, mprage: 1.05, flair: 0.93)
  static let septum = Tissue(.white, mprage: 0.88, flair: 1.12)
  static let caudate = Tissue(.grey, mprage: 0.75, flair: 1.12)
  static let putamen = Tissue(.grey, mprage: 0.81, flair: 1.06)
  static let pallidum = Tissue(.grey, mprage: 0.96, flair: 0.86)
  static let thalamus = Tissue(.grey, mprage: 0.87, flair: 1.06)
  static let hippocampus = Tissue(.grey, mprage: 0.71, flair: 1.27)
  static let cerebellarCortex = Tissue(.grey, mprage: 0.69, flair: 1.16)
  static let cerebellarWhite = Tissue(.white, mprage: 1.0, flair: 0.97)
  static let dentate = Tissue(.grey, mprage: 0.88, flair: 0.9)
  static let brainstem = Tissue(.white, mprage: 0.94, flair: 1.04)
  static let diencephalon = Tissue(.grey, mprage: 0.86, flair: 1.08)
}

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
  @inline(__always) mutating func start(_ n: Int) {
    mprage[n] = Tissue.fluid.mprage
    flair[n] = Tissue.fluid.flair
  }

  /// Covers a voxel with a tissue whose surface is at signed distance `d` mm.
  @inline(__always) mutating func lay(_ tissue: Tissue, _ d: Float, _ n: Int) {
    let share = coverage(d, edge)
    if share > 0 { cover(tissue, share, n) }
  }

  /// Covers the given share of a voxel with a tissue.
  @inline(__always) mutating func cover(_ tissue: Tissue, _ share: Float, _ n: Int) {
    mprage[n] += share * (tissue.mprage - mprage[n])
    flair[n] += share * (tissue.flair - flair[n])
    white[n] += share * ((tissue.kind == .white ? 1 : 0) - white[n])
    grey[n] += share * ((tissue.kind == .grey ? 1 : 0) - grey[n])
  }

  /// Multiplies both intensities.
  @inline(__always) mutating func modulate(_ n: Int, _ mprageFactor: Float, _ flairFactor: Float) {
    mprage[n] *= mprageFactor
    flair[n] *= flairFactor
  }

  /// Fine variation of tissue, in proportion to how much of it is in the voxel.
  @inline(__always) mutating func grain(_ n: Int, _ value: Float) {
    flair[n] += 0.012 * value * (white[n] + grey[n]) + 0.02 * value * grey[n]
    mprage[n] -= 0.006 * value * (white[n] + grey[n]) + 0.01 * value * grey[n]
  }
}
