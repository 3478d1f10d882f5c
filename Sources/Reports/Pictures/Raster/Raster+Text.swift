extension Raster {
  /// Width in pixels of a line of text, without halo.
  static func textWidth(_ text: String, scale: Int = 1) -> Int {
    max(0, text.reduce(0) { $0 + BitmapFont.glyph($1).width + 1 } - 1) * scale
  }

  /// Writes a line whose capitals have their top left corner at (x, y).
  ///
  /// The halo darkens the pixels around every stroke, so that text stays legible on bright tissue.
  mutating func write(_ text: String, x: Int, y: Int, scale: Int = 1, colour: RGB, halo: Double = 0.75) {
    var strokes: [(x: Int, y: Int)] = []
    var left = x
    for character in text {
      let glyph = BitmapFont.glyph(character)
      for row in glyph.rows.indices {
        for column in 0..<glyph.width where glyph.isSet(column: column, row: row) {
          for dy in 0..<scale {
            for dx in 0..<scale { strokes.append((left + column * scale + dx, y + row * scale + dy)) }
          }
        }
      }
      left += (glyph.width + 1) * scale
    }
    if halo > 0 { shade(around: strokes, amount: halo) }
    for stroke in strokes { self[stroke.x, stroke.y] = colour }
  }

  /// Darkens each pixel next to the strokes once, however many strokes it touches.
  private mutating func shade(around strokes: [(x: Int, y: Int)], amount: Double) {
    guard let left = strokes.map(\.x).min(), let right = strokes.map(\.x).max(),
      let top = strokes.map(\.y).min(), let bottom = strokes.map(\.y).max()
    else { return }
    let width = right - left + 3
    var near = [Bool](repeating: false, count: width * (bottom - top + 3))
    for stroke in strokes {
      for dy in 0...2 {
        for dx in 0...2 { near[(stroke.y - top + dy) * width + stroke.x - left + dx] = true }
      }
    }
    for (at, isNear) in near.enumerated() where isNear {
      blend(RGB(0, 0, 0), alpha: amount, x: left - 1 + at % width, y: top - 1 + at / width)
    }
  }
}
