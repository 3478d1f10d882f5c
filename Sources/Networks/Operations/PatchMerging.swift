import CKernels

/// Joins the channels of 2 × 2 × 2 neighbouring voxels and so halves every axis; an odd axis gets a layer of zeros at
/// its end.
struct PatchMerging: Operation {
  static let kind = "patch merging"

  /// The neighbour (d, h, w) that gives each eighth of the joined channels, as 4·d + 2·h + w; neighbours may repeat.
  let parts: [Int]

  func outputShape(_ inputs: [[Int]]) -> [Int] { [8 * inputs[0][0]] + inputs[0].dropFirst().map { ($0 + 1) / 2 } }

  func outputLayout(_ inputs: [ChannelLayout], channels: Int, block: Int) -> ChannelLayout { .tokens(channels) }

  func forward(_ node: ForwardNode) {
    let (input, output) = (node.builder.tokens(node.inputs[0]), node.output)
    let shape = shape(of: input)
    node.builder.emit("\(node.name) patch merging", touching: [input, output]) { arena in
      let (source, target) = (arena.address(input), arena.address(output))
      return { withUnsafePointer(to: shape) { lqc_merge_patches($0, source, target) } }
    }
  }

  /// Every voxel receives the sum of the cotangents of its copies.
  func gradient(_ node: GradientNode) {
    let cotangent = node.cotangent().region
    let target = node.builder.region(.tokens(node.inputs[0].channels.count), node.inputs[0].spatialShape)
    let shape = self.shape(of: target)
    node.builder.emit("\(node.name) gradient", touching: [cotangent, target]) { arena in
      let (source, result) = (arena.address(cotangent), arena.address(target))
      return { withUnsafePointer(to: shape) { lqc_split_patches($0, source, result) } }
    }
    node.contribute(target, to: 0)
  }

  private func shape(of tokens: Region) -> lqc_patch_merging {
    let parts = parts.map(UInt8.init)
    return lqc_patch_merging(
      extent: tokens.spatialShape.triple, channels: tokens.channels.count,
      parts: (parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6], parts[7]))
  }
}
