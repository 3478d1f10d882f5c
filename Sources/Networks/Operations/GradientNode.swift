/// What a gradient sees of its node: the values of the forward pass and the cotangents that the node's readers
/// contributed.
final class GradientNode {
  /// A contribution to the cotangent of a value. An owned region may be overwritten.
  struct Contribution {
    let region: Region
    let isOwned: Bool
  }

  let name: String
  let inputs: [Region]
  let output: Region
  let builder: PlanBuilder
  let saved: SavedState
  private let parts: [Contribution]
  private(set) var contributions: [(input: Int, part: Contribution)] = []

  init(_ node: ForwardNode, parts: [Contribution]) {
    name = node.name
    inputs = node.inputs
    output = node.output
    builder = node.builder
    saved = node.saved
    self.parts = parts
  }

  /// The sum of the contributions, in the layout of the output, times the derivative of a leaky activation whose result
  /// is the output (slope 1: none).
  func cotangent(throughSlope slope: Float = 1) -> Contribution {
    Self.joined(parts, output: output, sign: slope == 1 ? nil : output, slope: slope, builder)
  }

  /// As ``cotangent(throughSlope:)`` with the derivative decided by the sign of another value.
  func cotangent(throughSlope slope: Float, signOf value: Region) -> Contribution {
    Self.joined(parts, output: output, sign: value, slope: slope, builder)
  }

  func contribute(_ region: Region, to input: Int, isOwned: Bool = true) {
    contributions.append((input, Contribution(region: region, isOwned: isOwned)))
  }

  static func joined(_ parts: [Contribution], output: Region, sign: Region?, slope: Float, _ builder: PlanBuilder)
    -> Contribution
  {
    let parts = parts.map { part in
      let region = builder.converted(part.region, like: output)
      return Contribution(region: region, isOwned: part.isOwned || region.buffer != part.region.buffer)
    }
    guard parts.count > 1 || sign != nil else { return parts[0] }
    // The part that is written over is read first.
    let owned = parts.firstIndex(where: \.isOwned)
    let target = owned.map { parts[$0].region } ?? builder.region(like: output)
    var left = parts.map(\.region)
    if let owned { left.swapAt(0, owned) }
    repeat {
      let summands = Array(left.prefix(3))
      left.removeFirst(summands.count)
      builder.emitJoin(summands, sign: left.isEmpty ? sign : nil, slope: slope, to: target)
      if !left.isEmpty { left.insert(target, at: 0) }
    } while !left.isEmpty
    return Contribution(region: target, isOwned: true)
  }
}
