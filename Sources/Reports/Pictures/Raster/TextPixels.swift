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
    guard let left = strokes.map(\.x).min(), let right = strokes.map(\.x).max(),
      let top = strokes.map(\.y).min(), let bottom = strokes.map(\.y).max()
    else { return [] }
    let width = right - left + 3
    var near = [Bool](repeating: false, count: width * (bottom - top + 3))
    for stroke in strokes {
      for dy in 0...2 {
        for dx in 0...2 { near[(stroke.y - top + dy) * width + stroke.x - left + dx] = true }
      }
    }
    return near.indices.filter { near[$0] }.map { (left - 1 + $0 % width, top - 1 + $0 / width) }
  }
}
