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

  /// This operation with some of the operations before it taken over, if that is the same function up to rounding:
  /// `before` are those that compute its inputs and that nothing else reads, nil for other inputs. A taken one has one input,
  /// which stands in its place.
  func taking(_ before: [(any Operation)?]) -> (operation: any Operation, taken: [Bool])?

  /// Additions and multiplications of matrix products and convolutions, for shapes [C, D, H, W]; 0 where there are none.
  func floatingPointOperations(_ inputs: [[Int]], output: [Int]) -> Int

  /// Emits the steps that compute `node.output` from `node.inputs`.
  func forward(_ node: ForwardNode) throws
}

extension Operation {
  func outputLayout(_ inputs: [ChannelLayout], channels: Int, block: Int) -> ChannelLayout {
    ChannelLayout(segments: [channels], block: block)
  }

  func prefersPlainOutput(block: Int) -> Bool { false }

  func absorbing(_ next: any Operation) -> (any Operation)? { nil }

  func taking(_ before: [(any Operation)?]) -> (operation: any Operation, taken: [Bool])? { nil }

  func floatingPointOperations(_ inputs: [[Int]], output: [Int]) -> Int { 0 }
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
  /// Tables that depend on the shape alone, made once.
  var tables: AnyObject?
}
