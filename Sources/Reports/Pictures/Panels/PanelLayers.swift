/// A picture in three parts of one size: what was measured, and two transparent pictures that a reader can take off.
struct PanelLayers: Sendable {
  var anatomy: Raster
  var saliency: Layer
  var contours: Layer

  /// One tile of a panel; a part that it does not have leaves the panel's own as it is.
  struct Tile: Sendable {
    var anatomy: Raster
    var saliency: Layer?
    var contours: Layer?
  }

  init(width: Int, height: Int) {
    anatomy = Raster(width: width, height: height, colour: TilePainter.background)
    saliency = Layer(width: width, height: height)
    contours = saliency
  }

  mutating func draw(_ tile: Tile, x: Int, y: Int) {
    anatomy.draw(tile.anatomy, x: x, y: y)
    if let saliency = tile.saliency { self.saliency.draw(saliency, x: x, y: y) }
    if let contours = tile.contours { self.contours.draw(contours, x: x, y: y) }
  }

  func encoded() throws(ReportsError) -> LayeredPicture {
    LayeredPicture(
      anatomy: EmbeddedPicture(try anatomy.withFewColours().png()),
      saliency: saliency.isEmpty ? nil : EmbeddedPicture(try saliency.png()),
      contours: contours.isEmpty ? nil : EmbeddedPicture(try contours.png()))
  }
}
