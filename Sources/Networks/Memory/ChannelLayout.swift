/// Where the channels of a value stand in memory: segments that each start at a whole block, so that the values joined
/// by a concatenation are slices of it and nothing is ever copied to concatenate.
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

  static func joining(_ parts: [ChannelLayout], block: Int) -> ChannelLayout {
    ChannelLayout(segments: parts.flatMap(\.segments), block: block)
  }

  /// [voxels][C]: all channels of a voxel together, as a transformer wants its tokens.
  static func tokens(_ channels: Int) -> ChannelLayout { ChannelLayout(segments: [channels], block: channels) }

  /// [C][voxels], whatever the segments.
  var isRows: Bool { block == 1 }

  /// The layout for an operation that works on each channel by itself: blocks or rows stay, tokens become blocks.
  func channelwise(_ block: Int) -> ChannelLayout { isRows ? self : reblocked(block) }

  /// The same channels in other blocks.
  func reblocked(_ block: Int) -> ChannelLayout { ChannelLayout(segments: segments, block: block) }

  /// One value per channel, spread to one per stored channel.
  func spread(_ values: [Float]) -> [Float] {
    var result = Array(repeating: Float(0), count: storedCount)
    for (value, position) in zip(values, positions) { result[position] = value }
    return result
  }

  private static func roundUp(_ value: Int, _ block: Int) -> Int { (value + block - 1) / block * block }
}
