/// A small seeded generator whose sequence is part of the product's definition, unlike that of the standard library.
///
/// Source: Steele, Lea, Flood, *Fast splittable pseudorandom number generators*, OOPSLA 2014.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  /// What the state grows by from one number to the next: the odd number nearest to 2⁶⁴ divided by the golden ratio.
  @inlinable public static var increment: UInt64 { 0x9E37_79B9_7F4A_7C15 }

  @usableFromInline var state: UInt64

  /// The generator of the paper, started at `state`.
  @inlinable public init(state: UInt64) { self.state = state }

  /// - Parameter stream: generators of one seed and different streams are independent.
  public init(seed: UInt64, stream: UInt64 = 0) {
    var streams = SplitMix64(state: stream)
    state = seed ^ streams.next()
  }

  @inlinable public mutating func next() -> UInt64 {
    state &+= Self.increment
    return Self.scrambled(state)
  }

  /// A number from 0 to `count` − 1 (multiply–shift; the bias is below count / 2⁶⁴).
  @inlinable public mutating func next(below count: Int) -> Int {
    precondition(count > 0, "a draw needs something to draw from")
    return Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }

  /// The generator's finaliser: a bijection that spreads every bit; also a counter-based generator of its own.
  @inlinable public static func scrambled(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
