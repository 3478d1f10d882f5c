import Foundation

extension StateDict {
  /// Writes the parameters that an architecture asks for as weights.safetensors, in single precision.
  ///
  /// Tried in turn: the names as they are, then without what a Lightning module put before all of them. Of several names for one
  /// tensor only those are written that the architecture asks for, and counters of training are left out.
  ///
  /// - Returns: The network, and the state dict whose names fitted.
  /// - Throws: ``NetworkError/parameters(file:missing:surplus:misshapen:)`` with everything that does not fit, naming the
  ///   checkpoint; ``NetworkError/malformed(file:reason:)`` for a parameter that is not a finite number.
  func write(for architecture: any ArchitectureConfiguration, to url: URL) throws -> (
    network: Network, source: StateDict
  ) {
    var candidates = [self]
    while let shorter = candidates.last?.withoutHolderPrefix { candidates.append(shorter) }
    var closest: (count: Int, error: NetworkError)?
    for candidate in candidates {
      do {
        return (try candidate.writeAsNamed(for: architecture, to: url), candidate)
      } catch NetworkError.parameters(_, let missing, let surplus, let misshapen) {
        let count = missing.count + surplus.count + misshapen.count
        if count < closest?.count ?? .max {
          closest = (
            count, .parameters(file: path, missing: missing, surplus: surplus, misshapen: misshapen)
          )
        }
      }
    }
    throw closest?.error ?? NetworkError.malformed(file: path, reason: "has no parameters")
  }

  private func writeAsNamed(for architecture: any ArchitectureConfiguration, to url: URL) throws -> Network {
    var left = Set(names.filter { !$0.hasSuffix("num_batches_tracked") })
    let shared = aliases.map { $0.filter(left.contains) }.filter { $0.count > 1 }
    if !shared.isEmpty {
      // What is missing without the shared tensors is what the architecture asks for by name.
      left.subtract(shared.joined())
      try write(left, to: url)
      var wanted: Set<String> = []
      do { _ = try architecture.network(weights: try SafeTensors(path: url.path)) } catch NetworkError.parameters(
        _, let missing, _, _)
      {
        wanted = Set(missing)
      }
      for group in shared {
        // A tensor that nobody asks for stays once, so that it is reported as surplus.
        let asked = group.filter(wanted.contains)
        left.formUnion(asked.isEmpty ? [group[0]] : asked)
      }
    }
    try write(left, to: url)
    return try architecture.network(weights: try SafeTensors(path: url.path))
  }

  private func write(_ names: Set<String>, to url: URL) throws {
    var tensors: [String: Tensor] = [:]
    for name in names.sorted() {
      guard let tensor = tensor(name) else { continue }
      guard tensor.values.allSatisfy(\.isFinite) else {
        throw NetworkError.malformed(
          file: path,
          reason: "the parameter \(PrintableName(name)) holds values that are not finite numbers in single precision")
      }
      tensors[name] = tensor
    }
    try SafeTensors.write(tensors, to: url)
  }
}
