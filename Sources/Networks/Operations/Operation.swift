/// A kind of node: its shape, how it runs forward, and how its gradient runs, side by side in one file, which is all
/// that a new operation needs.
///
/// An operation whose gradient can be computed in a part of the grid is a ``LocalGradient`` too.
protocol Operation: Sendable {
  /// The name in messages.
  static var kind: String { get }

  /// The shape [C, D, H, W] of the result.
  ///
  /// - Throws: ``NetworkError/input(found:expected:)`` when the shapes do not fit.
  func outputShape(_ inputs: [[Int]]) throws -> [Int]

  /// Where the channels of the result stand; by default one segment.
  func outputLayout(_ inputs: [ChannelLayout], channels: Int, block: Int) -> ChannelLayout

  /// Whether the result is better written as [C][voxels] when it is the network's output.
  func prefersPlainOutput(block: Int) -> Bool

  /// This operation followed by `next`, as one, if that is the same function up to rounding.
  func absorbing(_ next: any Operation) -> (any Operation)?

  /// This operation with some of the operations before it taken over, if that is the same function up to rounding:
  /// `before` are those that compute its inputs and that nothing else reads, nil for other inputs. A taken one has one
  /// input, which stands in its place.
  func taking(_ before: [(any Operation)?]) -> (operation: any Operation, taken: [Bool])?

  /// Where in the memory of the result its inputs may be computed, so that nothing is left to do for them; nil:
  /// nowhere.
  func places(of inputs: [ChannelLayout], inside output: Region) -> [Region]?

  /// The window of a convolution, nil of anything else: convolutions are the layers whose values people ask for.
  var convolutionWindow: ConvolutionWindow? { get }

  /// Additions and multiplications of matrix products and convolutions, for shapes [C, D, H, W]; 0 where there are
  /// none.
  func floatingPointOperations(_ inputs: [[Int]], output: [Int]) -> Int

  /// Emits the steps that compute `node.output` from `node.inputs`.
  func forward(_ node: ForwardNode) throws

  /// Emits the steps that turn the cotangent of the result into cotangents of the inputs.
  ///
  /// - Throws: ``NetworkError/noGradient(operation:node:)`` for an operation without one.
  func gradient(_ node: GradientNode) throws
}

extension Operation {
  /// That of the first input.
  func outputShape(_ inputs: [[Int]]) throws -> [Int] { inputs[0] }

  func outputLayout(_ inputs: [ChannelLayout], channels: Int, block: Int) -> ChannelLayout {
    ChannelLayout(segments: [channels], block: block)
  }

  func prefersPlainOutput(block: Int) -> Bool { false }

  func absorbing(_ next: any Operation) -> (any Operation)? { nil }

  func taking(_ before: [(any Operation)?]) -> (operation: any Operation, taken: [Bool])? { nil }

  func places(of inputs: [ChannelLayout], inside output: Region) -> [Region]? { nil }

  var convolutionWindow: ConvolutionWindow? { nil }

  func floatingPointOperations(_ inputs: [[Int]], output: [Int]) -> Int { 0 }

  func gradient(_ node: GradientNode) throws { throw NetworkError.noGradient(operation: Self.kind, node: node.name) }
}

/// The image given to the network.
struct Input: Operation, LocalGradient {
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
