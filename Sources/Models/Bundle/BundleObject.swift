import Checkpoints

/// An object of a bundle that is made from a class: `{"_target_": …, arguments}`, its values unresolved.
struct BundleObject {
  /// The class with its module, as written.
  let target: String
  let members: [(key: String, value: JSONValue)]
  /// Where it stands, for messages.
  let path: String
  private let references: BundleReferences

  var file: String { references.file }
  /// The class without its module.
  var className: String { target.split(separator: ".").last.map(String.init) ?? target }

  /// - Returns: nil for an object that is left out: null, or `"_disabled_": true`.
  /// - Throws: `CheckpointError` for anything but such an object.
  init?(_ value: JSONValue, path: String, _ references: BundleReferences) throws {
    let followed = try references.followed(value, path: path)
    if followed == .null { return nil }
    guard case .object(let members) = followed, case .string(let target)? = followed.member("_target_") else {
      if case .string(let text) = followed, text.hasPrefix("$") || text.hasPrefix("%") {
        _ = try references.resolved(followed, path: path)
      }
      throw CheckpointError.key(
        file: references.file, key: path, problem: "is \(followed.kind); an object with \"_target_\" is expected")
    }
    (self.target, self.members, self.path, self.references) = (target, members, path, references)
    for (key, value) in members where BundleRules.component.rule(key) != nil {
      _ = try BundleRules.component.judge(key, file: file, path: "\(path).\(key)") { value }
    }
    if let flag = members.first(where: { $0.key == "_disabled_" })?.value {
      switch try references.resolved(flag, path: "\(path)._disabled_") {
      case .bool(true): return nil
      case .string(let text) where text.lowercased() == "true": return nil
      default: break
      }
    }
  }

  /// The value of an argument as it is written, nil where there is none.
  func written(_ key: String) -> JSONValue? { members.first { $0.key == key }?.value }

  /// The literal value of an argument, nil where there is none.
  func argument(_ key: String) throws -> JSONValue? {
    try written(key).map { try references.resolved($0, path: "\(path).\(key)") }
  }

  /// Judges every argument by the rules of the class.
  ///
  /// - Throws: `CheckpointError` for what is not run, by name.
  func judge(by rules: KeyRules) throws {
    for (key, value) in members where BundleRules.component.rule(key) == nil {
      _ = try rules.judge(key, file: file, path: "\(path).\(key)") {
        // An expression that a rule knows by its text need not be resolved.
        if case .only(_, _, let accepts)? = rules.rule(key)?.fate, accepts(value) { return value }
        return try references.resolved(value, path: "\(path).\(key)")
      }
    }
  }
}
