/// The channels of all inputs, one after another. Usually costs nothing: the plan lets the inputs be computed in place.
struct Concatenation: Operation, LocalGradient {
  static let kind = "concatenation"

  func outputShape(_ inputs: [[Int]]) throws -> [Int] {
    let spatial = inputs[0].dropFirst()
    guard inputs.allSatisfy({ $0.dropFirst() == spatial }) else {
      let shapes = inputs.map { $0.dropFirst().map(String.init).joined(separator: " × ") }
      throw NetworkError.input(
        found: "a skip connection would join \(shapes.joined(separator: " with "))",
        expected: "every axis divisible by the product of the strides")
    }
    return [inputs.reduce(0) { $0 + $1[0] }] + spatial
  }

  func outputLayout(_ inputs: [ChannelLayout], channels: Int, block: Int) -> ChannelLayout {
    .joining(inputs, block: inputs.allSatisfy(\.isRows) ? 1 : block)
  }

  func places(of inputs: [ChannelLayout], inside output: Region) -> [Region]? { slices(of: output, like: inputs) }

  func forward(_ node: ForwardNode) {
    for (input, slice) in zip(node.inputs, slices(of: node.output, like: node.inputs.map(\.channels))) {
      let value = node.builder.stored(input, as: slice.channels)
      if value == slice { continue }
      node.builder.emitJoin([value], sign: nil, slope: 1, to: slice)
    }
  }

  /// The cotangent of each input is its slice of the cotangent.
  func gradient(_ node: GradientNode) {
    let cotangent = node.cotangent()
    for (index, slice) in slices(of: cotangent.region, like: node.inputs.map(\.channels)).enumerated() {
      node.contribute(slice, to: index, isOwned: cotangent.isOwned)
    }
  }

  func localGradient(_ node: LocalNode) -> [Region] { slices(of: node.box, like: node.inputs.map(\.channels)) }

  private func slices(of whole: Region, like parts: [ChannelLayout]) -> [Region] {
    var offset = whole.offset
    return parts.map { part in
      let slice = Region(
        buffer: whole.buffer, offset: offset, channels: part.reblocked(whole.channels.block),
        spatialShape: whole.spatialShape, isPlain: false)
      offset += slice.count
      return slice
    }
  }
}
