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
      UInt8((Double(a) + (Double(b) - Double(a)) * min(max(amount, 0), 1)).rounded())
    }
    return RGB(mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
  }

  /// `#rrggbb`, for the legend of a page.
  var hexadecimal: String {
    func pair(_ value: UInt8) -> String { (value < 16 ? "0" : "") + String(value, radix: 16) }
    return "#" + pair(red) + pair(green) + pair(blue)
  }
}
