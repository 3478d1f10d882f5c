/// The arguments of one architecture, as model.json gives them, and the builder of its graph.
///
/// A new architecture is a new conforming type and its line in ``known``; nothing else in the program names it.
protocol ArchitectureConfiguration: Sendable {
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
  /// - Throws: ``NetworkError/description(file:key:problem:)``.
  static func read(_ json: JSONValue, file: String, path: String) throws -> Self

  /// The network with its weights.
  ///
  /// - Throws: ``NetworkError/parameters(file:architecture:missing:surplus:misshapen:)``.
  func network(weights: SafeTensors) throws -> Network
}

extension ArchitectureConfiguration {
  static var probeTolerance: Double { 1e-4 }
  static var project: String { "A MONAI" }
}

/// The architectures that model.json may name.
enum Architectures {
  static let known: [any ArchitectureConfiguration.Type] = [
    UNetConfiguration.self, DynUNetConfiguration.self, PlainConvUNetConfiguration.self,
    ResidualEncoderUNetConfiguration.self, SwinUNETRConfiguration.self,
  ]

  static func type(named name: String) -> (any ArchitectureConfiguration.Type)? { known.first { $0.name == name } }
}
