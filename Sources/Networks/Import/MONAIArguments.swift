/// Turns the arguments of MONAI's constructors into those of model.json: lowerCamelCase names, and layers as objects.
enum MONAIArguments {
  /// Arguments that name a layer: "PRELU", ["leakyrelu", {"negative_slope": 0.1}] or {"name": …}.
  private static let layers: Set<String> = ["activation", "norm", "actName", "normName"]
  /// Options of layers that say how training begins or how memory is used; the result does not depend on them.
  private static let withoutEffect: Set<String> = ["inplace", "init"]
  /// Arguments of SwinUNETR that say how it is trained, and the image size that MONAI asked for until 1.5: weights and result do not
  /// depend on them.
  private static let withoutEffectOnSwin: Set<String> = [
    "imgSize", "useCheckpoint", "dropRate", "attnDropRate", "dropoutPathRate",
  ]

  /// What is already in the words of model.json stays as it is.
  static func translated(_ parameters: JSONValue, architecture: String) -> JSONValue {
    guard case .object(let members) = parameters else { return parameters }
    var translated = members.map { key, value in
      var name = lowerCamelCase(key)
      if name == "dimensions" { name = "spatialDims" }
      if architecture == "UNet" && name == "act" { name = "activation" }
      return (key: name, value: layers.contains(name) ? layer(value) : value)
    }
    if architecture == "SwinUNETR" { translated.removeAll { withoutEffectOnSwin.contains($0.key) } }
    return .object(translated)
  }

  private static func layer(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(""): return .null
    case .string(let name): return .object([("name", .string(name.lowercased()))])
    case .array(let parts):
      guard let first = parts.first, case .string = first, parts.count <= 2 else { return value }
      guard parts.count == 2 else { return layer(first) }
      guard case .object(let options) = parts[1] else { return value }
      return layer(.object([("name", first)] + options))
    case .object(let members):
      return .object(
        members.filter { !withoutEffect.contains($0.key) }.map { key, value in
          if key == "name", case .string(let name) = value { return (key, .string(name.lowercased())) }
          return (lowerCamelCase(key), value)
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
