/// Numbers that follow from a name, alike here and in tools/fixtures/hashed_numbers.py, which says how.
public func hashedNumbers(_ name: String, count: Int, middle: Double = 0, half: Double = 1) -> [Float] {
  let seed = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  return (0..<count).map { i in
    var z = seed &+ UInt64(i + 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    z ^= z >> 31
    return Float(middle + half * (2 * Double(z >> 40) * 0x1p-24 - 1))
  }
}
