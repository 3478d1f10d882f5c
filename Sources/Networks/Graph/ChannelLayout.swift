/// Where the channels of a value stand in memory: segments that each start at a whole block, so that the values joined by
/// a concatenation are slices of it and nothing is ever copied to concatenate.
struct ChannelLayout: Hashable, Sendable {
  /// Channels of each segment.
  let segments: [Int]
  /// Channels stored together.
  let block: Int

  var count: Int { segments.reduce(0, +) }
  /// Channels with the zeros that fill up the last block of every segment.
  var storedCount: Int { segments.reduce(0) { $0 + Self.roundUp($1, block) } }

  /// The stored position of every channel.
  var positions: [Int] {
    var result: [Int] = []
    var start = 0
    for segment in segments {
      result += start..<(start + segment)
      start += Self.roundUp(segment, block)
    }
    return result
  }

  static func joining(_ parts: [ChannelLayout]) -> ChannelLayout {
    ChannelLayout(segments: parts.flatMap(\.segments), block: parts[0].block)
  }

  /// One value per channel, spread to one per stored channel.
  func spread(_ values: [Float]) -> [Float] {
    var result = Array(repeating: Float(0), count: storedCount)
    for (value, position) in zip(values, positions) { result[position] = value }
    return result
  }

  private static func roundUp(_ value: Int, _ block: Int) -> Int { (value + block - 1) / block * block }
}
