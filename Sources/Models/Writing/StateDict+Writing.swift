import Checkpoints
import Foundation
import Networks

extension StateDict {
  /// Writes the parameters that an architecture asks for as weights.safetensors, in single precision.
  ///
  /// Tried in turn: the names as they are, then without what a Lightning module put before all of them. Of several
  /// names for one tensor only those are written that the architecture asks for, and counters of training are left out.
  ///
  /// - Parameter origin: Where the architecture is stated, for messages.
  /// - Returns: The network, and the state dict whose names fitted.
  /// - Throws: `CheckpointError` with everything that does not fit, ``ModelError/prefixed(file:prefix:count:others:)``
  ///   when all of it is there under one prefix, both naming the checkpoint; `CheckpointError` for a parameter that is
  ///   not a finite number.
  func write(for architecture: any ArchitectureConfiguration, statedIn origin: String, to url: URL) throws -> (
    network: Network, source: StateDict
  ) {
    var candidates = [self]
    while let shorter = candidates.last?.withoutHolderPrefix { candidates.append(shorter) }
    var closest: (count: Int, error: any Error)?
    var prefixed: ModelError?
    for candidate in candidates {
      do {
        return (try candidate.writeAsNamed(for: architecture, to: url), candidate)
      } catch CheckpointError.parameters(_, _, let missing, let surplus, let misshapen) {
        if prefixed == nil, let prefix = candidate.prefix(before: missing) {
          prefixed = .prefixed(
            file: path, prefix: prefix, count: missing.count,
            others: candidate.names.filter { !$0.hasPrefix(prefix) && !$0.hasSuffix("num_batches_tracked") }.count)
        }
        let count = missing.count + surplus.count + misshapen.count
        if count < closest?.count ?? .max {
          closest = (
            count,
            CheckpointError.parameters(
              file: path, architecture: origin, missing: missing, surplus: surplus, misshapen: misshapen)
          )
        }
      } catch CheckpointError.aliases(_, let differing) {
        // The file that was read to find out is a temporary one.
        throw CheckpointError.aliases(file: path, differing: differing)
      } catch CheckpointError.malformed(url.path, let reason, _) {
        throw CheckpointError.malformed(file: path, reason: reason)
      }
    }
    throw prefixed ?? closest?.error ?? CheckpointError.malformed(file: path, reason: "has no parameters")
  }

  /// What stands before each of some names in this state dict, if it is the same for all.
  private func prefix(before wanted: [String]) -> String? {
    guard let first = wanted.first else { return nil }
    let known = Set(names)
    return names.lazy.filter { $0.hasSuffix(".\(first)") }.map { String($0.dropLast(first.count)) }.first { prefix in
      wanted.allSatisfy { known.contains(prefix + $0) }
    }
  }

  private func writeAsNamed(for architecture: any ArchitectureConfiguration, to url: URL) throws -> Network {
    var left = Set(names.filter { !$0.hasSuffix("num_batches_tracked") })
    let shared = aliases.map { $0.filter(left.contains) }.filter { $0.count > 1 }
    if !shared.isEmpty {
      // What is missing without the shared tensors is what the architecture asks for by name.
      left.subtract(shared.joined())
      try write(left, to: url)
      var wanted: Set<String> = []
      do { _ = try architecture.network(weights: try SafeTensors(path: url.path)) } catch CheckpointError.parameters(
        _, _, let missing, _, _)
      { wanted = Set(missing) }
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
        throw CheckpointError.malformed(
          file: path,
          reason:
            "the parameter \(PrintableName(name)) holds values that are not finite numbers in single precision; the "
            + "training diverged or the file is damaged: take an earlier checkpoint")
      }
      tensors[name] = tensor
    }
    try SafeTensors.write(tensors, to: url)
  }
}
