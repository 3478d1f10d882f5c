import Checkpoints
import Networks

/// An architecture and the arguments of its constructor, as a person or a bundle gives them: in the words of model.json
/// or in those of MONAI (`num_res_units`, `["leakyrelu", {"negative_slope": 0.1}]`).
public struct ArchitectureArguments: Sendable {
  /// As in model.json.
  public let name: String
  let parameters: JSONValue
  /// Where the arguments stand, for messages.
  let origin: String

  public static var knownNames: [String] { Architectures.known.map { $0.name } }

  /// - Parameters:
  ///   - name: With or without its module (`monai.networks.nets.UNet`), in any case.
  ///   - parameters: A JSON object.
  /// - Throws: ``ModelError/unsupported(file:found:expected:remedy:)`` for an architecture that is not run,
  ///   `CheckpointError`.
  public init(name: String, parameters text: String, origin: String) throws {
    try self.init(name: name, parameters: try JSONValue(text: text, origin: origin), origin: origin)
  }

  /// Reads `{"name": …, "parameters": {…}}`, as it stands in model.json.
  ///
  /// - Throws: ``ModelError``, `CheckpointError`.
  public init(path: String) throws {
    let reader = try JSONReader(try JSONValue(path: path), file: path, path: "", allowed: ["name", "parameters"])
    try self.init(name: try reader.text("name"), parameters: try reader.required("parameters"), origin: path)
  }

  init(name: String, parameters: JSONValue, origin: String) throws {
    let last = name.split(separator: ".").last.map(String.init) ?? name
    guard let known = Self.knownNames.first(where: { $0.lowercased() == last.lowercased() }) else {
      throw ModelError.unsupported(
        file: origin,
        found: "the architecture \(PrintableName(name)) is not run; known: \(Self.knownNames.joined(separator: ", "))")
    }
    guard case .object = parameters else {
      throw CheckpointError.malformed(file: origin, reason: "the parameters are \(parameters.kind), not an object")
    }
    self.name = known
    self.origin = origin
    self.parameters = try MONAIArguments(architecture: known, origin: origin).translated(parameters)
  }

  /// The same architecture with further arguments, which replace those of the same name.
  public func adding(parameters text: String, origin: String) throws -> ArchitectureArguments {
    let added = try ArchitectureArguments(name: name, parameters: text, origin: origin)
    guard case .object(let old) = parameters, case .object(let new) = added.parameters else { return self }
    let kept = old.filter { member in !new.contains { $0.key == member.key } }
    return try ArchitectureArguments(name: name, parameters: .object(kept + new), origin: self.origin)
  }

  /// The project that the architecture is from, with its article.
  public var project: String { Architectures.type(named: name)!.project }

  /// - Throws: ``CheckpointError`` for an argument that is not known or cannot be used.
  func configuration() throws -> any ArchitectureConfiguration {
    try Architectures.type(named: name)!.read(parameters, file: origin, path: "")
  }

  var json: JSONValue { .object([("name", .string(name)), ("parameters", parameters)]) }
}
