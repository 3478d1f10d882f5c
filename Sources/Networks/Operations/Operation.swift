/// A kind of node: its shape, how it runs forward, and how its gradient runs, side by side in one file.
///
/// The gradient is not a requirement: it is found in ``GradientRules``, and an operation without a rule is an error that
/// names it.
protocol Operation: Sendable {
  /// The name in messages and in the table of gradients.
  static var kind: String { get }

  /// The shape [C, D, H, W] of the result.
  ///
  /// - Throws: ``NetworkError/input(_:)`` when the shapes do not fit.
  func outputShape(_ inputs: [[Int]]) throws -> [Int]

  /// Where the channels of the result stand; by default one segment.
  func outputLayout(_ inputs: [ChannelLayout], channels: Int, block: Int) -> ChannelLayout

  /// Whether the result is better written as [C][voxels] when it is the network's output.
  func prefersPlainOutput(block: Int) -> Bool

  /// This operation followed by `next`, as one, if that is the same function up to rounding.
  func absorbing(_ next: any Operation) -> (any Operation)?

  /// Emits the steps that compute `node.output` from `node.inputs`.
  func forward(_ node: ForwardNode) throws
}

extension Operation {
  func outputLayout(_ inputs: [ChannelLayout], channels: Int, block: Int) -> ChannelLayout {
    ChannelLayout(segments: [channels], block: block)
  }

  func prefersPlainOutput(block: Int) -> Bool { false }

  func absorbing(_ next: any Operation) -> (any Operation)? { nil }
}

/// The image given to the network.
struct Input: Operation {
  static let kind = "input"
  func outputShape(_ inputs: [[Int]]) -> [Int] { preconditionFailure("the shape of the input is given") }
  func forward(_ node: ForwardNode) {}
}

/// What an operation needs to emit its forward steps.
struct ForwardNode {
  let name: String
  let inputs: [Region]
  let output: Region
  let builder: PlanBuilder
  let saved: SavedState
}

/// A region that the forward pass leaves to the gradient, such as the statistics of a normalisation.
final class SavedState {
  var region: Region?
}
