import Checkpoints

/// Turns the arguments of MONAI's constructors into those of model.json: lowerCamelCase names, and layers as objects.
struct MONAIArguments {
  /// A known architecture's name.
  let architecture: String
  /// Where the arguments stand, for messages.
  let origin: String

  /// Arguments that name a layer: "PRELU", ["leakyrelu", {"negative_slope": 0.1}] or {"name": …}.
  private static let layers: Set<String> = ["activation", "norm", "actName", "normName"]
  /// Options of layers that say how training begins or goes on, or how memory is used; the result does not depend on
  /// them.
  private static let withoutEffect: Set<String> = ["inplace", "init", "momentum"]
  /// Arguments of SwinUNETR that say how it is trained, and the image size that MONAI asked for until 1.5: weights and
  /// result do not depend on them.
  private static let withoutEffectOnSwin: Set<String> = [
    "imgSize", "useCheckpoint", "dropRate", "attnDropRate", "dropoutPathRate",
  ]

  /// What is already in the words of model.json stays as it is.
  ///
  /// - Throws: `CheckpointError` for an argument that is given under two names.
  func translated(_ parameters: JSONValue) throws -> JSONValue {
    guard case .object(let members) = parameters else { return parameters }
    var translated = try members.map { key, value in
      let name = name(of: key)
      return (key: name, value: Self.layers.contains(name) ? try layer(value, of: key) : value)
    }
    try requireOneNameEach(members.map(\.key), translated.map(\.key))
    translated.removeAll { isWithoutEffect($0.key, $0.value) }
    return .object(translated)
  }

  private func name(of key: String) -> String {
    let name = Self.lowerCamelCase(key)
    if name == "dimensions" { return "spatialDims" }
    return architecture == "UNet" && name == "act" ? "activation" : name
  }

  private func isWithoutEffect(_ name: String, _ value: JSONValue) -> Bool {
    if architecture == "SwinUNETR" { return Self.withoutEffectOnSwin.contains(name) }
    // MONAI takes a layer for a probability: ["dropout", {"p": 0.1}]. None of them does anything at inference.
    guard name == "dropout", ["UNet", "DynUNet"].contains(architecture) else { return false }
    switch value {
    case .array, .object, .string: return true
    default: return false
    }
  }

  /// - Parameters:
  ///   - given: As they were written.
  ///   - names: What they mean, in the same order.
  private func requireOneNameEach(_ given: [String], _ names: [String], in layer: String? = nil) throws {
    var first: [String: String] = [:]
    for (key, name) in zip(given, names) {
      guard let other = first.updateValue(key, forKey: name) else { continue }
      let place = layer.map { " in \"\(PrintableName($0))\"" } ?? ""
      throw CheckpointError.malformed(
        file: origin,
        reason: key == other
          ? "the argument \"\(PrintableName(key))\"\(place) is given twice; give it once"
          : "\"\(PrintableName(other))\" and \"\(PrintableName(key))\"\(place) are one argument; give one of them")
    }
  }

  /// - Parameter argument: Names the layer in messages.
  private func layer(_ value: JSONValue, of argument: String) throws -> JSONValue {
    switch value {
    case .string(""): return .null
    case .string(let name): return .object([("name", .string(name.lowercased()))])
    case .array(let parts):
      guard let first = parts.first, case .string = first, parts.count <= 2 else { return value }
      guard parts.count == 2 else { return try layer(first, of: argument) }
      guard case .object(let options) = parts[1] else { return value }
      return try layer(.object([("name", first)] + options), of: argument)
    case .object(let members):
      let names = members.map { Self.lowerCamelCase($0.key) }
      try requireOneNameEach(members.map(\.key), names, in: argument)
      return .object(
        zip(names, members).filter { !Self.withoutEffect.contains($0.0) }.map { name, member in
          if name == "name", case .string(let text) = member.value { return (name, .string(text.lowercased())) }
          return (name, member.value)
        })
    default: return value
    }
  }

  static func lowerCamelCase(_ name: String) -> String {
    let parts = name.split(separator: "_", omittingEmptySubsequences: true)
    guard let first = parts.first, parts.count > 1, !name.hasPrefix("_") else { return name }
    return first + parts.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
