/// Box–Muller pairs from pairs of 32-bit words, in double precision: √(−2 ln u)·cos 2πv and √(−2 ln u)·sin 2πv.
///
/// Logarithm, cosine and sine are truncated Taylor series on reduced arguments, within a few units of the last place of
/// a double (about 1e-15), nine decimal digits beyond the single precision they are rounded to. They are written out
/// here rather than taken from the C library so that a draw has the same bits with any library and on any processor;
/// plain multiplications and additions without branches are also quick (14 ns for two values).
enum BoxMuller {
  /// - Parameters:
  ///   - words: 2 · `pairs` words; pair p uses words 2p and 2p + 1 of `first` and `second` alike.
  ///   - normals: 2 · `pairs` values: cosine branch, sine branch, cosine branch, …
  @inline(__always) static func fill(
    _ normals: UnsafeMutablePointer<Float>, first: UnsafePointer<UInt32>, second: UnsafePointer<UInt32>, pairs: Int,
    sigma: Double
  ) {
    for pair in 0..<pairs {
      let u = (Double(first[pair]) + 0.5) * 0x1p-32
      let v = (Double(second[pair]) + 0.5) * 0x1p-32
      let radius = (-2 * naturalLogarithm(u)).squareRoot()
      let (cosine, sine) = cosineAndSine(2 * Double.pi * v)
      normals[2 * pair] = Float(radius * cosine * sigma)
      normals[2 * pair + 1] = Float(radius * sine * sigma)
    }
  }

  /// ln x for normal x in (0, 1).
  @inline(__always) static func naturalLogarithm(_ x: Double) -> Double {
    // x = m · 2ᵉ with m in [√½, √2): adding the distance from √½ to 1 to the bits carries into the exponent just there.
    let carried = x.bitPattern &+ (0x3FF0_0000_0000_0000 &- squareRootOfHalf.bitPattern)
    let exponentBits = carried >> 52
    let m = Double(bitPattern: (carried & 0x000F_FFFF_FFFF_FFFF) &+ squareRootOfHalf.bitPattern)
    // The biased exponent, written into the low bits of 2⁵², becomes a double without an integer conversion.
    let e = Double(bitPattern: exponentBits | 0x4330_0000_0000_0000) - (0x1p52 + 1023)
    // ln m = 2 artanh s = 2 s (1 + s²/3 + s⁴/5 + …), |s| ≤ 0.1716; the term left out is below 2e-17.
    let s = (m - 1) / (m + 1)
    let z = s * s
    var series = 1.0 / 21
    series = series * z + 1.0 / 19
    series = series * z + 1.0 / 17
    series = series * z + 1.0 / 15
    series = series * z + 1.0 / 13
    series = series * z + 1.0 / 11
    series = series * z + 1.0 / 9
    series = series * z + 1.0 / 7
    series = series * z + 1.0 / 5
    series = series * z + 1.0 / 3
    return e * naturalLogarithmOf2 + (2 * s + 2 * s * z * series)
  }

  /// Cosine and sine of an angle from 0 to 2π.
  @inline(__always) static func cosineAndSine(_ angle: Double) -> (Double, Double) {
    // Adding 1.5 · 2⁵² rounds to the nearest integer and leaves it in the low bits.
    let shifted = angle * (2 / Double.pi) + roundingShift
    let quarters = shifted - roundingShift
    // π/2 in two parts; the first has 33 bits, so that both products and the first difference are exact.
    let x = (angle - quarters * halfPiHigh) - quarters * halfPiLow
    let z = x * x
    // Terms up to x¹⁷ and x¹⁶ for |x| ≤ π/4; those left out are below 1e-18.
    var sine = 1.0 / 355_687_428_096_000
    sine = sine * z - 1.0 / 1_307_674_368_000
    sine = sine * z + 1.0 / 6_227_020_800
    sine = sine * z - 1.0 / 39_916_800
    sine = sine * z + 1.0 / 362_880
    sine = sine * z - 1.0 / 5040
    sine = sine * z + 1.0 / 120
    sine = sine * z - 1.0 / 6
    sine = x + x * z * sine
    var cosine = 1.0 / 20_922_789_888_000
    cosine = cosine * z - 1.0 / 87_178_291_200
    cosine = cosine * z + 1.0 / 479_001_600
    cosine = cosine * z - 1.0 / 3_628_800
    cosine = cosine * z + 1.0 / 40320
    cosine = cosine * z - 1.0 / 720
    cosine = cosine * z + 1.0 / 24
    cosine = cosine * z - 1.0 / 2
    cosine = 1 + z * cosine
    // Quarter turns: swap on odd ones; the cosine is negative on the 1st and 2nd, the sine on the 2nd and 3rd.
    let turns = shifted.bitPattern
    let swap = 0 &- (turns & 1)
    let (c, s) = (cosine.bitPattern, sine.bitPattern)
    let exchanged = (c ^ s) & swap
    let cosineSign = ((turns &+ 1) & 2) << 62
    let sineSign = (turns & 2) << 62
    return (Double(bitPattern: c ^ exchanged ^ cosineSign), Double(bitPattern: s ^ exchanged ^ sineSign))
  }

  private static let squareRootOfHalf = 0.70710678118654752440
  private static let naturalLogarithmOf2 = 0.69314718055994530942
  private static let roundingShift = 0x1.8p52
  /// π/2 = 1.57079632679489661923132169163975144209858…
  private static let halfPiHigh = 0x1.921fb544p+0
  private static let halfPiLow = 0x1.0b4611a626331p-34
}
