/// Where a line of text and its halo lie.
struct TextPixels {
  let strokes: [(x: Int, y: Int)]
  /// The strokes and every pixel next to one, each once.
  let halo: [(x: Int, y: Int)]

  /// A line whose capitals have their top left corner at (x, y).
  init(_ text: String, x: Int, y: Int, scale: Int = 1) {
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
    self.strokes = strokes
    halo = Self.around(strokes)
  }

  private static func around(_ strokes: [(x: Int, y: Int)]) -> [(x: Int, y: Int)] {
    guard let left = strokes.map(\.x).min(), let right = strokes.map(\.x).max(), let top = strokes.map(\.y).min(),
      let bottom = strokes.map(\.y).max()
    else { return [] }
    let width = right - left + 3
    var near = [Bool](repeating: false, count: width * (bottom - top + 3))
    for stroke in strokes {
      for dy in 0...2 { for dx in 0...2 { near[(stroke.y - top + dy) * width + stroke.x - left + dx] = true } }
    }
    return near.indices.filter { near[$0] }.map { (left - 1 + $0 % width, top - 1 + $0 / width) }
  }
}

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
    if halo > 0 { for near in pixels.halo { blend(RGB(0, 0, 0), alpha: halo, x: near.x, y: near.y) } }
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
