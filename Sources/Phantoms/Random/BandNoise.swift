import Statistics

/// A smooth random function of space with one dominant wavelength: a sum of plane waves in random directions, mean 0,
/// variance 1, kept on a lattice about ten times finer than the wavelength and interpolated trilinearly.
///
/// Its zero level is a labyrinth of sheets half a wavelength apart, which is what sulci look like.
struct BandNoise: Sendable {
  private let values: [Float]
  private let counts: (Int, Int, Int)
  private let origin: Point
  private let perMillimetre: Float

  /// - Parameters:
  ///   - wavelength: in mm.
  ///   - spread: relative deviation of the waves' lengths around it.
  ///   - finestStep: lower limit of the lattice's step in mm.
  ///   - box: the region of space, in mm, in which values will be asked for; outside, the border's values continue.
  init(
    wavelength: Double, spread: Double, waves: Int, finestStep: Double = 2, box: (low: Point, high: Point),
    stream: inout RandomStream
  ) {
    let step = max(wavelength / 10, finestStep)
    perMillimetre = Float(1 / step)
    origin = box.low
    let extent = box.high - box.low
    let counts = (
      Int(saturating: (Double(extent.x) / step).rounded(.up)) + 2,
      Int(saturating: (Double(extent.y) / step).rounded(.up)) + 2,
      Int(saturating: (Double(extent.z) / step).rounded(.up)) + 2
    )
    self.counts = counts
    var sum = [Double](repeating: 0, count: counts.0 * counts.1 * counts.2)
    let amplitude = (2 / Double(waves)).squareRoot()
    for _ in 0..<waves {
      let direction = stream.direction()
      let k = 2 * Double.pi / (wavelength * stream.normal(1, spread, within: 0.5...2)) * step
      let phase = stream.uniform(0, 2 * Double.pi)
      let (kx, ky, kz) = (k * Double(direction.x), k * Double(direction.y), k * Double(direction.z))
      let (turnCosine, turnSine) = (cosine(kx), sine(kx))
      for c in 0..<counts.2 {
        for b in 0..<counts.1 {
          // Walk along the first axis by rotating a phasor instead of asking for a sine at every point.
          let start = phase + ky * Double(b) + kz * Double(c)
          var (re, im) = (amplitude * cosine(start), amplitude * sine(start))
          let row = counts.0 * (b + counts.1 * c)
          for a in 0..<counts.0 {
            sum[row + a] += im
            (re, im) = (re * turnCosine - im * turnSine, re * turnSine + im * turnCosine)
          }
        }
      }
    }
    values = sum.map(Float.init)
  }

  /// The value at a position in mm.
  @inline(__always) func callAsFunction(_ p: Point) -> Float {
    let q = (p - origin) * perMillimetre
    let x = min(max(q.x, 0), Float(counts.0 - 1) - 0.001)
    let y = min(max(q.y, 0), Float(counts.1 - 1) - 0.001)
    let z = min(max(q.z, 0), Float(counts.2 - 1) - 0.001)
    let (a, b, c) = (Int(x), Int(y), Int(z))
    let (u, v, w) = (x - Float(a), y - Float(b), z - Float(c))
    let row = counts.0
    let slice = row * counts.1
    let i = a + row * b + slice * c
    return values.withUnsafeBufferPointer { f in
      let near = (f[i] * (1 - u) + f[i + 1] * u) * (1 - v) + (f[i + row] * (1 - u) + f[i + row + 1] * u) * v
      let far =
        (f[i + slice] * (1 - u) + f[i + slice + 1] * u) * (1 - v)
        + (f[i + slice + row] * (1 - u) + f[i + slice + row + 1] * u) * v
      return near * (1 - w) + far * w
    }
  }
}
