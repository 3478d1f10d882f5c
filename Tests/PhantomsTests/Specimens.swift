import Volumes

@testable import Phantoms

/// Patients that several tests look at, drawn once.
enum Specimens {
  /// Coarse and quick: for what does not depend on looks.
  static let quick = PhantomRecipe(
    grid: try! PhantomGrid.axes("RAS", spacingMillimetres: (2, 2, 2)), drawingSpacingMillimetres: 2)

  static let quickPatient = Phantom.patient(seed: 11, index: 0, recipe: quick)

  /// Six patients as users get them.
  static let cohort = (0..<6).map { Specimen(seed: 5, index: $0) }
}

/// A patient and what was painted to make it; on the standard grid both have the same voxels.
struct Specimen: Sendable {
  let canvas: FindingCanvas
  let patient: PhantomPatient

  init(seed: UInt64, index: Int) {
    let recipe = PhantomRecipe()
    canvas = Phantom.painted(seed: seed, index: index, recipe: recipe)
    let scanner = Scanner(seed: seed, patient: index, box: canvas.anatomy.lattice.box, noise: 1)
    patient = Examination(seed: seed, patient: index, scanner: scanner, grid: recipe.grid).image(canvas)
  }

  var anatomy: Anatomy { canvas.anatomy }

  /// Mean of an image over the voxels that pass.
  func mean(_ volume: Volume<Float>, where passes: (Int) -> Bool) -> Double {
    var (sum, count) = (0.0, 0.0)
    for n in volume.voxels.indices where passes(n) {
      sum += Double(volume.voxels[n])
      count += 1
    }
    return sum / count
  }
}

/// Value below which the given share of the values lies.
func quantile(_ values: [Double], _ share: Double) -> Double {
  values.sorted()[Int((Double(values.count - 1) * share).rounded())]
}
