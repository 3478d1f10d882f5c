/// Where the numbers of a slice's findings go: beside their finding, never over each other.
struct LabelPlacement {
  struct Label: Hashable {
    let text: String
    let x: Int
    let y: Int
    let colour: RGB

    fileprivate func overlaps(_ other: Label) -> Bool {
      let room = 2
      return x < other.x + Raster.textWidth(other.text) + room && other.x < x + Raster.textWidth(text) + room
        && abs(y - other.y) < BitmapFont.capitalHeight + room
    }
  }

  let width: Int
  let height: Int
  private(set) var placed: [Label] = []

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Puts a number on the outer side of its finding, where it hides the least of the brain, or at the nearest free height on
  /// either side; where nothing is free, on the outer side after all.
  mutating func place(
    _ text: String, beside bounds: (left: Int, top: Int, right: Int, bottom: Int), _ colour: RGB
  ) {
    let textWidth = Raster.textWidth(text)
    let isOnRight = bounds.left + bounds.right > width
    func label(right: Bool, lower: Int) -> Label {
      let x = right ? bounds.right + 4 : bounds.left - 4 - textWidth
      let y = (bounds.top + bounds.bottom - BitmapFont.capitalHeight) / 2 + lower
      return Label(
        text: text, x: min(max(x, 2), width - textWidth - 2), y: min(max(y, 2), height - BitmapFont.capitalHeight - 2),
        colour: colour)
    }
    for lower in [0, 5, -5, 10, -10, 15, -15, 20, -20] {
      for right in [isOnRight, !isOnRight] {
        let candidate = label(right: right, lower: lower)
        if !placed.contains(where: candidate.overlaps) {
          placed.append(candidate)
          return
        }
      }
    }
    placed.append(label(right: isOnRight, lower: 0))
  }
}
