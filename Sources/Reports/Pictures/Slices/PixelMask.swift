/// A set of pixels of a picture.
struct PixelMask: Hashable, Sendable {
  let width: Int
  let height: Int
  /// Row by row from the top.
  let isSet: [Bool]

  var isEmpty: Bool { !isSet.contains(true) }

  subscript(x: Int, y: Int) -> Bool { x >= 0 && y >= 0 && x < width && y < height && isSet[y * width + x] }

  /// The pixels just outside that share an edge with the set: a contour that hides nothing of what it marks.
  var outerContour: [(x: Int, y: Int)] {
    pixels { x, y in !self[x, y] && (self[x - 1, y] || self[x + 1, y] || self[x, y - 1] || self[x, y + 1]) }
  }

  /// The pixels around ``outerContour``, on its far side.
  var halo: [(x: Int, y: Int)] {
    var grown = isSet
    for pixel in outerContour { grown[pixel.y * width + pixel.x] = true }
    return PixelMask(width: width, height: height, isSet: grown).outerContour
  }

  /// The pixels of the set that share an edge with a pixel outside it; the picture's border is no edge.
  var innerContour: [(x: Int, y: Int)] {
    func isOutside(_ x: Int, _ y: Int) -> Bool { x >= 0 && y >= 0 && x < width && y < height && !isSet[y * width + x] }
    return pixels { x, y in
      self[x, y] && (isOutside(x - 1, y) || isOutside(x + 1, y) || isOutside(x, y - 1) || isOutside(x, y + 1))
    }
  }

  /// The smallest rectangle around the set, both corners inside it; `nil` for the empty set.
  var bounds: (left: Int, top: Int, right: Int, bottom: Int)? {
    let all = pixels { self[$0, $1] }
    guard let left = all.map(\.x).min(), let right = all.map(\.x).max(), let top = all.first?.y,
      let bottom = all.last?.y
    else { return nil }
    return (left, top, right, bottom)
  }

  private func pixels(where condition: (Int, Int) -> Bool) -> [(x: Int, y: Int)] {
    var result: [(x: Int, y: Int)] = []
    for y in 0..<height { for x in 0..<width where condition(x, y) { result.append((x, y)) } }
    return result
  }
}
