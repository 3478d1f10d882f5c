package import Checkpoints

/// The arguments of one architecture, as model.json gives them, and the builder of its graph.
///
/// A new architecture is a new conforming type and its line in ``known``; nothing else in the program names it.
package protocol ArchitectureConfiguration: Sendable {
  /// The name in model.json.
  static var name: String { get }

  /// The project that it is from, with its article, for the model card.
  static var project: String { get }

  /// Largest deviation from a probe that rounding explains: of logits relative to their range, of a gradient in L2.
  static var probeTolerance: Double { get }

  var inputChannels: Int { get }
  var outputChannels: Int { get }
  /// The spatial shape of a window must be divisible by these, axis by axis.
  var divisors: [Int] { get }

  /// Reads `architecture.parameters`.
  ///
  /// - Throws: ``CheckpointError``.
  static func read(_ json: JSONValue, file: String, path: String) throws -> Self

  /// The network with its weights.
  ///
  /// - Throws: ``CheckpointError/parameters(file:architecture:missing:surplus:misshapen:)``.
  func network(weights: SafeTensors) throws -> Network
}

extension ArchitectureConfiguration {
  package static var probeTolerance: Double { 1e-4 }
  package static var project: String { "A MONAI" }
}

extension [[Int]] {
  /// The product of the strides of all levels, axis by axis.
  var productPerAxis: [Int] { reduce([1, 1, 1]) { product, stride in zip(product, stride).map { $0 * $1 } } }
}
