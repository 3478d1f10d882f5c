import Lesions
import Volumes

/// Whole axial FLAIR slices with all findings outlined and numbered; without findings, slices through the brain.
enum OverviewMontage {
  static let maximumSlices = 24
  private static let columns = 6
  private static let tileWidth = 168
  private static let gap = 3
  private static let labelHeight = 19

  /// A rendered overview and what its page has to say about it.
  struct Overview: Sendable {
    let picture: PNGPicture
    /// Indices along the stored axis through the slices, in the order drawn.
    let slices: [Int]
    /// Findings that no drawn slice shows; they are on their own panels.
    let findingsNotShown: Int
  }

  static func render(results: PatientResults, images: PatientImages, look: PatientLook) throws -> Overview {
    let geometry = look.geometry(.axial)
    let content = SliceContent(images: images, normalAxis: geometry.normalAxis)
    let slices = content.isEmpty ? evenlySpaced(look, geometry) : content.chosenSlices(maximum: maximumSlices)
    let brain = look.brainMillimetres(.axial)
    let millimetresPerPixel = max(brain.width * 1.08 / Double(tileWidth), brain.height * 1.08 / 280)
    let tileHeight = max(60, Int((brain.height * 1.08 / millimetresPerPixel).rounded(.up)))
    let rows = (slices.count + columns - 1) / columns
    var raster = Raster(
      width: min(columns, slices.count) * (tileWidth + gap) + gap,
      height: rows * (labelHeight + tileHeight + gap) + gap, colour: TilePainter.background)
    // Superior first, as a reader pages through from the top.
    let ordered = slices.sorted(by: geometry.plane.normalGrowsUp(look) ? { $0 > $1 } : { $0 < $1 })
    for (at, slice) in ordered.enumerated() {
      let view = look.view(
        .axial, slice: slice, millimetresPerPixel: millimetresPerPixel, width: tileWidth, height: tileHeight)
      let x = gap + at % columns * (tileWidth + gap)
      let y = gap + at / columns * (labelHeight + tileHeight + gap)
      raster.write("\(geometry.indexName) = \(slice)", x: x, y: y + 2, scale: 2, colour: .grey(200), halo: 0)
      raster.draw(tile(view, content, TilePainter(images: images, look: look)), x: x, y: y + labelHeight)
    }
    return Overview(
      picture: try raster.withFewColours().png(), slices: ordered, findingsNotShown: content.countNotShown(on: slices))
  }

  private static func tile(_ view: SliceView, _ content: SliceContent, _ painter: TilePainter) -> Raster {
    let images = painter.images
    var tile = painter.image(.flair, view, levels: TilePainter.greyLevels / 2)
    if let truth = images.truth {
      painter.trace(view.mask { truth.voxels[$0] != 0 }.innerContour, ContourColour.truth, on: &tile)
    }
    var labels = LabelPlacement(width: tile.width, height: tile.height)
    for mark in content.findings(on: view.index) {
      let voxels = (mark.kind == .lesion ? images.lesionLabels : images.candidateLabels).voxels
      let colour = mark.kind == .lesion ? ContourColour.finding : ContourColour.candidate
      let mask = view.mask { voxels[$0] == mark.number }
      painter.trace(mask.outerContour, colour, on: &tile)
      if let bounds = mask.bounds {
        labels.place((mark.kind == .lesion ? "" : "C") + String(mark.number), beside: bounds, colour)
      }
    }
    painter.letters(view.geometry.letters, on: &tile)
    painter.scaleBar(20, view, on: &tile)
    for label in labels.placed { tile.write(label.text, x: label.x, y: label.y, colour: label.colour) }
    return tile
  }

  /// Twelve slices between the tenth and the ninetieth percent of the brain's height; fewer if it has fewer.
  private static func evenlySpaced(_ look: PatientLook, _ geometry: SliceGeometry) -> [Int] {
    let lower = look.brainLower.along(geometry.normalAxis)
    let last = look.brainUpper.along(geometry.normalAxis) - 1
    let height = Double(last - lower)
    let slices = (0..<12).map { lower + Int((height * (0.1 + 0.8 * Double($0) / 11)).rounded()) }
    return Array(Set(slices)).sorted()
  }
}

extension SlicePlane {
  /// Whether the index through the slices grows towards superior, anterior or right.
  fileprivate func normalGrowsUp(_ look: PatientLook) -> Bool {
    look.affine.rows[normal][look.geometry(self).normalAxis] > 0
  }
}
