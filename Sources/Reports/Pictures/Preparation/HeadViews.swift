import Statistics
public import Volumes

/// Three slices through the middle of the brain, wide enough for a head, on the grid of the FLAIR.
///
/// Nothing is shown farther than 15 mm from the brain: the skull is seen, by which one judges, and no face.
struct HeadViews {
  /// Axial, coronal, sagittal.
  let views: [SliceView]

  /// 1 for a voxel that is shown.
  private let shown: [UInt8]

  static let marginMillimetres: Float = 15
  static let sideMillimetres = 240.0
  static let pixels = 240

  /// - Throws: `ReportsError.affineNotInvertible`.
  init(flair: Volume<Float>, brainMask: Volume<UInt8>) throws(ReportsError) {
    shown = DepthMap.chamfer(inside: brainMask.voxels.map { $0 == 0 }, shape: brainMask.shape, affine: flair.affine).map
    { $0 <= Self.marginMillimetres ? 1 : 0 }
    let axes = try AnatomicalAxes(flair.affine)
    let box = GridBox(enclosing: brainMask) ?? GridBox(flair.shape)
    let middle = (0..<3).map { (box.lower.along($0) + box.upper.along($0) - 1) / 2 }
    views = SlicePlane.allCases.map { plane in
      let geometry = SliceGeometry(plane, affine: flair.affine, axes: axes)
      return SliceView(
        geometry: geometry, shape: flair.shape, index: middle[geometry.normalAxis],
        centre: (Double(middle[geometry.horizontalAxis]), Double(middle[geometry.verticalAxis])),
        millimetresPerPixel: Self.sideMillimetres / Double(Self.pixels), width: Self.pixels, height: Self.pixels)
    }
  }

  /// An image in its window; black where nothing is shown.
  func grey(_ volume: Volume<Float>, _ window: IntensityWindow, _ view: SliceView) -> Raster {
    var raster = Raster(width: view.width, height: view.height)
    let values = view.values(volume.voxels, shown: shown)
    for y in 0..<view.height {
      for x in 0..<view.width {
        let value = values[y * view.width + x]
        guard value.isFinite else { continue }
        let level = (window.brightness(value) * Double(TilePainter.greyLevels - 1)).rounded()
        raster[x, y] = .grey(UInt8(saturating: (level / Double(TilePainter.greyLevels - 1) * 255).rounded()))
      }
    }
    return raster
  }

  /// The slices of a picture beside each other, with letters and a gap.
  func row(_ draw: (SliceView) -> Raster) -> Raster {
    let gap = 4
    var picture = Raster(
      width: views.count * Self.pixels + (views.count - 1) * gap, height: Self.pixels, colour: TilePainter.background)
    for (number, view) in views.enumerated() {
      var tile = draw(view)
      tile.write(view.geometry.letters)
      picture.draw(tile, x: number * (Self.pixels + gap), y: 0)
    }
    return picture
  }
}

/// FLAIR and T1w in turn, square by square: where they fit, edges go on from one square to the next.
public enum Checkerboard {
  static let squareMillimetres = 20.0

  /// A PNG of three slices through the middle of the brain, and 15 mm around it.
  ///
  /// - Parameters:
  ///   - t1w: on the grid of the FLAIR.
  ///   - brainMask: on the same grid; sets the windows of grey and the middle.
  public static func picture(flair: Volume<Float>, t1w: Volume<Float>, brainMask: Volume<UInt8>) throws(ReportsError)
    -> [UInt8]
  { try raster(HeadViews(flair: flair, brainMask: brainMask), flair, t1w, brainMask).png().bytes }

  static func raster(_ head: HeadViews, _ flair: Volume<Float>, _ t1w: Volume<Float>, _ brainMask: Volume<UInt8>)
    -> Raster
  {
    let windows = (IntensityWindow(flair, brainMask: brainMask), IntensityWindow(t1w, brainMask: brainMask))
    return head.row { view in
      var tile = head.grey(flair, windows.0, view)
      let other = head.grey(t1w, windows.1, view)
      let square = max(1, Int(saturating: (squareMillimetres / view.millimetresPerPixel).rounded()))
      for y in 0..<view.height {
        for x in 0..<view.width where (x / square + y / square) % 2 == 1 { tile[x, y] = other[x, y] }
      }
      return tile
    }
  }
}
