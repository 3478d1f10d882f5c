/// An operation whose gradient can be computed in a part of the grid: what a box of the output sends back lies in a box
/// of each input.
///
/// Boxes are described axis by axis. What the readers of a node send it begins at `start` along an axis. The node keeps
/// a box of its own, which may be larger so that a kernel fits into it, and sends one to each of its inputs. Boxes may
/// leave the grid. The defaults are those of an operation on single voxels that hands its cotangent on.
protocol LocalGradient: Operation {
  /// After how many voxels along an axis the boxes lie as before.
  func period(axis: Int) -> Int

  /// Where the boxes begin, when what the readers send begins at `start`.
  func localStart(_ start: Int, axis: Int) -> (kept: Int, sent: Int)

  /// How long the boxes are, when what the readers send is `length` long and begins at any of `starts`.
  func localLength(_ length: Int, starts: [Int], axis: Int) -> (kept: Int, sent: Int)

  /// The activation that the cotangent passes before anything else; nil: none.
  var mask: LocalMask? { get }

  /// The function of single numbers by whose derivative, at the node's input, the cotangent is multiplied before
  /// anything else; nil: none.
  var localFunction: SmoothActivation? { get }

  /// Emits what the node does with its cotangent, and returns what each of its inputs gets.
  func localGradient(_ node: LocalNode) -> [Region]
}

extension LocalGradient {
  func period(axis: Int) -> Int { 1 }

  func localStart(_ start: Int, axis: Int) -> (kept: Int, sent: Int) { (start, start) }

  func localLength(_ length: Int, starts: [Int], axis: Int) -> (kept: Int, sent: Int) { (length, length) }

  var mask: LocalMask? { nil }

  var localFunction: SmoothActivation? { nil }

  func localGradient(_ node: LocalNode) -> [Region] { node.inputs.map { _ in node.box } }
}

/// The derivative of a leaky activation: 1 where a value is above 0, else the slope.
struct LocalMask {
  /// The value whose sign decides.
  enum Value { case output, input }

  let slope: Float
  let sign: Value

  /// Nil for a slope of 1, which is no activation.
  init?(slope: Float, signOf sign: Value) {
    if slope == 1 { return nil }
    (self.slope, self.sign) = (slope, sign)
  }
}

/// What an operation needs to emit its local gradient.
struct LocalNode {
  let name: String
  /// The cotangent in the box that the node keeps.
  let box: Region
  /// Where the values of the whole inputs are after a forward pass.
  let inputs: [Region]
  /// Voxels of the boxes that are sent, per axis.
  let extent: [Int]
  let builder: PlanBuilder
}
