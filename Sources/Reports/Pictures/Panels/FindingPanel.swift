import Foundation
import Volumes

/// The pictures of one finding: three planes through a voxel, five ways of looking, and where in the brain it is.
///
/// Rows: axial, coronal, sagittal. The first half has the columns FLAIR, MPRAGE and FLAIR with contours, the second FLAIR
/// saliency, MPRAGE saliency and the whole slice with the frame of the crop: side by side on a desk, one below the other on a phone.
enum FindingPanel {
  static let tilePixels = 168
  static let titles = [["FLAIR", "MPRAGE", "FLAIR + mask"], ["FLAIR saliency", "MPRAGE saliency", "whole slice"]]

  private static let margin = 6
  private static let gap = 3
  private static let titleHeight = 24
  private static let labelHeight = 19

  /// The side of a tile that keeps a report with this many findings within its size.
  static func tilePixels(findingCount: Int) -> Int {
    findingCount <= 60 ? tilePixels : findingCount <= 110 ? 124 : 96
  }

  /// Both halves through a voxel, by default that of the highest FLAIR saliency inside the finding.
  static func render(
    finding: FindingFacts, through voxel: VoxelIndex? = nil, images: PatientImages, look: PatientLook,
    tilePixels: Int = tilePixels
  ) throws(ReportsError) -> FindingPictures {
    let halves = try layers(finding: finding, through: voxel, images: images, look: look, tilePixels: tilePixels)
    return FindingPictures(images: try halves[0].encoded(), maps: try halves[1].encoded())
  }

  static func layers(
    finding: FindingFacts, through voxel: VoxelIndex? = nil, images: PatientImages, look: PatientLook, tilePixels: Int
  ) throws(ReportsError) -> [PanelLayers] {
    let centre = if let voxel { voxel } else { try peak(of: finding, look) }
    let tilePixels = max(tilePixels, 48) / TilePainter.blockPixels * TilePainter.blockPixels
    let painter = TilePainter(images: images, look: look)
    let rowHeight = labelHeight + tilePixels + gap
    // One size for all titles: the largest in which the longest fits.
    let scale = titles.joined().allSatisfy { Raster.textWidth($0, scale: 2) <= tilePixels } ? 2 : 1
    var halves = titles.map { titles in
      var half = PanelLayers(
        width: 2 * margin + titles.count * (tilePixels + gap) - gap,
        height: margin + titleHeight + SlicePlane.allCases.count * rowHeight)
      for (column, title) in titles.enumerated() {
        let x = margin + column * (tilePixels + gap) + (tilePixels - Raster.textWidth(title, scale: scale)) / 2
        half.anatomy.write(title, x: x, y: margin, scale: scale, colour: .grey(235), halo: 0)
      }
      return half
    }
    let side = fieldOfViewMillimetres(finding, centre, look)
    for (row, plane) in SlicePlane.allCases.enumerated() {
      let top = margin + titleHeight + row * rowHeight
      let view = look.view(plane, through: centre, sideMillimetres: side, pixels: tilePixels)
      let tiles = tiles(finding, view, painter) + [locator(finding, view, side, painter)]
      for half in halves.indices {
        halves[half].anatomy.write(
          rowLabel(view, centre, look), x: margin, y: top, scale: 2, colour: .grey(200), halo: 0)
        for column in titles[half].indices {
          halves[half].draw(
            tiles[half * titles[0].count + column], x: margin + column * (tilePixels + gap), y: top + labelHeight)
        }
      }
    }
    return halves
  }

  /// A small axial crop with the contour, for the work list: shown at 48 pixels, where letters would hide what they stand on.
  static func thumbnail(
    finding: FindingFacts, images: PatientImages, look: PatientLook, pixels: Int = 72
  ) throws -> PNGPicture {
    let painter = TilePainter(images: images, look: look)
    let view = look.view(.axial, through: try peak(of: finding, look), sideMillimetres: 36, pixels: pixels)
    var tile = painter.image(.flair, view)
    tile.lay(painter.contours(FindingMarks(finding, images: images, view), view))
    return try tile.withFewColours().png()
  }

  /// `axial  k = 87  z = +23.0 mm`: the plane, the stored index that counts its slices, and the centre's position along its normal.
  static func rowLabel(_ view: SliceView, _ centre: VoxelIndex, _ look: PatientLook) -> String {
    let world = look.affine.world(centre)
    let position = [world.x, world.y, world.z][view.geometry.plane.normal]
    let axis = ["x", "y", "z"][view.geometry.plane.normal]
    return "\(view.geometry.plane.rawValue)   \(view.geometry.indexName) = \(view.index)   "
      + "\(axis) = \(String(format: "%+.1f", position)) mm"
  }

  private static func peak(of finding: FindingFacts, _ look: PatientLook) throws(ReportsError) -> VoxelIndex {
    let voxel = finding.pictureVoxel
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

  private static func tiles(_ finding: FindingFacts, _ view: SliceView, _ painter: TilePainter) -> [PanelLayers.Tile] {
    let block = TilePainter.blockPixels
    let coarse = view.coarser(by: block)
    let marks = FindingMarks(finding, images: painter.images, view)
    func marked(_ image: Raster, _ draw: (inout Raster) -> Void) -> Raster {
      var image = image
      draw(&image)
      painter.letters(view.geometry.letters, on: &image)
      return image
    }
    let plain = painter.image(.flair, coarse).magnified(by: block)
    let flair = marked(plain) {
      painter.scaleBar(10, view, on: &$0)
      painter.crossHair(view, on: &$0)
    }
    let mprage = marked(painter.image(.mprage, coarse).magnified(by: block)) { painter.crossHair(view, on: &$0) }
    var result = [
      PanelLayers.Tile(anatomy: flair), PanelLayers.Tile(anatomy: mprage),
      PanelLayers.Tile(anatomy: marked(plain) { _ in }, contours: painter.contours(marks, view)),
    ]
    for channel in [TilePainter.Channel.flair, .mprage] {
      let dimmed = painter.image(
        channel, coarse, brightness: TilePainter.dimming, levels: TilePainter.greyLevelsUnderSaliency
      ).magnified(by: block)
      if let picture = painter.images.saliency[finding.id] {
        var outline = Layer(width: view.width, height: view.height)
        painter.trace(marks.this.outerContour, ContourColour.overSaliency, alpha: 0.7, on: &outline)
        let lettered = marked(dimmed) { _ in }
        var saliency = painter.saliency(channel, of: picture, coarse).magnified(by: block)
        saliency.clear { lettered[$0, $1] != dimmed[$0, $1] }
        result.append(PanelLayers.Tile(anatomy: lettered, saliency: saliency, contours: outline))
      } else {
        let text = "no map"
        let tile = marked(dimmed) {
          $0.write(
            text, x: ($0.width - Raster.textWidth(text, scale: 2)) / 2, y: $0.height / 3, scale: 2, colour: .grey(230))
        }
        result.append(PanelLayers.Tile(anatomy: tile))
      }
    }
    return result
  }

  /// The whole slice at one scale for all planes, with the frame of the crop.
  private static func locator(
    _ finding: FindingFacts, _ crop: SliceView, _ side: Double, _ painter: TilePainter
  ) -> PanelLayers.Tile {
    let look = painter.look
    let largest = SlicePlane.allCases.map { look.brainMillimetres($0) }.reduce(0) { max($0, $1.width, $1.height) }
    let view = look.view(
      crop.geometry.plane, slice: crop.index, millimetresPerPixel: largest * 1.14 / Double(crop.width),
      width: crop.width, height: crop.height)
    var tile = painter.image(.flair, view, levels: TilePainter.greyLevels / 2)
    var outline = Layer(width: view.width, height: view.height)
    painter.trace(
      FindingMarks(finding, images: painter.images, view).this.outerContour, ContourColour.finding, on: &outline)
    let centre = view.place(u: crop.centre.u, v: crop.centre.v)
    let length = Int((side / view.millimetresPerPixel).rounded())
    tile.frame(
      x: Int(centre.x.rounded(.down)) - length / 2, y: Int(centre.y.rounded(.down)) - length / 2, width: length,
      height: length, colour: .grey(255), alpha: 0.8)
    painter.letters(view.geometry.letters, on: &tile)
    return PanelLayers.Tile(anatomy: tile, contours: outline)
  }
}
