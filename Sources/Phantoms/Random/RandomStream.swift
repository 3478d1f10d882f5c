import Statistics

/// Random numbers of one aspect of one patient, the same everywhere (``SplitMix64``).
///
/// Every aspect of a patient draws from a stream of its own, so that adding a draw to one aspect leaves all others as
/// they were, and neither threads nor the order of work can change a phantom.
package struct RandomStream: RandomNumberGenerator, Sendable {
  private var generator: SplitMix64

  /// - Parameters:
  ///   - seed: the cohort's seed.
  ///   - patient: index of the patient in the cohort.
  ///   - aspect: what the numbers are for.
  package init(seed: UInt64, patient: Int, aspect: Aspect) {
    generator = SplitMix64(state: Self.key(seed: seed, patient: patient, aspect: aspect))
  }

  /// The start of a stream; also the key of counter-based numbers, `SplitMix64.scrambled(key + counter)`.
  static func key(seed: UInt64, patient: Int, aspect: Aspect) -> UInt64 {
    var key = SplitMix64.scrambled(seed &+ SplitMix64.increment)
    key = SplitMix64.scrambled(key ^ UInt64(bitPattern: Int64(patient)) &* 0xD6E8_FEB8_6659_FD93)
    return SplitMix64.scrambled(key ^ aspect.rawValue &* 0xA24B_AED4_963E_E407)
  }

  package mutating func next() -> UInt64 { generator.next() }

  /// Uniform in [0, 1).
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in [low, high).
  package mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }

  /// Standard normal (Box and Muller).
  mutating func normal() -> Double { Self.normalPair(next(), next()).0 }

  /// Normal with the given mean and deviation, drawn again until it lies within `limits`.
  mutating func normal(_ mean: Double, _ deviation: Double, within limits: ClosedRange<Double>) -> Double {
    for _ in 0..<64 {
      let value = mean + deviation * normal()
      if limits.contains(value) { return value }
    }
    return min(max(mean, limits.lowerBound), limits.upperBound)
  }

  /// Uniform in 0 ..< `count`.
  mutating func index(below count: Int) -> Int { min(count - 1, Int(saturating: unit() * Double(count))) }

  /// True with the given probability.
  mutating func chance(_ probability: Double) -> Bool { unit() < probability }

  /// A direction uniform on the sphere.
  package mutating func direction() -> Point {
    let z = uniform(-1, 1)
    let angle = uniform(0, 2 * Double.pi)
    let radius = (1 - z * z).squareRoot()
    return Point(Float(radius * cosine(angle)), Float(radius * sine(angle)), Float(z))
  }

  /// What a stream is for. Raw values are part of every phantom: never renumber.
  package enum Aspect: UInt64, Sendable {
    case build = 1
    case warp = 2
    case folding = 3
    case texture = 4
    case lesions = 5
    case mimics = 6
    case scanner = 7
    case flairNoise = 8
    case mprageNoise = 9
    case surfaces = 10
    case selfTest = 11
  }

  /// Two independent standard normal numbers from two 64-bit words.
  static func normalPair(_ a: UInt64, _ b: UInt64) -> (Double, Double) {
    let u = (Double(a >> 11) + 0.5) * 0x1p-53
    let angle = 2 * Double.pi * (Double(b >> 11) + 0.5) * 0x1p-53
    let radius = (-2 * logarithm(u)).squareRoot()
    return (radius * cosine(angle), radius * sine(angle))
  }
}
