import Volumes

/// Draws synthetic MS patients. The result depends on the seed, the patient's index and the recipe alone.
public enum Phantom {
  /// Draws one patient.
  ///
  /// - Parameters:
  ///   - seed: the cohort's seed; different seeds give different people.
  ///   - index: the patient's place in the cohort, 0 or more.
  public static func patient(seed: UInt64, index: Int, recipe: PhantomRecipe = PhantomRecipe()) -> PhantomPatient {
    let canvas = painted(seed: seed, index: index, recipe: recipe)
    let box = canvas.anatomy.lattice.box
    let scanner = Scanner(seed: seed, patient: index, box: box, noise: recipe.noise)
    return Examination(seed: seed, patient: index, scanner: scanner, grid: recipe.grid).image(canvas)
  }

  /// The patient before any scanner: true contrasts on the drawing lattice, and the account of what was painted.
  static func painted(seed: UInt64, index: Int, recipe: PhantomRecipe) -> FindingCanvas {
    let spacing = recipe.grid.affine.spacingMillimetres
    let finest = min(spacing.0, spacing.1, spacing.2)
    let lattice = Lattice(spacingMillimetres: min(max(finest, recipe.drawingSpacingMillimetres), 4))
    var builder = AnatomyBuilder(seed: seed, patient: index, lattice: lattice)
    let healthy = builder.build()
    let sites = Sites(healthy)
    var canvas = FindingCanvas(anatomy: healthy, seed: seed, patient: index)
    var mimics = MimicPainter(seed: seed, patient: index, rate: recipe.mimicRate)
    mimics.paint(&canvas, sites: sites)
    var lesions = LesionPainter(seed: seed, patient: index, load: recipe.lesionLoad)
    lesions.paint(&canvas, sites: sites)
    if recipe.marksLeft { canvas.markLeft() }
    return canvas
  }
}

extension FindingCanvas {
  /// The cube of `PhantomRecipe.marksLeft`, centred 36 mm to the left of the midline.
  mutating func markLeft() {
    for n in anatomy.mask.indices where anatomy.mask[n] {
      let d = anatomy.lattice.position(n) - Point(-36, -10, 34)
      if max(abs(d.x), abs(d.y), abs(d.z)) <= 6 { mix(n, flair: 3, mprage: 2, degree: 1) }
    }
  }
}

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

  /// Lower limit of the spacing in mm of the lattice that the brain is drawn on; coarser is faster and less like a
  /// brain.
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
