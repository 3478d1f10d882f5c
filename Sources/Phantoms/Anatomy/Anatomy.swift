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

/// What makes one head differ from the next before its surface is folded.
struct Individual: Sendable {
  /// Size of the head relative to the template along right, anterior and superior.
  let scale: Point

  /// Added to the radii of the ventricles, in mm; wide ventricles go with wide sulci.
  let ventricleGrowth: Float

  /// Half the width of a deep sulcus, in mm.
  let sulcusHalfWidth: Float

  /// Thickness of the cortical ribbon, in mm.
  let cortexThickness: Float

  /// Mean depth of the primary sulci, in mm.
  let sulcusDepth: Float

  /// Brightness of the choroid plexus on FLAIR relative to white matter.
  let plexusBrightness: Float

  /// Size of the choroid plexus in the atria relative to the template.
  let plexusSize: Float

  init(stream: inout RandomStream) {
    let overall = stream.normal(1, 0.025, within: 0.95...1.03)
    scale = Point(
      Float(overall * stream.normal(1, 0.015, within: 0.97...1.03)),
      Float(overall * stream.normal(1, 0.015, within: 0.97...1.03)),
      Float(overall * stream.normal(1, 0.015, within: 0.97...1.03)))
    let atrophy = stream.unit() * stream.unit()
    ventricleGrowth = Float(-0.6 + 3.0 * atrophy + stream.normal(0, 0.25, within: -0.5...0.5))
    sulcusHalfWidth = Float(0.22 + 0.45 * atrophy)
    cortexThickness = Float(stream.normal(2.75, 0.12, within: 2.5...3.0))
    sulcusDepth = Float(stream.normal(13.5, 1, within: 11...16))
    plexusBrightness = Float(stream.uniform(0.9, 1.7))
    plexusSize = Float(stream.uniform(0.75, 1.25))
  }
}
