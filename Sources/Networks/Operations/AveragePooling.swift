import CKernels

/// The mean over boxes that tile the input: PyTorch's `AvgPool3d` with the stride as its kernel.
struct AveragePooling: Operation {
  static let kind = "average pooling"

  /// Size of a box, for the axes D, H, W.
  let stride: [Int]

  func outputShape(_ inputs: [[Int]]) throws -> [Int] {
    let shape = inputs[0].dropFirst()
    guard zip(shape, stride).allSatisfy({ $0 % $1 == 0 }) else {
      throw NetworkError.input(
        found: "average pooling of \(Array(shape)) voxels", expected: "axes divisible by \(stride)")
    }
    return [inputs[0][0]] + zip(shape, stride).map { $0 / $1 }
  }

  func outputLayout(_ inputs: [ChannelLayout], channels: Int, block: Int) -> ChannelLayout {
    inputs[0].reblocked(block)
  }

  func forward(_ node: ForwardNode) {
    let (input, output) = (node.builder.blocked(node.inputs[0]), node.output)
    let box = boxes(wide: input, narrow: output)
    node.builder.emit("\(node.name) average", touching: [input, output]) { arena in
      let (source, target) = (arena.address(input), arena.address(output))
      return { withUnsafePointer(to: box) { lqc_average_boxes($0, source, target) } }
    }
  }

  /// Every voxel of a box receives its share of the cotangent.
  func gradient(_ node: GradientNode) {
    let cotangent = node.cotangent().region
    let target = node.builder.region(cotangent.channels, node.inputs[0].spatialShape)
    let box = boxes(wide: target, narrow: cotangent)
    node.builder.emit("\(node.name) gradient", touching: [cotangent, target]) { arena in
      let (source, result) = (arena.address(cotangent), arena.address(target))
      return { withUnsafePointer(to: box) { lqc_spread_boxes($0, source, result) } }
    }
    node.contribute(target, to: 0)
  }

  private func boxes(wide: Region, narrow: Region) -> lqc_boxes {
    return lqc_boxes(
      blocks: narrow.blocks, block: narrow.channels.block, narrow: narrow.spatialShape.triple, size: stride.triple)
  }
}
