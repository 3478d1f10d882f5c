import Checkpoints
import Lesions
import Networks
import Statistics
import Volumes

/// What is written into the images, and what is left around it.
enum SyntheticVariant: String {
  case complete = "bright in FLAIR, dark in MPRAGE, healthy border"
  case withoutBorder = "the same, everything around it 0"
  case flairAlone = "bright in FLAIR alone, healthy border"
  case mprageAlone = "dark in MPRAGE alone, healthy border"
}

/// Spheres written into healthy tissue of the normalised images: what makes the network see a lesion.
enum SyntheticLesions {
  /// Healthy tissue that a place must have around the sphere.
  private static let borderMillimetres = 3.0
  private static let placesTried = 64

  static func trials(_ scan: CheckedScan, _ settings: CheckSettings) throws -> ([SyntheticTrial], String) {
    guard let mprage = scan.scan.mprageVolume else {
      return ([], "none: white matter is told by an MPRAGE, and there is none")
    }
    guard let (inside, surroundings) = place(scan, settings, brightness: mprage) else {
      return ([], "none: no healthy tissue holds a sphere of \(settings.sizeMillimetres) mm with a border")
    }
    let (tensor, count) = (scan.tensor, scan.tensor.shape.dropFirst().reduce(1, *))
    let shell = surroundings.filter { !Set(inside).contains($0) }
    func level(_ channel: Int) -> Float { upperMedian(shell.map { tensor.values[channel * count + $0] })! }
    func painted(flair: Float?, mprage: Float?) -> Tensor {
      var copy = tensor
      for voxel in inside {
        if let flair { copy.values[voxel] = flair }
        if let mprage { copy.values[count + voxel] = mprage }
      }
      return copy
    }
    let (contrast, deviations) = (Float(settings.contrast), scan.input.deviations)
    let bright = level(0) + contrast * deviations[0]
    let before = try PerilesionalContext.probabilities(tensor, inside, scan.model)
    var variants: [(SyntheticVariant, Tensor)]
    let flairAlone = painted(flair: bright, mprage: nil)
    if deviations.count == 1 {
      variants = [(.flairAlone, flairAlone), (.withoutBorder, PerilesionalContext.masked(flairAlone, to: Set(inside)))]
    } else {
      let dark = level(1) - contrast / 2 * deviations[1]
      let complete = painted(flair: bright, mprage: dark)
      variants = [
        (.complete, complete), (.withoutBorder, PerilesionalContext.masked(complete, to: Set(inside))),
        (.flairAlone, flairAlone), (.mprageAlone, painted(flair: nil, mprage: dark)),
      ]
    }
    let trials = try variants.map { variant, image in
      let seen = try PerilesionalContext.probabilities(image, inside, scan.model)
      func mean(_ values: [Double]) -> Double {
        PerilesionalContext.rounded(values.reduce(0, +) / Double(values.count))
      }
      return SyntheticTrial(
        variant: variant.rawValue, voxelCount: inside.count, meanProbability: mean(seen),
        maximumProbability: PerilesionalContext.rounded(seen.max()!),
        detected: seen.contains { $0 > scan.model.threshold }, meanProbabilityBefore: mean(before))
    }
    return (
      trials,
      "a sphere of \(settings.sizeMillimetres) mm, \(settings.contrast) SD above the FLAIR around it, where "
        + "MPRAGE is brightest " + "of \(placesTried) randomly sampled locations at least 5 mm from findings"
    )
  }

  /// Voxels of the network's grid inside the sphere, and inside it or its border; nil where nothing fits.
  ///
  /// - Parameter mprage: on the scan's grid.
  private static func place(_ scan: CheckedScan, _ settings: CheckSettings, brightness mprage: Volume<Float>) -> (
    inside: [Int], around: [Int]
  )? {
    let (shape, affine) = (scan.grid.shape, scan.grid.affine)
    let (radius, reach) = (settings.sizeMillimetres / 2, settings.sizeMillimetres / 2 + borderMillimetres)
    let middle = VoxelIndex(shape.ni / 2, shape.nj / 2, shape.nk / 2)
    let centre = affine.world(Double(middle.i), Double(middle.j), Double(middle.k))
    // The sphere in the middle of the grid; a place keeps its offsets.
    var (sphere, isCore): ([Int], [Bool]) = ([], [])
    for index in 0..<shape.voxelCount {
      let v = shape.voxel(at: index)
      let p = affine.world(Double(v.i), Double(v.j), Double(v.k))
      let (x, y, z) = (p.x - centre.x, p.y - centre.y, p.z - centre.z)
      let distance = (x * x + y * y + z * z).squareRoot()
      if distance <= reach {
        sphere.append(index)
        isCore.append(distance <= radius)
      }
    }
    guard isCore.contains(true) else { return nil }
    let places = ControlRegions(brain: scan.brain, awayFrom: scan.findingVoxels)
    let drawn = (1...placesTried).compactMap { places.region(shapedLike: sphere, seed: settings.seed, number: $0) }
    // White matter is the brightest tissue of MPRAGE.
    func brightness(_ voxels: [Int]) -> Float { voxels.reduce(0) { $0 + mprage.voxels[$1] } }
    guard let best = drawn.max(by: { brightness($0) < brightness($1) }) else { return nil }
    let core = zip(best, isCore).filter(\.1).map(\.0)
    let network = scan.input.grid
    return (network.networkIndices(ofPatient: core), network.networkIndices(ofPatient: best))
  }
}
