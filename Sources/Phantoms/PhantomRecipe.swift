/// What kind of patients to draw.
public struct PhantomRecipe: Hashable, Sendable {
  /// The grid the volumes are written on.
  public var grid: PhantomGrid

  /// Factor on the number of lesions; 0 draws a patient without any.
  public var lesionLoad: Double

  /// Factor on the noise of both contrasts.
  public var noise: Double

  /// Factor on the number and strength of mimics; 0 leaves only the choroid plexus, which every brain has.
  public var mimicRate: Double

  /// Puts a very bright cube of 12 mm into the patient's left hemisphere, on both contrasts, to test orientation.
  public var marksLeft: Bool

  /// Lower limit of the spacing in mm of the lattice that the brain is drawn on; coarser is faster and less like a brain.
  public var drawingSpacingMillimetres: Double

  public init(
    grid: PhantomGrid = .standard, lesionLoad: Double = 1, noise: Double = 1, mimicRate: Double = 1,
    marksLeft: Bool = false, drawingSpacingMillimetres: Double = 1
  ) {
    self.grid = grid
    self.lesionLoad = lesionLoad
    self.noise = noise
    self.mimicRate = mimicRate
    self.marksLeft = marksLeft
    self.drawingSpacingMillimetres = drawingSpacingMillimetres
  }

  /// Throws when a factor is out of range.
  public func validate() throws(PhantomError) {
    for (name, value) in [("lesion load", lesionLoad), ("noise", noise), ("mimic rate", mimicRate)] {
      guard (0...10).contains(value) else { throw .factor(name: name, value: value) }
    }
  }
}
