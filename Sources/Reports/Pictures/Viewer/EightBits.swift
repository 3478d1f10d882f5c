import Statistics
import Volumes

/// An image of the brain in 8 bits: 0 outside of the brain mask, 1 to 255 inside, linear between two intensities.
struct EightBits: Sendable, Equatable {
  /// Of the box, axis 0 fastest.
  let values: [UInt8]
  /// The intensities of 1 and 255: the window of the pictures with room on either side for the viewer's own.
  let range: IntensityWindow
  /// The window of the pictures, in stored values.
  let window: (lower: Double, upper: Double)

  /// Of the window's width, what is kept below and above it.
  private static let margins = (below: 0.25, above: 0.75)

  init(_ volume: Volume<Float>, box: GridBox, brain: Volume<UInt8>, window: IntensityWindow) {
    let width = window.upper - window.lower
    let range = IntensityWindow(
      lower: window.lower - width * Float(Self.margins.below), upper: window.upper + width * Float(Self.margins.above))
    func stored(_ value: Float) -> Double { 1 + (range.brightness(value) * 254).rounded() }
    values = zip(box.values(of: volume), box.values(of: brain)).map { value, inBrain in
      inBrain == 0 || !value.isFinite ? 0 : UInt8(saturating: stored(value))
    }
    self.range = range
    self.window = (stored(window.lower), stored(window.upper))
  }

  static func == (one: EightBits, other: EightBits) -> Bool { one.values == other.values && one.range == other.range }
}
