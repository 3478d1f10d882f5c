/// The channels of all inputs, one after another. Usually costs nothing: the plan lets the inputs be computed in place.
struct Concatenation: Operation {
  static let kind = "concatenation"

  func outputShape(_ inputs: [[Int]]) throws -> [Int] {
    let spatial = inputs[0].dropFirst()
    guard inputs.allSatisfy({ $0.dropFirst() == spatial }) else {
      let shapes = inputs.map { $0.dropFirst().map(String.init).joined(separator: " × ") }
      throw NetworkError.input(
        "a skip connection would join \(shapes.joined(separator: " with ")); every axis must be divisible by the product "
          + "of the strides")
    }
    return [inputs.reduce(0) { $0 + $1[0] }] + spatial
  }

  func outputLayout(_ inputs: [ChannelLayout], channels: Int, block: Int) -> ChannelLayout {
    .joining(inputs, block: inputs.allSatisfy(\.isRows) ? 1 : block)
  }

  func forward(_ node: ForwardNode) {
    for (input, slice) in zip(node.inputs, Self.slices(of: node.output, like: node.inputs)) {
      let value = node.builder.stored(input, as: slice.channels)
      if value == slice { continue }
      node.builder.emitJoin([value], sign: nil, slope: 1, to: slice)
    }
  }

  /// The cotangent of each input is its slice of the cotangent.
  static let gradient: GradientRule = { _, node in
    let piece = node.cotangent()
    for (index, slice) in slices(of: piece.region, like: node.inputs).enumerated() {
      node.contribute(slice, to: index, isOwned: piece.isOwned)
    }
  }

  static func slices(of whole: Region, like parts: [Region]) -> [Region] {
    var offset = whole.offset
    return parts.map { part in
      let slice = Region(
        buffer: whole.buffer, offset: offset, channels: part.channels.reblocked(whole.channels.block),
        spatialShape: whole.spatialShape, isPlain: false)
      offset += slice.count
      return slice
    }
  }
}
