import CZlib
import Foundation
import Statistics
import Volumes

/// Bytes as a page carries them: compressed (zlib, RFC 1950, which has no place for a name or a time), then base64.
struct PackedBytes: Sendable, Equatable {
  let base64: String
  /// Before compression.
  let byteCount: Int

  /// Equal bytes give equal text.
  init(_ bytes: [UInt8]) {
    byteCount = bytes.count
    var size = compressBound(uLong(bytes.count))
    var packed = [UInt8](repeating: 0, count: Int(size))
    let status = compress2(&packed, &size, bytes, uLong(bytes.count), 6)
    precondition(status == Z_OK, "compress2 fails only without memory")
    base64 = Data(packed.prefix(Int(size))).base64EncodedString()
  }

  /// Every value but the first of a row becomes what it differs by from the one before it, modulo 256: neighbours are
  /// alike, and small numbers compress better.
  static func differences(_ values: [UInt8], row: Int) -> [UInt8] {
    values.indices.map { $0 % row == 0 ? values[$0] : values[$0] &- values[$0 - 1] }
  }
}

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
