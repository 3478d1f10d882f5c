import Foundation
import Results
import Statistics
import Volumes

/// Draws one tile: a view of one channel, with what belongs on it.
struct TilePainter {
  let images: PatientImages
  let look: PatientLook

  static let background = RGB(16, 17, 20)
  /// How much of an image's brightness is left under a saliency map.
  static let dimming = 0.65
  /// White matter under a saliency map, about.
  static let dimmedTissue = RGB.grey(100)
  /// Grey levels of a picture. Six bits look the same to the eye and keep a report small.
  static let greyLevels = 64
  static let greyLevelsUnderSaliency = 24
  /// Images and maps of a panel are drawn in blocks of 2 × 2 pixels, contours and text in single ones: the blocks are
  /// finer than a voxel of 1 mm, and the file is a third of the size.
  static let blockPixels = 2

  enum Channel { case flair, mprage }

  /// The images that there are.
  var channels: [Channel] { images.mprage == nil ? [.flair] : [.flair, .mprage] }

  /// The image in its window; what is outside the brain is black.
  func image(_ channel: Channel, _ view: SliceView, brightness: Double = 1, levels: Int = greyLevels) -> Raster {
    var raster = Raster(width: view.width, height: view.height)
    guard let volume = channel == .flair ? images.flair : images.mprage,
      let window = channel == .flair ? look.windowing.flair : look.windowing.mprage
    else { return raster }
    let values = view.values(volume.voxels, shown: images.brainMask.voxels)
    for y in 0..<view.height {
      for x in 0..<view.width {
        let value = values[y * view.width + x]
        guard value.isFinite else { continue }
        let level = (window.brightness(value) * Double(levels - 1)).rounded() / Double(levels - 1)
        raster[x, y] = .grey(UInt8(saturating: (level * brightness * 255).rounded()))
      }
    }
    return raster
  }

  /// A saliency map to lie over a dimmed image.
  func saliency(_ channel: Channel, of picture: SaliencyPicture, _ view: SliceView) -> Layer {
    var layer = Layer(width: view.width, height: view.height)
    guard let map = channel == .flair ? picture.flair : picture.mprage else { return layer }
    let shape = look.shape
    let values = view.sample { picture.value(map, at: shape.voxel(at: $0)) }
    for y in 0..<view.height {
      for x in 0..<view.width {
        let (colour, alpha) = look.saliencyScale.colour(values[y * view.width + x])
        if alpha > 0 { layer.set(colour, alpha: alpha, x: x, y: y) }
      }
    }
    return layer
  }

  func trace(_ pixels: [(x: Int, y: Int)], _ colour: RGB, alpha: Double = 1, on layer: inout Layer) {
    for pixel in pixels { layer.set(colour, alpha: alpha, x: pixel.x, y: pixel.y) }
  }

  func trace(_ pixels: [(x: Int, y: Int)], _ colour: RGB, on raster: inout Raster) {
    for pixel in pixels { raster[pixel.x, pixel.y] = colour }
  }

  /// The anatomical letters in the middle of the four edges.
  func letters(_ letters: EdgeLetters, on raster: inout Raster, scale: Int = 1) { raster.write(letters, scale: scale) }

  /// Four ticks that point at a voxel in the middle of the tile and stay clear of it.
  func crossHair(_ view: SliceView, on raster: inout Raster) {
    func half(_ spacing: Double) -> Int { Int(saturating: (spacing / view.millimetresPerPixel / 2).rounded(.up)) }
    let clearX = half(view.geometry.horizontalSpacingMillimetres) + 12
    let clearY = half(view.geometry.verticalSpacingMillimetres) + 12
    let x = view.width / 2
    let y = view.height / 2
    for step in 0..<7 {
      for (a, b) in [(x - clearX - step, y), (x + clearX + step, y), (x, y - clearY - step), (x, y + clearY + step)] {
        raster.blend(.grey(255), alpha: 0.7, x: a, y: b)
      }
    }
  }

  /// A bar of a round length in the lower left corner.
  func scaleBar(_ millimetres: Int, _ view: SliceView, on raster: inout Raster, scale: Int = 1) {
    let length = Int(saturating: (Double(millimetres) / view.millimetresPerPixel).rounded())
    let text = "\(millimetres) mm"
    // On a narrow tile the words would run into the letter in the middle of the edge: above it there is room.
    let isNarrow = 6 + Raster.textWidth(text, scale: scale) + 4 > (raster.width - 5 * scale) / 2
    let y = raster.height - 7 - (isNarrow ? BitmapFont.capitalHeight * scale + 3 : 0)
    raster.fill(x: 5, y: y - 2, width: length + 2, height: 6, colour: RGB(0, 0, 0))
    raster.fill(x: 6, y: y, width: length, height: 2, colour: .grey(240))
    raster.fill(x: 6, y: y - 1, width: 1, height: 4, colour: .grey(240))
    raster.fill(x: 5 + length, y: y - 1, width: 1, height: 4, colour: .grey(240))
    raster.write(text, x: 6, y: y - 4 - BitmapFont.capitalHeight * scale, scale: scale, colour: .grey(240))
  }
}

extension Raster {
  /// Anatomical letters in the middle of the four edges.
  mutating func write(_ letters: EdgeLetters, scale: Int = 1) {
    let textHeight = BitmapFont.capitalHeight * scale
    func textWidth(_ text: String) -> Int { Raster.textWidth(text, scale: scale) }
    let middle = (height - textHeight) / 2
    for (text, x, y) in [
      (letters.left, 3, middle), (letters.right, width - 3 - textWidth(letters.right), middle),
      (letters.top, (width - textWidth(letters.top)) / 2, 3),
      (letters.bottom, (width - textWidth(letters.bottom)) / 2, height - 3 - textHeight),
    ] { write(text, x: x, y: y, scale: scale, colour: .grey(225)) }
  }
}

extension SaliencyPicture {
  /// The map's value at a voxel of the patient's grid; 0 outside the box.
  func value(_ map: [Float], at voxel: VoxelIndex) -> Float { box.index(of: voxel).map { map[$0] } ?? 0 }
}
