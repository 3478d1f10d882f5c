import CPNG
import Statistics

/// A picture to lie over another of the same size: rows from the top, four bytes (red, green, blue, opacity) a pixel.
///
/// Starts transparent. Drawing outside it is clipped. Opacity is not multiplied into the colours.
struct Layer: Hashable, Sendable {
  let width: Int
  let height: Int
  private(set) var bytes: [UInt8]

  init(width: Int, height: Int) {
    precondition(width > 0 && height > 0, "a picture has at least one pixel")
    self.width = width
    self.height = height
    bytes = [UInt8](repeating: 0, count: width * height * 4)
  }

  var isEmpty: Bool { !stride(from: 3, to: bytes.count, by: 4).contains { bytes[$0] != 0 } }

  /// Colour and opacity of a pixel of the layer.
  subscript(x: Int, y: Int) -> (colour: RGB, alpha: Double) {
    precondition(x >= 0 && y >= 0 && x < width && y < height, "the pixel lies in the layer")
    let at = (y * width + x) * 4
    return (RGB(bytes[at], bytes[at + 1], bytes[at + 2]), Double(bytes[at + 3]) / 255)
  }

  /// Replaces a pixel; outside the layer nothing happens.
  mutating func set(_ colour: RGB, alpha: Double = 1, x: Int, y: Int) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    let at = (y * width + x) * 4
    bytes[at] = colour.red
    bytes[at + 1] = colour.green
    bytes[at + 2] = colour.blue
    bytes[at + 3] = UInt8(saturating: (min(max(alpha, 0), 1) * 255).rounded())
  }

  /// Makes pixels transparent, so that a letter below them is read.
  mutating func clear(where condition: (_ x: Int, _ y: Int) -> Bool) {
    for y in 0..<height { for x in 0..<width where condition(x, y) { set(RGB(0, 0, 0), alpha: 0, x: x, y: y) } }
  }

  /// Copies another layer; (x, y) becomes its top left pixel.
  mutating func draw(_ other: Layer, x: Int, y: Int) {
    for row in max(0, -y)..<min(other.height, max(0, height - y)) {
      for column in max(0, -x)..<min(other.width, max(0, width - x)) {
        let from = (row * other.width + column) * 4
        let to = ((y + row) * width + x + column) * 4
        for byte in 0..<4 { bytes[to + byte] = other.bytes[from + byte] }
      }
    }
  }

  /// The layer with every pixel repeated in both directions.
  func magnified(by factor: Int) -> Layer {
    var result = Layer(width: width * factor, height: height * factor)
    for y in 0..<result.height {
      for x in 0..<result.width {
        let from = (y / factor * width + x / factor) * 4
        let to = (y * result.width + x) * 4
        for byte in 0..<4 { result.bytes[to + byte] = bytes[from + byte] }
      }
    }
    return result
  }

  /// The layer as PNG with an alpha channel, without loss: with a palette up to 256 colours, else RGBA.
  func png() throws(ReportsError) -> PNGPicture {
    let format = UInt32(PNG_FORMAT_FLAG_COLOR) | UInt32(PNG_FORMAT_FLAG_ALPHA)
    // Opacity foremost, so that sorting puts the transparent one first: nearly every pixel is.
    var keys = [UInt32](repeating: 0, count: width * height)
    for pixel in keys.indices {
      var key: UInt32 = 0
      for byte in [3, 0, 1, 2] { key = key << 8 | UInt32(bytes[pixel * 4 + byte]) }
      keys[pixel] = key
    }
    let colours = Set(keys).sorted()
    guard colours.count <= Palette.maximumColours else {
      return try PNGPicture(width: width, height: height, format: format, pixels: bytes)
    }
    var palette: [UInt8] = []
    var numbers: [UInt32: UInt8] = [:]
    for (number, colour) in colours.enumerated() {
      numbers[colour] = UInt8(number)
      for shift in [UInt32(16), 8, 0, 24] { palette.append(UInt8(colour >> shift & 255)) }
    }
    return try PNGPicture(
      width: width, height: height, format: format, pixels: keys.map { numbers[$0]! }, palette: palette)
  }
}

extension Raster {
  /// Lays a transparent picture over this one, as a browser does.
  mutating func lay(_ layer: Layer) {
    for y in 0..<min(height, layer.height) {
      for x in 0..<min(width, layer.width) {
        let (colour, alpha) = layer[x, y]
        if alpha > 0 { blend(colour, alpha: alpha, x: x, y: y) }
      }
    }
  }
}
