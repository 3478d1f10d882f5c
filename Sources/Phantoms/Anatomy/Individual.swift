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
