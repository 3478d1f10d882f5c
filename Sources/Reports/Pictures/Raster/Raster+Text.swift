extension Raster {
  /// Width in pixels of a line of text, without halo.
  static func textWidth(_ text: String, scale: Int = 1) -> Int {
    max(0, text.reduce(0) { $0 + BitmapFont.glyph($1).width + 1 } - 1) * scale
  }

  /// Writes a line whose capitals have their top left corner at (x, y).
  ///
  /// The halo darkens the pixels around every stroke, so that text stays legible on bright tissue.
  mutating func write(_ text: String, x: Int, y: Int, scale: Int = 1, colour: RGB, halo: Double = 0.75) {
    let pixels = TextPixels(text, x: x, y: y, scale: scale)
    if halo > 0 {
      for near in pixels.halo { blend(RGB(0, 0, 0), alpha: halo, x: near.x, y: near.y) }
    }
    for stroke in pixels.strokes { self[stroke.x, stroke.y] = colour }
  }
}

extension Layer {
  /// Writes a line as on a picture; its halo darkens what lies below the layer.
  mutating func write(_ text: String, x: Int, y: Int, colour: RGB, halo: Double = 0.75) {
    let pixels = TextPixels(text, x: x, y: y)
    for near in pixels.halo { set(RGB(0, 0, 0), alpha: halo, x: near.x, y: near.y) }
    for stroke in pixels.strokes { set(colour, x: stroke.x, y: stroke.y) }
  }
}
