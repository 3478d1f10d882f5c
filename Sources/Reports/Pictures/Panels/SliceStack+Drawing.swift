import Lesions
import Results
import Statistics
import Volumes

/// The whole brain, slice by slice: small, so that it fits beside the pictures of the findings.
extension SliceStack {
  /// PNG bytes above which the slices are drawn smaller.
  static let mostBytes = 1_700_000
  static let greyLevels = 48
  private static let columns = 16
  private static let widestTile = 160

  /// Axial FLAIR slices through the brain's box at about its own resolution, or coarser until they fit.
  init(images: PatientImages, look: PatientLook) throws {
    let geometry = look.geometry(.axial)
    let brain = look.brainMillimetres(.axial)
    let finest = max(
      geometry.horizontalSpacingMillimetres, geometry.verticalSpacingMillimetres,
      max(brain.width, brain.height * 0.75) / Double(Self.widestTile))
    var stack: SliceStack?
    for coarser in [1, 1.25, 1.6, 2, 2.5] {
      let drawn = try Self.draw(images: images, look: look, millimetresPerPixel: finest * coarser)
      stack = drawn
      if drawn.anatomy.png.count <= Self.mostBytes { break }
    }
    self = stack!
  }

  private static func draw(images: PatientImages, look: PatientLook, millimetresPerPixel: Double) throws -> SliceStack {
    let geometry = look.geometry(.axial)
    let content = SliceContent(images: images, normalAxis: geometry.normalAxis)
    let painter = TilePainter(images: images, look: look)
    let brain = look.brainMillimetres(.axial)
    func pixels(_ millimetres: Double) -> Int {
      max(24, Int(saturating: (millimetres / millimetresPerPixel).rounded(.up)) + 16)
    }
    let (width, height) = (pixels(brain.width), pixels(brain.height))
    let range = look.brain.lower.along(geometry.normalAxis)..<look.brain.upper.along(geometry.normalAxis)
    let growsUp = look.affine.rows[2][geometry.normalAxis] > 0
    let ordered = growsUp ? Array(range) : range.reversed()
    let columns = min(Self.columns, ordered.count)
    let rows = (ordered.count + columns - 1) / columns
    var anatomy = Raster(width: columns * width, height: rows * height)
    var contours = Layer(width: columns * width, height: rows * height)
    var reference = contours
    for (at, index) in ordered.enumerated() {
      let view = look.view(.axial, slice: index, millimetresPerPixel: millimetresPerPixel, width: width, height: height)
      var tile = painter.image(.flair, view, levels: greyLevels)
      painter.letters(view.geometry.letters, on: &tile)
      anatomy.draw(tile, x: at % columns * width, y: at / columns * height)
      contours.draw(outlines(view, painter), x: at % columns * width, y: at / columns * height)
      if let line = painter.referenceLine(view) {
        reference.draw(line, x: at % columns * width, y: at / columns * height)
      }
    }
    return SliceStack(
      anatomy: EmbeddedPicture(try anatomy.png(), millimetresPerPixel: millimetresPerPixel),
      contours: contours.isEmpty ? nil : EmbeddedPicture(try contours.png()),
      reference: reference.isEmpty ? nil : EmbeddedPicture(try reference.png()), tileWidth: width, tileHeight: height,
      columns: columns, slices: ordered.map { slice($0, content, look, geometry) })
  }

  /// Every finding in the colours of the overview.
  private static func outlines(_ view: SliceView, _ painter: TilePainter) -> Layer {
    var layer = Layer(width: view.width, height: view.height)
    let images = painter.images
    painter.trace(
      view.mask { images.candidateLabels.voxels[$0] != 0 }.outerContour, ContourColour.candidate, on: &layer)
    painter.trace(view.mask { images.lesionLabels.voxels[$0] != 0 }.outerContour, ContourColour.finding, on: &layer)
    return layer
  }

  private static func slice(_ index: Int, _ content: SliceContent, _ look: PatientLook, _ geometry: SliceGeometry)
    -> Slice
  {
    var middle = [0, 1, 2].map { (look.brain.lower.along($0) + look.brain.upper.along($0)) / 2 }
    middle[geometry.normalAxis] = index
    return Slice(
      index: index, indexName: geometry.indexName,
      positionMillimetres: look.affine.world(VoxelIndex(middle[0], middle[1], middle[2])).z,
      findings: content.findings(on: index))
  }
}
