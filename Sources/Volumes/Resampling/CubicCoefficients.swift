/// B-spline coefficients of lines, so that the cubic spline passes through their samples.
///
/// The recursive filter with the pole √3 − 2 and half-sample symmetric ends that SciPy applies for `mode="nearest"`.
/// Source: Unser, Aldroubi and Eden, IEEE Transactions on Signal Processing 41 (1993) 821–848.
enum CubicCoefficients {
  private static let pole = 3.0.squareRoot() - 2
  private static let gain = 6.0

  /// Turns samples into coefficients in place.
  ///
  /// - Parameters:
  ///   - lines: `[count, width]`, `width` lines beside each other, last axis fastest.
  ///   - count: samples of a line, 2 or more.
  static func replace(_ lines: UnsafeMutableBufferPointer<Double>, count: Int, width: Int) {
    let z = pole
    for index in 0..<(count * width) { lines[index] *= gain }
    let last = (count - 1) * width
    var end = 1.0
    for _ in 0..<count { end *= z }
    for x in 0..<width {
      let first = lines[x]
      var sum = first + end * lines[last + x]
      var power = z
      for i in 1..<count {
        sum += power * (lines[i * width + x] + end * lines[last - i * width + x])
        power *= z
        // Beyond this nothing is left of a term in double precision.
        if abs(power) < 1e-40 { break }
      }
      lines[x] = sum * z / (1 - end * end) + first
    }
    for i in 1..<count { for x in 0..<width { lines[i * width + x] += z * lines[(i - 1) * width + x] } }
    for x in 0..<width { lines[last + x] *= z / (z - 1) }
    for i in stride(from: count - 2, through: 0, by: -1) {
      for x in 0..<width { lines[i * width + x] = z * (lines[(i + 1) * width + x] - lines[i * width + x]) }
    }
  }
}
