import Volumes

/// A healthy brain on the drawing lattice: intensities before disease and scanner, tissue shares and the distances that
/// findings are placed by. Arrays are in lattice order, axis 0 fastest.
struct Anatomy: Sendable {
  let lattice: Lattice
  let individual: Individual

  /// Inside the brain as brain extraction leaves it: tissue, sulci, ventricles, cisterns.
  let mask: [Bool]
  let region: [Region]

  /// Intensity relative to white matter; 0 outside the mask.
  var mprage: [Float]
  var flair: [Float]

  /// Shares of the voxel, 0…1; the rest of a voxel inside the mask is fluid.
  let white: [Float]
  let grey: [Float]

  /// Signed distance to the ventricles' wall in mm, negative inside; 10 or more means far away.
  let ventricle: [Float]

  /// Depth below the cortex in mm: negative in the cortical ribbon, positive in white matter.
  let depthBelowCortex: [Float]

  /// Where each voxel lies in template space, mm.
  let template: [Point]

  enum Region: UInt8, Sendable { case outside, cerebrum, cerebellum, brainstem }

  /// Volume of a tissue in ml.
  func millilitres(of share: [Float]) -> Double {
    let voxel = Double(lattice.spacing * lattice.spacing * lattice.spacing)
    return share.reduce(0) { $0 + Double($1) } * voxel / 1000
  }

  /// The lattice voxel whose template position is nearest to `target`.
  func voxel(atTemplate target: Point) -> Int {
    var best = 0
    var bestDistance = Float.infinity
    for n in template.indices {
      let d = template[n] - target
      let squared = (d * d).sum()
      if squared < bestDistance { (best, bestDistance) = (n, squared) }
    }
    return best
  }
}
