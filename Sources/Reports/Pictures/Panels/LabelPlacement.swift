/// Where the numbers of a slice's findings go: beside their finding, never over each other, and over a small finding
/// only where nothing else is free.
struct LabelPlacement {
  typealias Bounds = (left: Int, top: Int, right: Int, bottom: Int)

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

    /// Its halo too stays off the contour.
    fileprivate func covers(_ bounds: Bounds) -> Bool {
      let room = 2
      return x - room <= bounds.right && x + Raster.textWidth(text) + room > bounds.left && y - room <= bounds.bottom
        && y + BitmapFont.capitalHeight + room > bounds.top
    }
  }

  /// A finding no wider and no higher than this could be hidden by a number.
  private static let smallPixels = 12

  let width: Int
  let height: Int
  private(set) var placed: [Label] = []
  private var small: [Bounds] = []

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Keeps the numbers placed from now on off a finding, if it is small.
  mutating func keepFree(_ bounds: Bounds) {
    if max(bounds.right - bounds.left, bounds.bottom - bounds.top) < Self.smallPixels { small.append(bounds) }
  }

  /// Puts a number on the outer side of its finding, where it hides the least of the brain, or at the nearest free
  /// height on either side; where nothing is free, on the outer side after all.
  mutating func place(_ text: String, beside bounds: Bounds, _ colour: RGB) {
    let textWidth = Raster.textWidth(text)
    let isOnRight = bounds.left + bounds.right > width
    func label(right: Bool, lower: Int) -> Label {
      let x = right ? bounds.right + 4 : bounds.left - 4 - textWidth
      let y = (bounds.top + bounds.bottom - BitmapFont.capitalHeight) / 2 + lower
      return Label(
        text: text, x: min(max(x, 2), width - textWidth - 2), y: min(max(y, 2), height - BitmapFont.capitalHeight - 2),
        colour: colour)
    }
    let legible = [0, 5, -5, 10, -10, 15, -15, 20, -20].flatMap { lower in
      [isOnRight, !isOnRight].map { label(right: $0, lower: lower) }
    }.filter { !placed.contains(where: $0.overlaps) }
    placed.append(
      legible.first { candidate in !small.contains(where: candidate.covers) } ?? legible.first
        ?? label(right: isOnRight, lower: 0))
  }
}
