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
