import Checkpoints

/// The parts of a bundle that decide how a network is run, as its evaluator and its data set name them.
struct BundleParts {
  /// Unresolved, with the key that each stands under.
  let inferer: (value: JSONValue, path: String)?
  let preprocessing: (value: JSONValue, path: String)?
  let postprocessing: (value: JSONValue, path: String)?
  private let references: BundleReferences

  /// - Throws: `CheckpointError` for an evaluator that does something else, by name.
  init(_ root: JSONValue, _ references: BundleReferences) throws {
    self.references = references
    func part(_ key: String, in owner: BundleObject?, as argument: String) -> (value: JSONValue, path: String)? {
      guard let owner, let value = owner.written(argument), value != .null else {
        return root.member(key).map { ($0, key) }
      }
      // A reference is named by what it refers to.
      if case .string(let text) = value, text.hasPrefix("@") {
        return (value, String(text.dropFirst()).replacing("::", with: ".").replacing("#", with: "."))
      }
      return (value, "\(owner.path).\(argument)")
    }
    let evaluator = try root.member("evaluator").flatMap { try BundleObject($0, path: "evaluator", references) }
    if let evaluator {
      guard evaluator.className == "SupervisedEvaluator" else {
        throw CheckpointError.key(
          file: references.file, key: "evaluator._target_",
          problem: "is \(PrintableName(evaluator.target)); SupervisedEvaluator is run")
      }
      try evaluator.judge(by: BundleRules.evaluator)
    }
    // A data set may be an expression, or of a class that says nothing of the preprocessing.
    let dataset = try? root.member("dataset").flatMap { try BundleObject($0, path: "dataset", references) }
    inferer = part("inferer", in: evaluator, as: "inferer")
    preprocessing = part("preprocessing", in: dataset ?? nil, as: "transform")
    postprocessing = part("postprocessing", in: evaluator, as: "postprocessing")
  }

  /// - Throws: `CheckpointError` where a CheckpointLoader of the bundle names other weights than those that are read.
  func requireWeights(_ name: String, _ root: JSONValue) throws {
    guard case .object(let members) = root else { return }
    for (key, value) in members {
      var candidates = [(value, key)]
      if case .array(let items) = value { candidates = items.enumerated().map { ($1, "\(key).\($0)") } }
      for (candidate, path) in candidates {
        guard case .string(let target)? = candidate.member("_target_"), target.hasSuffix("CheckpointLoader"),
          candidate.member("_disabled_") != .bool(true), case .string(let load)? = candidate.member("load_path"),
          let file = Self.fileName(in: load), file != name
        else { continue }
        throw CheckpointError.key(
          file: references.file, key: "\(path).load_path",
          problem:
            "names \(PrintableName(file)), and models/\(name) is read; give the weights the name models/\(name), "
            + "or change it in a copy of the file")
      }
    }
  }

  /// The name of a weight file in a path or an expression that makes one.
  private static func fileName(in text: String) -> String? {
    let parts = text.split { "'\"/ ()+,".contains($0) }.map(String.init)
    return parts.last { part in [".pt", ".pth", ".ckpt", ".safetensors"].contains { part.hasSuffix($0) } }
  }
}
