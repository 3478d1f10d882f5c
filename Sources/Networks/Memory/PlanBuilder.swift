/// One piece of work of a compiled plan.
typealias Step = () throws -> Void

/// Collects the steps of a plan and the memory they touch; addresses are known only when all are collected.
final class PlanBuilder {
  struct PendingStep {
    let label: String
    let regions: [Region]
    let make: (Arena) throws -> Step
  }

  let scratch: OneDNNScratch
  let block: Int
  private(set) var memory = MemoryPlan()
  private(set) var steps: [PendingStep] = []
  private var copies: [Stored: Region] = [:]

  private struct Stored: Hashable {
    let value: Region
    let channels: ChannelLayout
  }

  init(stream: OneDNNStream, block: Int) {
    scratch = OneDNNScratch(stream)
    self.block = block
  }

  /// New memory for a value.
  func region(_ channels: ChannelLayout, _ spatialShape: [Int], isPlain: Bool = false) -> Region {
    let stored = isPlain ? channels.count : channels.storedCount
    return Region(
      buffer: memory.buffer(count: stored * spatialShape.reduce(1, *)), offset: 0, channels: channels,
      spatialShape: spatialShape, isPlain: isPlain)
  }

  /// New memory of the same shape and layout.
  func region(like other: Region) -> Region { region(other.channels, other.spatialShape, isPlain: other.isPlain) }

  /// Appends a step; `touching` lists every region it reads or writes.
  func emit(_ label: String, touching regions: [Region], _ make: @escaping (Arena) throws -> Step) {
    for region in regions { memory.use(region.buffer, at: steps.count) }
    steps.append(PendingStep(label: label, regions: regions, make: make))
  }

  /// Makes every step for the memory that is now known, and forgets how: what makes a step may hold the builder, and
  /// neither it nor the memory would ever be released.
  func make(in arena: Arena) throws -> [(label: String, run: Step)] {
    defer { steps = [] }
    return try steps.map { (label: $0.label, run: try $0.make(arena)) }
  }

  /// The value in the layout of convolutions: itself, or a copy made once.
  func blocked(_ value: Region) -> Region { stored(value, as: value.channels.reblocked(block)) }

  /// The value as [voxels][C]: itself, or a copy made once.
  func tokens(_ value: Region) -> Region { stored(value, as: .tokens(value.channels.count)) }

  /// The value with its channels stored this way: itself, or a copy made once. For values that are written once only.
  func stored(_ value: Region, as channels: ChannelLayout) -> Region {
    let key = Stored(value: value, channels: channels)
    if let copy = copies[key] { return copy }
    let copy = reordered(value, as: channels)
    copies[key] = copy
    return copy
  }

  /// Keeps the memory of a region for the whole life of the plan.
  func retain(_ region: Region, until step: Int) {
    memory.use(region.buffer, at: 0)
    memory.use(region.buffer, at: step)
  }

  func keepForward(before boundary: Int) { memory.keep(across: boundary, until: steps.count) }
}

/// The one allocation of a plan.
final class Arena {
  private let bytes: AlignedBytes
  private let starts: [Int]

  init(_ memory: MemoryPlan) {
    let (starts, total) = memory.placed()
    self.starts = starts
    bytes = AlignedBytes(count: total * 4)
  }

  var byteCount: Int { bytes.count }

  func address(_ region: Region) -> UnsafeMutablePointer<Float> {
    (bytes.start + (starts[region.buffer] + region.offset) * 4).assumingMemoryBound(to: Float.self)
  }

  /// One side of a convolution.
  func activations(_ region: Region) -> Activations { Activations(layout: region.layout, values: address(region)) }
}
