/// The one way from a number with a fraction to a whole one.
///
/// `Int(x)` ends the process when `x` is not finite or does not fit, and `x` may come from a file or an option;
/// `make lint` lets nobody write it.
extension FixedWidthInteger {
  /// The whole part of a number, towards zero; the nearest whole number there is when it does not fit, 0 for what is
  /// not a number. Types of 64 bits end at ±2⁶², so that what is then added to a place or a count fits, too.
  @inlinable public init(saturating value: Double) {
    let wide: Int64
    if value >= -0x1p62, value <= 0x1p62 {
      wide = Int64(value)
    } else {
      wide = value > 0 ? 1 << 62 : value < 0 ? -1 << 62 : 0
    }
    self = Self(clamping: wide)
  }

  /// The same of a number of 32 bits.
  @inlinable public init(saturating value: Float) { self.init(saturating: Double(value)) }
}
