/// A small seeded generator whose sequence is part of the product's definition, unlike that of the standard library.
///
/// Source: Steele, Lea, Flood, *Fast splittable pseudorandom number generators*, OOPSLA 2014.
package struct SplitMix64 {
  private var state: UInt64

  /// - Parameter stream: generators of one seed and different streams are independent.
  package init(seed: UInt64, stream: UInt64 = 0) {
    var streams = SplitMix64(state: stream)
    state = seed ^ streams.next()
  }

  /// The generator of the paper, started at `state`.
  package init(state: UInt64) { self.state = state }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number from 0 to `count` − 1 (multiply–shift; the bias is below count / 2⁶⁴).
  package mutating func next(below count: Int) -> Int {
    precondition(count > 0, "a draw needs something to draw from")
    return Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }
}
