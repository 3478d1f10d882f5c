/// A part of the working memory that holds one value, or one segment of a concatenated value.
struct Region: Hashable {
  let buffer: Int
  /// Distance from the start of the buffer, in numbers.
  let offset: Int
  let channels: ChannelLayout
  let spatialShape: [Int]
  /// [C][voxels] instead of [C / block][voxels][block].
  let isPlain: Bool

  var voxelCount: Int { spatialShape.reduce(1, *) }
  var storedChannels: Int { isPlain ? channels.count : channels.storedCount }
  var count: Int { storedChannels * voxelCount }
  var blocks: Int { storedChannels / channels.block }
  /// Where the channels stand in this region.
  var storedLayout: ChannelLayout { isPlain ? ChannelLayout(segments: channels.segments, block: 1) : channels }

  /// The same memory seen as the other layout, where a block of one channel makes them the same.
  func viewed(as channels: ChannelLayout, isPlain: Bool) -> Region {
    precondition(channels.block == 1)
    return Region(buffer: buffer, offset: offset, channels: channels, spatialShape: spatialShape, isPlain: isPlain)
  }

  var layout: ActivationLayout { isPlain ? .plain : .blocked(channels.block) }
}

/// Assigns buffers to places in one allocation so that buffers in use at the same time do not overlap.
struct MemoryPlan {
  private(set) var sizes: [Int] = []
  private var first: [Int?] = []
  private var last: [Int] = []

  mutating func buffer(count: Int) -> Int {
    sizes.append((count + 15) / 16 * 16)
    first.append(nil)
    last.append(0)
    return sizes.count - 1
  }

  mutating func use(_ buffer: Int, at step: Int) {
    first[buffer] = min(first[buffer] ?? step, step)
    last[buffer] = max(last[buffer], step)
  }

  /// Keeps what was first used before `boundary` and is used after it until `end`: the gradient may run many times.
  mutating func keep(across boundary: Int, until end: Int) {
    for buffer in sizes.indices {
      if let start = first[buffer], start < boundary, last[buffer] >= boundary { last[buffer] = end }
    }
  }

  /// The start of every buffer, in numbers, and the total; the largest buffers are placed first, each at the lowest
  /// place that is free during its life.
  func placed() -> (starts: [Int], total: Int) {
    var starts = Array(repeating: 0, count: sizes.count)
    var total = 0
    var done: [Int] = []
    for buffer in sizes.indices.sorted(by: { (sizes[$0], $1) > (sizes[$1], $0) }) {
      guard let begin = first[buffer] else { continue }
      let neighbours = done.filter { last[$0] >= begin && first[$0]! <= last[buffer] }.sorted {
        starts[$0] < starts[$1]
      }
      var place = 0
      for other in neighbours where place + sizes[buffer] > starts[other] {
        place = max(place, starts[other] + sizes[other])
      }
      starts[buffer] = place
      total = max(total, place + sizes[buffer])
      done.append(buffer)
    }
    return (starts, total)
  }
}
