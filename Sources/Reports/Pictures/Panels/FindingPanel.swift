import Foundation
import Lesions
import Results
import Statistics
import Volumes

/// The pictures of one finding: three planes through a voxel, five ways of looking, and where in the brain it is.
///
/// Rows: axial, coronal, sagittal. The first half has the columns FLAIR, MPRAGE and FLAIR with contours, the second
/// FLAIR saliency, MPRAGE saliency and the whole slice with the frame of the crop: side by side on a desk, one below
/// the other on a phone. Without a saliency map there is one half, with the whole slice as its fourth column. Without
/// an MPRAGE, and where it was not explained, its columns are left out.
enum FindingPanel {
  static let tilePixels = 168

  static let smallestTilePixels = 48

  private static let margin = 6
  private static let gap = 3
  private static let labelHeight = 19

  /// The side of a tile that keeps a report with this many findings within its size.
  static func tilePixels(findingCount: Int) -> Int { findingCount <= 60 ? tilePixels : findingCount <= 110 ? 124 : 96 }

  /// Both halves through a voxel, by default that of the maximum of FLAIR saliency inside the finding.
  static func render(
    finding: FindingRecord, through voxel: VoxelIndex? = nil, images: PatientImages, look: PatientLook,
    tilePixels: Int = tilePixels
  ) throws(ReportsError) -> FindingPictures {
    let halves = try layers(finding: finding, through: voxel, images: images, look: look, tilePixels: tilePixels)
    return try FindingPictures(images: halves[0].encoded(), maps: halves.count > 1 ? halves[1].encoded() : nil)
  }

  static func layers(
    finding: FindingRecord, through voxel: VoxelIndex? = nil, images: PatientImages, look: PatientLook, tilePixels: Int
  ) throws(ReportsError) -> [PanelLayers] {
    let centre = if let voxel { voxel } else { try peak(of: finding, look) }
    let tilePixels = max(tilePixels, smallestTilePixels) / TilePainter.blockPixels * TilePainter.blockPixels
    let painter = TilePainter(images: images, look: look)
    let rowHeight = labelHeight + tilePixels + gap
    let maps = images.saliency[finding.id].map { $0.mprage == nil ? 1 : 2 } ?? 0
    let titles = PanelTitles(hasMPRAGE: images.mprage != nil, maps: maps, tilePixels: tilePixels)
    let top = margin + titles.height
    let side = fieldOfViewMillimetres(finding, centre, look)
    var halves = titles.halves.map { columns in
      var half = PanelLayers(
        width: 2 * margin + columns.count * (tilePixels + gap) - gap,
        height: top + SlicePlane.allCases.count * rowHeight, millimetresPerPixel: side / Double(tilePixels))
      for (column, lines) in columns.enumerated() {
        titles.write(lines, x: margin + column * (tilePixels + gap), y: margin, on: &half.anatomy)
      }
      return half
    }
    for (row, plane) in SlicePlane.allCases.enumerated() {
      let rowTop = top + row * rowHeight
      let view = look.view(plane, through: centre, sideMillimetres: side, pixels: tilePixels)
      var open = (tiles(finding, view, painter) + [locator(finding, view, side, painter)])[...]
      for half in halves.indices {
        label(view, centre, look, y: rowTop, on: &halves[half].anatomy)
        for column in titles.halves[half].indices {
          halves[half].draw(open.removeFirst(), x: margin + column * (tilePixels + gap), y: rowTop + labelHeight)
        }
      }
    }
    return halves
  }

  /// A small axial crop with the contour, for the work list: shown at 48 to 72 pixels, where letters would hide what
  /// they stand on.
  static func thumbnail(finding: FindingRecord, images: PatientImages, look: PatientLook, pixels: Int = 72) throws
    -> EmbeddedPicture
  {
    let painter = TilePainter(images: images, look: look)
    let view = look.view(.axial, through: try peak(of: finding, look), sideMillimetres: 36, pixels: pixels)
    var tile = painter.image(.flair, view)
    tile.lay(painter.contours(FindingMarks(finding, images: images, view), view))
    return EmbeddedPicture(try tile.withFewColours().png(), millimetresPerPixel: view.millimetresPerPixel)
  }

  /// `axial  k = 87  z = +23.0 mm`: the plane, the stored index that counts its slices, and the centre's position along
  /// its normal. On an oblique grid the angle to the plane, and that the position is that of the cross-hair alone.
  static func rowLabel(_ view: SliceView, _ centre: VoxelIndex, _ look: PatientLook, separator: String = "   ")
    -> String
  {
    let geometry = view.geometry
    let world = look.affine.world(centre)
    let position = [world.x, world.y, world.z][geometry.plane.normal]
    let axis = ["x", "y", "z"][geometry.plane.normal]
    let parts = [
      (geometry.isOblique ? "\(Int(saturating: geometry.obliqueDegrees.rounded()))° off " : "")
        + geometry.plane.rawValue, "\(geometry.indexName) = \(view.index)",
      "\(axis) = \(String(format: "%+.1f", position)) mm",
    ]
    return parts.joined(separator: separator) + (geometry.isOblique ? " at cross" : "")
  }

  /// As large as there is room for.
  private static func label(
    _ view: SliceView, _ centre: VoxelIndex, _ look: PatientLook, y: Int, on raster: inout Raster
  ) {
    let texts = ["   ", " "].map { rowLabel(view, centre, look, separator: $0) }
    let room = raster.width - 2 * margin
    let fitting = texts.first { Raster.textWidth($0, scale: 2) <= room }
    raster.write(fitting ?? texts[1], x: margin, y: y, scale: fitting == nil ? 1 : 2, colour: .grey(200), halo: 0)
  }

  private static func peak(of finding: FindingRecord, _ look: PatientLook) throws(ReportsError) -> VoxelIndex {
    let voxel = finding.pictureVoxel
    guard look.shape.contains(voxel) else {
      throw .voxelOutsideGrid(finding: "\(finding.id)", voxel: voxel, shape: look.shape)
    }
    return voxel
  }

  /// 60 mm, or more in steps of 10 up to 120 until the finding's box with 5 mm around it fits.
  static func fieldOfViewMillimetres(_ finding: FindingRecord, _ peak: VoxelIndex, _ look: PatientLook) -> Double {
    let spacing = [
      look.affine.spacingMillimetres.0, look.affine.spacingMillimetres.1, look.affine.spacingMillimetres.2,
    ]
    var reach = 0.0
    let box = finding.measurements.boundingBox
    for axis in 0..<3 {
      let centre = Double(peak.along(axis)) + 0.5
      reach = max(reach, (centre - Double(box.lower.along(axis))) * spacing[axis])
      reach = max(reach, (Double(box.upper.along(axis)) - centre) * spacing[axis])
    }
    return min(120, max(60, ((reach + 5) * 2 / 10).rounded(.up) * 10))
  }

  /// Letters that are read on a phone too, where a panel is two thirds of its size; a small tile has no room for them.
  private static func textScale(_ view: SliceView) -> Int { view.width >= 120 ? 2 : 1 }

  private static func tiles(_ finding: FindingRecord, _ view: SliceView, _ painter: TilePainter) -> [PanelLayers.Tile] {
    let block = TilePainter.blockPixels
    let coarse = view.coarser(by: block)
    let marks = FindingMarks(finding, images: painter.images, view)
    func marked(_ image: Raster, _ draw: (inout Raster) -> Void = { _ in }) -> Raster {
      var image = image
      draw(&image)
      painter.letters(view.geometry.letters, on: &image, scale: textScale(view))
      return image
    }
    let plain = painter.image(.flair, coarse).magnified(by: block)
    let flair = marked(plain) {
      painter.scaleBar(10, view, on: &$0, scale: textScale(view))
      painter.crossHair(view, on: &$0)
    }
    var images = [PanelLayers.Tile(anatomy: flair)]
    if painter.channels.contains(.mprage) {
      let mprage = marked(painter.image(.mprage, coarse).magnified(by: block)) { painter.crossHair(view, on: &$0) }
      images.append(PanelLayers.Tile(anatomy: mprage))
    }
    images.append(
      PanelLayers.Tile(
        anatomy: marked(plain), contours: painter.contours(marks, view),
        reference: painter.referenceContours(marks.reference, view)))
    guard let picture = painter.images.saliency[finding.id] else { return images }
    let outline = painter.outline(marks.this, ContourColour.overSaliency, alpha: 0.7, view)
    return images
      + (picture.mprage == nil ? [TilePainter.Channel.flair] : [.flair, .mprage]).map { channel in
        let dimmed = painter.image(
          channel, coarse, brightness: TilePainter.dimming, levels: TilePainter.greyLevelsUnderSaliency
        ).magnified(by: block)
        let lettered = marked(dimmed)
        var saliency = painter.saliency(channel, of: picture, coarse).magnified(by: block)
        saliency.clear { lettered[$0, $1] != dimmed[$0, $1] }
        return PanelLayers.Tile(anatomy: lettered, saliency: saliency, contours: outline)
      }
  }

  /// The whole slice at one scale for all planes, with the frame of the crop.
  private static func locator(_ finding: FindingRecord, _ crop: SliceView, _ side: Double, _ painter: TilePainter)
    -> PanelLayers.Tile
  {
    let look = painter.look
    let largest = SlicePlane.allCases.map { look.brainMillimetres($0) }.reduce(0) { max($0, $1.width, $1.height) }
    let view = look.view(
      crop.geometry.plane, slice: crop.index, millimetresPerPixel: largest * 1.22 / Double(crop.width),
      width: crop.width, height: crop.height)
    var tile = painter.image(.flair, view, levels: TilePainter.greyLevels / 2)
    let outline = painter.outline(FindingMarks(finding, images: painter.images, view).this, ContourColour.finding, view)
    let centre = view.place(u: crop.centre.u, v: crop.centre.v)
    let length = Int(saturating: (side / view.millimetresPerPixel).rounded())
    tile.frame(
      x: Int(saturating: centre.x.rounded(.down)) - length / 2,
      y: Int(saturating: centre.y.rounded(.down)) - length / 2, width: length, height: length, colour: .grey(255),
      alpha: 0.8)
    painter.letters(view.geometry.letters, on: &tile, scale: textScale(view))
    return PanelLayers.Tile(anatomy: tile, contours: outline)
  }
}
