/// The counter-based generator Philox4x32-10: a pure function from a key and a counter to four 32-bit words.
///
/// No state, so any voxel's noise can be drawn alone, in any order and on any thread, with the same result. Source:
/// Salmon et al., *Parallel random numbers: as easy as 1, 2, 3*, SC 2011.
public struct Philox4x32: Sendable {
  @usableFromInline let key0: UInt32
  @usableFromInline let key1: UInt32

  public init(key: (UInt32, UInt32)) {
    key0 = key.0
    key1 = key.1
  }

  /// Key words are the low and the high half of the seed.
  public init(seed: UInt64) {
    self.init(key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
  }

  /// Four random words for a counter.
  @inlinable public func words(_ c0: UInt32, _ c1: UInt32, _ c2: UInt32, _ c3: UInt32) -> (
    UInt32, UInt32, UInt32, UInt32
  ) {
    var (c0, c1, c2, c3) = (c0, c1, c2, c3)
    var (k0, k1) = (key0, key1)
    for _ in 0..<10 {
      let a = UInt64(0xD251_1F53) &* UInt64(c0)
      let b = UInt64(0xCD9E_8D57) &* UInt64(c2)
      (c0, c1, c2, c3) = (
        UInt32(truncatingIfNeeded: b >> 32) ^ c1 ^ k0, UInt32(truncatingIfNeeded: b),
        UInt32(truncatingIfNeeded: a >> 32) ^ c3 ^ k1, UInt32(truncatingIfNeeded: a)
      )
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return (c0, c1, c2, c3)
  }
}
