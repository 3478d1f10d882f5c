/// Hands out parameters by name to an architecture and keeps account of what does not fit, so that all of it is
/// reported.
package final class ParameterReader {
  /// The name under which an architecture asks for what a file may also hold under another name; nil: no other name.
  package typealias Aliases = (String) -> String?

  private let file: SafeTensors
  /// Names in the file of every parameter, by the name that the architecture uses; the parameter's own name first.
  private let stored: [String: [String]]
  private var taken: Set<String> = []
  private var missing: [String] = []
  private var misshapen: [String] = []
  private var notFinite: [String] = []
  /// Learned numbers that the architecture has, as PyTorch counts them.
  package private(set) var parameterCount = 0
  /// Names in the file of what was learned and is used, in the order in which the architecture asked for it.
  package private(set) var learnedTensors: [String] = []

  package init(_ file: SafeTensors, aliases: Aliases = { _ in nil }) {
    self.file = file
    // DataParallel saves every name under "module.".
    let prefix = "module."
    let isPrefixed = !file.names.isEmpty && file.names.allSatisfy { $0.hasPrefix(prefix) }
    var stored: [String: [String]] = [:]
    for fileName in file.names {
      let name = isPrefixed ? String(fileName.dropFirst(prefix.count)) : fileName
      if let original = aliases(name) {
        stored[original, default: []].append(fileName)
      } else {
        stored[name, default: []].insert(fileName, at: 0)
      }
    }
    self.stored = stored
  }

  /// The values of a parameter, or nothing when it is missing or of another shape; ``finish()`` then throws.
  package func take(_ name: String, _ shape: [Int], isLearned: Bool = true) -> [Float] {
    guard let found = place(of: name, shape, isLearned: isLearned) else { return [] }
    if isLearned, !learnedTensors.contains(found) { learnedTensors.append(found) }
    let values = file.tensor(found)!.values
    if !values.allSatisfy(\.isFinite), !notFinite.contains(name) { notFinite.append(name) }
    return values
  }

  /// The name of a parameter in the file.
  package func storedName(of name: String) -> String? { stored[name]?.first }

  /// Accounts for a parameter that inference does not use.
  package func skip(_ name: String, _ shape: [Int]) { _ = place(of: name, shape, isLearned: true) }

  /// Accepts parameters that inference does not use, where there are any.
  package func ignore(under prefix: String) { taken.formUnion(stored.keys.filter { $0.hasPrefix(prefix) }) }

  private func place(of name: String, _ shape: [Int], isLearned: Bool) -> String? {
    // A parameter that two layers share is handed out twice and counts once.
    let isNew = taken.insert(name).inserted
    guard let found = stored[name]?.first, let foundShape = file.shape(of: found) else {
      if isNew { missing.append(name) }
      return nil
    }
    guard foundShape == shape else {
      if isNew { misshapen.append("\(name) is \(Self.text(foundShape)), expected \(Self.text(shape))") }
      return nil
    }
    if isLearned && isNew { parameterCount += shape.reduce(1, *) }
    return found
  }

  /// Notes a stored constant that the architecture computes itself: it may be absent, but not different.
  ///
  /// - Parameter values: The only values it may have, in the order of the stored tensor.
  package func check(_ name: String, _ shape: [Int], isNamed meaning: String, values: () -> [Float]) {
    guard let found = stored[name]?.first else { return }
    taken.insert(name)
    if file.shape(of: found) != shape || file.tensor(found)!.values != values() {
      misshapen.append("\(name) is not \(meaning), which is what the architecture has there")
    }
  }

  /// Notes parameters whose shapes do not go together.
  package func refuse(_ misfit: String) { misshapen.append(misfit) }

  /// - Throws: ``CheckpointError/parameters(file:architecture:missing:surplus:misshapen:)`` with everything that does
  ///   not fit, ``CheckpointError/malformed(file:reason:remedy:)`` for parameters that hold NaN or infinity,
  ///   ``CheckpointError/aliases(file:differing:)`` with every name whose values are not those of the parameter it
  ///   stands for.
  package func finish() throws {
    let surplus = stored.filter { !taken.contains($0.key) }.values.joined().filter {
      !$0.hasSuffix(".num_batches_tracked")
    }.sorted()
    guard missing.isEmpty, surplus.isEmpty, misshapen.isEmpty else {
      throw CheckpointError.parameters(
        file: file.path, architecture: "model.json", missing: missing, surplus: surplus, misshapen: misshapen)
    }
    guard notFinite.isEmpty else {
      throw CheckpointError.malformed(
        file: file.path,
        reason:
          "not a finite number in \(notFinite.joined(separator: ", ")); the training diverged or the file is damaged")
    }
    let differing = stored.values.flatMap { names in
      names.dropFirst().filter { !file.holdsSame($0, names[0]) }.map { "\($0) differs from \(names[0])" }
    }
    guard differing.isEmpty else { throw CheckpointError.aliases(file: file.path, differing: differing.sorted()) }
  }

  private static func text(_ shape: [Int]) -> String {
    shape.isEmpty ? "a single number" : shape.map(String.init).joined(separator: " × ")
  }
}
