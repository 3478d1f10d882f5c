import Foundation
import Volumes

/// The pictures of one finding: three planes through its peak, five ways of looking, and where in the brain it is.
///
/// Rows: axial, coronal, sagittal through the voxel of the highest FLAIR saliency inside the finding. Columns: FLAIR,
/// MPRAGE, FLAIR with contours, FLAIR saliency, MPRAGE saliency, and the whole slice with the frame of the crop.
enum FindingPanel {
  static let tilePixels = 168
  static let titles = ["FLAIR", "MPRAGE", "FLAIR + mask", "FLAIR saliency", "MPRAGE saliency", "whole slice"]

  private static let margin = 6
  private static let gap = 3
  private static let titleHeight = 24
  private static let labelHeight = 19

  /// The side of a tile that keeps a report with this many findings within its size.
  static func tilePixels(findingCount: Int) -> Int {
    findingCount <= 60 ? tilePixels : findingCount <= 110 ? 124 : 96
  }

  static func render(
    finding: FindingFacts, results: PatientResults, images: PatientImages, look: PatientLook,
    tilePixels: Int = tilePixels
  ) throws -> PNGPicture {
    try raster(finding: finding, images: images, look: look, tilePixels: tilePixels).withFewColours().png()
  }

  static func raster(
    finding: FindingFacts, images: PatientImages, look: PatientLook, tilePixels: Int
  ) throws(ReportsError) -> Raster {
    let peak = try peak(of: finding, look)
    let tilePixels = max(tilePixels, 48) / TilePainter.blockPixels * TilePainter.blockPixels
    let painter = TilePainter(images: images, look: look)
    let rowHeight = labelHeight + tilePixels + gap
    var raster = Raster(
      width: 2 * margin + titles.count * (tilePixels + gap) - gap,
      height: margin + titleHeight + SlicePlane.allCases.count * rowHeight, colour: TilePainter.background)
    for (column, title) in titles.enumerated() {
      let scale = Raster.textWidth(title, scale: 2) <= tilePixels ? 2 : 1
      let x = margin + column * (tilePixels + gap) + (tilePixels - Raster.textWidth(title, scale: scale)) / 2
      raster.write(title, x: x, y: margin, scale: scale, colour: .grey(235), halo: 0)
    }
    let side = fieldOfViewMillimetres(finding, peak, look)
    for (row, plane) in SlicePlane.allCases.enumerated() {
      let top = margin + titleHeight + row * rowHeight
      let view = look.view(plane, through: peak, sideMillimetres: side, pixels: tilePixels)
      raster.write(rowLabel(view, peak, look), x: margin, y: top, scale: 2, colour: .grey(200), halo: 0)
      let tiles = tiles(finding, view, painter) + [locator(finding, view, side, painter)]
      for (column, tile) in tiles.enumerated() {
        raster.draw(tile, x: margin + column * (tilePixels + gap), y: top + labelHeight)
      }
    }
    return raster
  }

  /// A small axial crop with the contour, for the work list.
  static func thumbnail(
    finding: FindingFacts, images: PatientImages, look: PatientLook, pixels: Int = 72
  ) throws -> PNGPicture {
    let painter = TilePainter(images: images, look: look)
    let view = look.view(.axial, through: try peak(of: finding, look), sideMillimetres: 36, pixels: pixels)
    var tile = painter.image(.flair, view)
    painter.contours(FindingMarks(finding, images: images, view), on: &tile)
    painter.letters(view.geometry.letters, on: &tile)
    return try tile.withFewColours().png()
  }

  /// `axial  k = 87  z = +23.0 mm`: the plane, the stored index that counts its slices, and the peak's position along its normal.
  static func rowLabel(_ view: SliceView, _ peak: VoxelIndex, _ look: PatientLook) -> String {
    let world = look.affine.world(peak)
    let position = [world.x, world.y, world.z][view.geometry.plane.normal]
    let axis = ["x", "y", "z"][view.geometry.plane.normal]
    return "\(view.geometry.plane.rawValue)   \(view.geometry.indexName) = \(view.index)   "
      + "\(axis) = \(String(format: "%+.1f", position)) mm"
  }

  private static func peak(of finding: FindingFacts, _ look: PatientLook) throws(ReportsError) -> VoxelIndex {
    let voxel = finding.flair.insideHighest.voxel
    guard look.shape.contains(voxel) else {
      throw .voxelOutsideGrid(finding: finding.id, voxel: voxel, shape: look.shape)
    }
    return voxel
  }

  /// 60 mm, or more in steps of 10 up to 120 until the finding's box with 5 mm around it fits.
  static func fieldOfViewMillimetres(_ finding: FindingFacts, _ peak: VoxelIndex, _ look: PatientLook) -> Double {
    let spacing = [
      look.affine.spacingMillimetres.0, look.affine.spacingMillimetres.1, look.affine.spacingMillimetres.2,
    ]
    var reach = 0.0
    for axis in 0..<min(3, finding.boxLower.count, finding.boxUpper.count) {
      let centre = Double(peak.along(axis)) + 0.5
      reach = max(reach, (centre - Double(finding.boxLower[axis])) * spacing[axis])
      reach = max(reach, (Double(finding.boxUpper[axis]) - centre) * spacing[axis])
    }
    return min(120, max(60, ((reach + 5) * 2 / 10).rounded(.up) * 10))
  }

  private static func tiles(_ finding: FindingFacts, _ view: SliceView, _ painter: TilePainter) -> [Raster] {
    let block = TilePainter.blockPixels
    let coarse = view.coarser(by: block)
    let marks = FindingMarks(finding, images: painter.images, view)
    var flair = painter.image(.flair, coarse).magnified(by: block)
    var outlined = flair
    painter.contours(marks, on: &outlined)
    painter.scaleBar(10, view, on: &flair)
    painter.crossHair(view, on: &flair)
    var mprage = painter.image(.mprage, coarse).magnified(by: block)
    painter.crossHair(view, on: &mprage)
    var result = [flair, mprage, outlined]
    for channel in [TilePainter.Channel.flair, .mprage] {
      if let picture = painter.images.saliency[finding.id] {
        var tile = painter.saliency(channel, of: picture, coarse).magnified(by: block)
        painter.trace(marks.this.outerContour, ContourColour.overSaliency, alpha: 0.7, on: &tile)
        result.append(tile)
      } else {
        var tile = painter.image(channel, coarse, brightness: TilePainter.dimming).magnified(by: block)
        let text = "no map"
        tile.write(
          text, x: (tile.width - Raster.textWidth(text, scale: 2)) / 2, y: tile.height / 3, scale: 2, colour: .grey(230)
        )
        result.append(tile)
      }
    }
    for at in result.indices { painter.letters(view.geometry.letters, on: &result[at]) }
    return result
  }

  /// The whole slice at one scale for all planes, with the frame of the crop.
  private static func locator(
    _ finding: FindingFacts, _ crop: SliceView, _ side: Double, _ painter: TilePainter
  ) -> Raster {
    let look = painter.look
    let largest = SlicePlane.allCases.map { look.brainMillimetres($0) }.reduce(0) { max($0, $1.width, $1.height) }
    let view = look.view(
      crop.geometry.plane, slice: crop.index, millimetresPerPixel: largest * 1.14 / Double(crop.width),
      width: crop.width, height: crop.height)
    var tile = painter.image(.flair, view, levels: TilePainter.greyLevels / 2)
    painter.trace(
      FindingMarks(finding, images: painter.images, view).this.outerContour, ContourColour.finding, on: &tile)
    let centre = view.place(u: crop.centre.u, v: crop.centre.v)
    let length = Int((side / view.millimetresPerPixel).rounded())
    tile.frame(
      x: Int(centre.x.rounded(.down)) - length / 2, y: Int(centre.y.rounded(.down)) - length / 2, width: length,
      height: length, colour: .grey(255), alpha: 0.8)
    painter.letters(view.geometry.letters, on: &tile)
    return tile
  }
}
