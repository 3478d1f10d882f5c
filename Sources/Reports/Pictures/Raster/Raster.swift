import Statistics

/// A picture in memory: rows from the top, three bytes (red, green, blue) a pixel.
///
/// Drawing outside the picture is clipped, so that a label or a contour at the border needs no case of its own.
struct Raster: Hashable, Sendable {
  let width: Int
  let height: Int
  private(set) var bytes: [UInt8]

  init(width: Int, height: Int, colour: RGB = RGB(0, 0, 0)) {
    precondition(width > 0 && height > 0, "a picture has at least one pixel")
    self.width = width
    self.height = height
    bytes = []
    bytes.reserveCapacity(width * height * 3)
    for _ in 0..<(width * height) {
      bytes.append(colour.red)
      bytes.append(colour.green)
      bytes.append(colour.blue)
    }
  }

  func contains(_ x: Int, _ y: Int) -> Bool { x >= 0 && y >= 0 && x < width && y < height }

  /// The colour of a pixel; writing outside the picture does nothing, reading there is an error of the caller.
  subscript(x: Int, y: Int) -> RGB {
    get {
      precondition(contains(x, y), "the pixel lies in the picture")
      let at = (y * width + x) * 3
      return RGB(bytes[at], bytes[at + 1], bytes[at + 2])
    }
    set {
      guard contains(x, y) else { return }
      let at = (y * width + x) * 3
      bytes[at] = newValue.red
      bytes[at + 1] = newValue.green
      bytes[at + 2] = newValue.blue
    }
  }

  /// Mixes a colour into a pixel; alpha 0 leaves it as it is, 1 replaces it.
  mutating func blend(_ colour: RGB, alpha: Double, x: Int, y: Int) {
    guard contains(x, y) else { return }
    self[x, y] = self[x, y].mixed(with: colour, amount: alpha)
  }

  mutating func fill(x: Int, y: Int, width: Int, height: Int, colour: RGB) {
    for row in y..<(y + max(height, 0)) { for column in x..<(x + max(width, 0)) { self[column, row] = colour } }
  }

  /// A frame one pixel wide whose outer edge is the given rectangle.
  mutating func frame(x: Int, y: Int, width: Int, height: Int, colour: RGB, alpha: Double = 1) {
    guard width > 0, height > 0 else { return }
    for column in x..<(x + width) {
      blend(colour, alpha: alpha, x: column, y: y)
      if height > 1 { blend(colour, alpha: alpha, x: column, y: y + height - 1) }
    }
    guard height > 2 else { return }
    for row in (y + 1)..<(y + height - 1) {
      blend(colour, alpha: alpha, x: x, y: row)
      if width > 1 { blend(colour, alpha: alpha, x: x + width - 1, y: row) }
    }
  }

  /// Copies another picture; (x, y) becomes its top left pixel.
  mutating func draw(_ other: Raster, x: Int, y: Int) {
    for row in 0..<other.height { for column in 0..<other.width { self[x + column, y + row] = other[column, row] } }
  }

  /// The picture with every pixel repeated in both directions.
  func magnified(by factor: Int) -> Raster {
    var result = Raster(width: width * factor, height: height * factor)
    for y in 0..<result.height { for x in 0..<result.width { result[x, y] = self[x / factor, y / factor] } }
    return result
  }

  /// The picture with every pixel's colour replaced.
  func mapColours(_ replacement: (RGB) -> RGB) -> Raster {
    var result = self
    for at in stride(from: 0, to: bytes.count, by: 3) {
      let colour = replacement(RGB(bytes[at], bytes[at + 1], bytes[at + 2]))
      result.bytes[at] = colour.red
      result.bytes[at + 1] = colour.green
      result.bytes[at + 2] = colour.blue
    }
    return result
  }
}

/// A colour, 8 bits for each of red, green and blue.
struct RGB: Hashable, Sendable {
  var red: UInt8
  var green: UInt8
  var blue: UInt8

  init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  static func grey(_ value: UInt8) -> RGB { RGB(value, value, value) }

  /// The colour on the straight line towards `other`; amount 0 gives self, 1 gives `other`.
  func mixed(with other: RGB, amount: Double) -> RGB {
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
      UInt8(saturating: (Double(a) + (Double(b) - Double(a)) * min(max(amount, 0), 1)).rounded())
    }
    return RGB(mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
  }

  /// `#rrggbb`, for the legend of a page.
  var hexadecimal: String {
    func pair(_ value: UInt8) -> String { (value < 16 ? "0" : "") + String(value, radix: 16) }
    return "#" + pair(red) + pair(green) + pair(blue)
  }
}
