/// A picture in three parts of one size: what was measured, and two transparent pictures that a reader can take off.
struct PanelLayers: Sendable {
  var anatomy: Raster
  var saliency: Layer
  var contours: Layer
  /// Contours of the reference segmentation, hidden until the reader has decided.
  var reference: Layer
  /// Of its crops.
  let millimetresPerPixel: Double

  /// One tile of a panel; a part that it does not have leaves the panel's own as it is.
  struct Tile: Sendable {
    var anatomy: Raster
    var saliency: Layer?
    var contours: Layer?
    var reference: Layer?
  }

  init(width: Int, height: Int, millimetresPerPixel: Double) {
    self.millimetresPerPixel = millimetresPerPixel
    anatomy = Raster(width: width, height: height, colour: TilePainter.background)
    saliency = Layer(width: width, height: height)
    contours = saliency
    reference = saliency
  }

  mutating func draw(_ tile: Tile, x: Int, y: Int) {
    anatomy.draw(tile.anatomy, x: x, y: y)
    if let saliency = tile.saliency { self.saliency.draw(saliency, x: x, y: y) }
    if let contours = tile.contours { self.contours.draw(contours, x: x, y: y) }
    if let reference = tile.reference { self.reference.draw(reference, x: x, y: y) }
  }

  func encoded() throws(ReportsError) -> LayeredPicture {
    LayeredPicture(
      anatomy: EmbeddedPicture(try anatomy.withFewColours().png(), millimetresPerPixel: millimetresPerPixel),
      saliency: saliency.isEmpty ? nil : EmbeddedPicture(try saliency.png()),
      contours: contours.isEmpty ? nil : EmbeddedPicture(try contours.png()),
      reference: reference.isEmpty ? nil : EmbeddedPicture(try reference.png()))
  }
}

/// The heads of a panel's columns, at twice the font's size: in two lines where a tile is narrow.
struct PanelTitles {
  /// Lines of text by half and column.
  let halves: [[[String]]]
  /// Pixels from the top of the heads to the first row.
  let height: Int
  private let tilePixels: Int
  private let scale: Int
  private static let lineHeight = 18

  /// - Parameters:
  ///   - hasMPRAGE: there is such an image.
  ///   - maps: how many channels were explained.
  init(hasMPRAGE: Bool, maps: Int, tilePixels: Int) {
    let images = ["FLAIR"] + (hasMPRAGE ? ["MPRAGE"] : []) + ["FLAIR + mask"]
    let saliency = ["FLAIR saliency", "MPRAGE saliency"].prefix(maps)
    let titles = maps > 0 ? [images, saliency + ["whole slice"]] : [images + ["whole slice"]]
    func fits(_ lines: some Sequence<String>) -> Bool {
      lines.allSatisfy { Raster.textWidth($0, scale: 2) <= tilePixels }
    }
    let isWide = fits(titles.joined())
    halves = titles.map { $0.map { isWide ? [$0] : Self.halved($0) } }
    scale = fits(halves.joined().joined()) ? 2 : 1
    height = isWide ? 24 : 24 + Self.lineHeight
    self.tilePixels = tilePixels
  }

  /// `FLAIR +` and `mask`.
  private static func halved(_ title: String) -> [String] {
    guard let space = title.lastIndex(of: " ") else { return [title] }
    return [String(title[..<space]), String(title[title.index(after: space)...])]
  }

  /// Writes the head of a column whose left edge is at x, in the middle of the tile.
  func write(_ lines: [String], x: Int, y: Int, on raster: inout Raster) {
    for (number, line) in lines.enumerated() {
      raster.write(
        line, x: x + (tilePixels - Raster.textWidth(line, scale: scale)) / 2, y: y + number * Self.lineHeight,
        scale: scale, colour: .grey(235), halo: 0)
    }
  }
}
