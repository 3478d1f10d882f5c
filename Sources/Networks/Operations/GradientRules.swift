/// Emits the steps that turn the cotangent of a node's output into cotangents of its inputs.
typealias GradientRule = @Sendable (any Operation, GradientNode) throws -> Void

/// The table of gradients: operation → rule.
struct GradientRules: Sendable {
  private var rules: [String: GradientRule]

  static let standard = GradientRules(rules: [
    Convolution.kind: Convolution.gradient,
    TransposedConvolution.kind: TransposedConvolution.gradient,
    LeakyActivation.kind: LeakyActivation.gradient,
    BatchNorm.kind: BatchNorm.gradient,
    InstanceNorm.kind: InstanceNorm.gradient,
    Concatenation.kind: Concatenation.gradient,
    Addition.kind: Addition.gradient,
    AveragePooling.kind: AveragePooling.gradient,
    Linear.kind: Linear.gradient,
    LayerNorm.kind: LayerNorm.gradient,
    GELU.kind: GELU.gradient,
    WindowAttention.kind: WindowAttention.gradient,
    PatchMerging.kind: PatchMerging.gradient,
  ])

  init(rules: [String: GradientRule]) { self.rules = rules }

  func removing(_ kind: String) -> GradientRules {
    var copy = self
    copy.rules[kind] = nil
    return copy
  }

  /// - Throws: ``NetworkError/noGradient(operation:node:)``.
  func rule(for node: Graph.Node) throws -> GradientRule {
    let kind = type(of: node.operation).kind
    guard let rule = rules[kind] else { throw NetworkError.noGradient(operation: kind, node: node.name) }
    return rule
  }
}

/// What a rule sees of its node: the values of the forward pass and the cotangents that the node's readers contributed.
final class GradientNode {
  /// A contribution to the cotangent of a value. An owned region may be overwritten.
  struct Piece {
    let region: Region
    let isOwned: Bool
  }

  let name: String
  let inputs: [Region]
  let output: Region
  let builder: PlanBuilder
  let saved: SavedState
  private let pieces: [Piece]
  private(set) var contributions: [(input: Int, piece: Piece)] = []

  init(_ node: ForwardNode, pieces: [Piece]) {
    name = node.name
    inputs = node.inputs
    output = node.output
    builder = node.builder
    saved = node.saved
    self.pieces = pieces
  }

  /// The sum of the contributions, in the layout of the output, times the derivative of a leaky activation whose result is
  /// the output (slope 1: none).
  func cotangent(throughSlope slope: Float = 1) -> Piece {
    Self.joined(pieces, output: output, sign: slope == 1 ? nil : output, slope: slope, builder)
  }

  /// As ``cotangent(throughSlope:)`` with the derivative decided by the sign of another value.
  func cotangent(throughSlope slope: Float, signOf value: Region) -> Piece {
    Self.joined(pieces, output: output, sign: value, slope: slope, builder)
  }

  func contribute(_ region: Region, to input: Int, isOwned: Bool = true) {
    contributions.append((input, Piece(region: region, isOwned: isOwned)))
  }

  static func joined(
    _ pieces: [Piece], output: Region, sign: Region?, slope: Float, _ builder: PlanBuilder
  ) -> Piece {
    let parts = pieces.map { piece in
      let region = builder.converted(piece.region, like: output)
      return Piece(region: region, isOwned: piece.isOwned || region.buffer != piece.region.buffer)
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
    return Piece(region: target, isOwned: true)
  }
}
