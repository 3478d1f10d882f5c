import CKernels

/// Attention of several heads within (shifted) windows: softmax(q·k / √depth + bias + mask) · v.
///
/// The input holds q, k and v of every head one after another, [3 · heads · depth]; the result [heads · depth]. Padding
/// has the q, k and v of a voxel of zeros, that is the bias of the linear layer before, and takes part as a key. Tokens
/// that the roll made neighbours get −100 (Liu et al., Swin Transformer, arXiv 2103.14030; as in MONAI).
struct WindowAttention: Operation {
  static let kind = "window attention"
  static let largestDepth = LQC_ATTENTION_DEPTH

  let heads: Int
  /// D, H, W of the largest window.
  let window: [Int]
  let isShifted: Bool
  /// [relative positions][heads]
  let table: [Float]
  /// What q, k and v are for a voxel of zeros: [3 · heads · depth], or empty for zeros.
  let absent: [Float]

  func outputShape(_ inputs: [[Int]]) -> [Int] { [inputs[0][0] / 3] + inputs[0].dropFirst() }

  func floatingPointOperations(_ inputs: [[Int]], output: [Int]) -> Int {
    let size = zip(output.dropFirst(), window).map { min($0, $1) }
    let windows = zip(output.dropFirst(), size).map { ($0 + $1 - 1) / $1 }.reduce(1, *)
    let tokens = size.reduce(1, *)
    return 4 * output[0] * windows * tokens * tokens
  }

  func outputLayout(_ inputs: [ChannelLayout], channels: Int, block: Int) -> ChannelLayout { .tokens(channels) }

  func forward(_ node: ForwardNode) {
    let (input, output) = (node.builder.tokens(node.inputs[0]), node.output)
    let tables = AttentionTables(self, channels: output.channels.count, spatialShape: output.spatialShape)
    let sums = node.builder.region(ChannelLayout(segments: [tables.sumCount], block: tables.sumCount), [1, 1, 1])
    (node.saved.region, node.saved.tables) = (sums, tables)
    node.builder.emit("\(node.name) attention", touching: [input, output, sums]) { arena in
      let (source, target, sum) = (arena.address(input), arena.address(output), arena.address(sums))
      return { tables.withShape { lqc_window_attention($0, source, target, sum) } }
    }
  }

  /// With p the softmax: dv = Σ p · dy, ds = p · (dy·v − dy·y), dq = Σ ds · k / √depth, dk = Σ ds · q / √depth. p is
  /// computed again from the sums that the forward pass keeps.
  func gradient(_ node: GradientNode) {
    let (input, output) = (node.builder.tokens(node.inputs[0]), node.output)
    let cotangent = node.cotangent().region
    let (sums, tables) = (node.saved.region!, node.saved.tables as! AttentionTables)
    let target = node.builder.region(like: input)
    node.builder.emit("\(node.name) gradient", touching: [input, output, cotangent, sums, target]) { arena in
      let (values, result, sum) = (arena.address(input), arena.address(output), arena.address(sums))
      let (source, gradient) = (arena.address(cotangent), arena.address(target))
      return { tables.withShape { lqc_window_attention_gradient($0, values, result, sum, source, gradient) } }
    }
    node.contribute(target, to: 0)
  }
}

/// The tables of a ``WindowAttention`` for one shape, shared by its forward pass and its gradient.
private final class AttentionTables {
  private let windows: TokenWindows
  private let absent: [Float]
  private let table: [Float]
  private let place: [Int32]
  private let origin: Int
  private let heads: Int

  init(_ attention: WindowAttention, channels: Int, spatialShape: [Int]) {
    windows = TokenWindows(spatialShape: spatialShape, window: attention.window, isShifted: attention.isShifted)
    heads = attention.heads
    absent = attention.absent.isEmpty ? Array(repeating: 0, count: 3 * channels) : attention.absent
    let position = RelativePosition(window: attention.window)
    let (heads, stored) = (attention.heads, attention.table)
    table = (0..<heads).flatMap { head in stride(from: head, to: stored.count, by: heads).map { stored[$0] } }
    place = (0..<windows.tokens).map { Int32(position.place($0)) }
    origin = position.origin
  }

  var sumCount: Int { withShape { lqc_window_attention_sums($0) } }

  func withShape<T>(_ body: (UnsafePointer<lqc_window_attention>) -> T) -> T {
    windows.voxels.withUnsafeBufferPointer { voxels in
      windows.regions.withUnsafeBufferPointer { regions in
        place.withUnsafeBufferPointer { place in
          absent.withUnsafeBufferPointer { absent in
            table.withUnsafeBufferPointer { table in
              var shape = lqc_window_attention(
                windows: windows.count, tokens: windows.tokens, heads: heads, depth: absent.count / 3 / heads,
                voxels: voxels.baseAddress, regions: regions.isEmpty ? nil : regions.baseAddress,
                absent: absent.baseAddress, table: table.baseAddress, table_count: table.count / heads,
                place: place.baseAddress, origin: Int32(origin))
              return body(&shape)
            }
          }
        }
      }
    }
  }
}
