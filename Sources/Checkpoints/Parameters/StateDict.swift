/// The parameters and buffers of a network under the names of its state dict, from a checkpoint or a safetensors file.
public struct StateDict: Sendable {
  private enum Source: Sendable {
    case checkpoint(TorchTensor)
    case safeTensors(SafeTensors, name: String)
  }

  public let path: String
  /// In alphabetical order.
  public let names: [String]
  /// The keys under which the parameters were found, such as `["network_weights"]`; empty at the root.
  public let location: [String]
  /// What every name began with and was taken away, outermost first, such as `["module."]`.
  public let removedPrefixes: [String]
  /// Tensors outside of the prefix that was asked for.
  public let leftOutCount: Int
  /// Keys beside the parameters that hold no tensor and say nothing of the network, such as `epoch`; in alphabetical
  /// order, printable.
  public let besides: [String]
  private let tensors: [String: Source]

  /// Wrappers that put their name before every parameter: DataParallel, torch.compile, and Lightning's and PyTorch's
  /// sharding.
  private static let wrappers = ["module.", "_orig_mod.", "_forward_module.", "_fsdp_wrapped_module."]
  /// What training code and Lightning modules call the network they hold.
  private static let holders = ["network.", "model.", "net.", "_model.", "_network.", "_net."]
  /// Keys under which training code keeps the parameters.
  private static let nestingKeys = ["state_dict", "network_weights", "model_state_dict", "model", "network", "net"]

  public func shape(of name: String) -> [Int]? {
    switch tensors[name] {
    case .checkpoint(let tensor): tensor.shape
    case .safeTensors(let file, let name): file.shape(of: name)
    case nil: nil
    }
  }

  /// The tensor in single precision, or nil if there is none of this name.
  public func tensor(_ name: String) -> Tensor? {
    switch tensors[name] {
    case .checkpoint(let tensor): Tensor(shape: tensor.shape, values: tensor.values())
    case .safeTensors(let file, let name): file.tensor(name)
    case nil: nil
    }
  }

  /// Names of one and the same tensor, each group in alphabetical order; names without another are left out.
  public var aliases: [[String]] {
    var groups: [TorchTensor.Identity: [String]] = [:]
    for name in names {
      if case .checkpoint(let tensor) = tensors[name] { groups[tensor.identity, default: []].append(name) }
    }
    return groups.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
  }

  /// The same parameters without what a holder, such as a Lightning module, put before every name; nil if it put
  /// nothing.
  public var withoutHolderPrefix: StateDict? {
    guard let prefix = Self.holders.first(where: { prefix in names.allSatisfy { $0.hasPrefix(prefix) } }),
      !names.isEmpty
    else { return nil }
    return removing(prefix).unwrapped
  }

  /// The parameters whose names begin with a prefix, without it and without what wrappers put behind it; the others are
  /// left out.
  ///
  /// - Parameter prefix: With or without its last point.
  /// - Throws: ``CheckpointError/malformed(file:reason:remedy:)`` when no name begins so.
  public func taking(_ prefix: String) throws -> StateDict {
    let full = prefix.hasSuffix(".") ? prefix : "\(prefix)."
    let removed = removedPrefixes.joined()
    // A person may copy the names from the file, which still have what was taken away already.
    let candidates = [full] + (full.hasPrefix(removed) ? [String(full.dropFirst(removed.count))] : [])
    guard let found = candidates.first(where: { candidate in names.contains { $0.hasPrefix(candidate) } }) else {
      let beginnings = Set(names.map { $0.prefix { $0 != "." } + "." }).sorted()
      throw CheckpointError.malformed(
        file: path,
        reason: "no parameter's name begins with \"\(PrintableName(full))\"; they begin with "
          + beginnings.prefix(12).map { "\(PrintableName(String($0)))" }.joined(separator: ", ")
          + (beginnings.count > 12 ? " and others" : ""))
    }
    let inside = tensors.filter { $0.key.hasPrefix(found) && $0.key != found }
    let chosen = StateDict(
      path: path, tensors: inside, location: location, removedPrefixes: removedPrefixes,
      leftOutCount: tensors.count - inside.count, besides: besides)
    return chosen.removing(found).unwrapped
  }

  /// Reads a checkpoint or, by its ending, a safetensors file.
  ///
  /// - Parameter key: Where a checkpoint keeps the parameters, when they are in several places: a key, or keys joined
  ///   by points.
  /// - Throws: ``CheckpointError/unreadable(file:reason:)``, ``CheckpointError/malformed(file:reason:remedy:)``.
  public init(path: String, key: String? = nil) throws {
    if path.hasSuffix(".safetensors") {
      guard key == nil else {
        throw CheckpointError.malformed(
          file: path, reason: "is a safetensors file, which holds one set of parameters and no keys",
          remedy: .leaveKeyOut)
      }
      let file = try SafeTensors(path: path)
      let tensors = file.names.map { ($0, Source.safeTensors(file, name: $0)) }
      self = StateDict(path: path, tensors: Dictionary(uniqueKeysWithValues: tensors), location: []).unwrapped
    } else {
      self = try TorchCheckpoint(path: path).stateDict(key: key)
    }
  }

  private init(
    path: String, tensors: [String: Source], location: [String], removedPrefixes: [String] = [], leftOutCount: Int = 0,
    besides: [String] = []
  ) {
    self.path = path
    self.location = location
    self.removedPrefixes = removedPrefixes
    self.leftOutCount = leftOutCount
    self.besides = besides
    self.tensors = tensors
    names = tensors.keys.sorted()
  }

  private func removing(_ prefix: String) -> StateDict {
    StateDict(
      path: path,
      tensors: Dictionary(uniqueKeysWithValues: tensors.map { (String($0.key.dropFirst(prefix.count)), $0.value) }),
      location: location, removedPrefixes: removedPrefixes + [prefix], leftOutCount: leftOutCount, besides: besides)
  }

  /// Without the wrappers' prefixes.
  private var unwrapped: StateDict {
    var result = self
    while let prefix = Self.wrappers.first(where: { prefix in
      result.names.allSatisfy { $0.hasPrefix(prefix) && $0 != prefix }
    }), !result.names.isEmpty { result = result.removing(prefix) }
    return result
  }

  /// - Throws: ``CheckpointError/malformed(file:reason:remedy:)`` when there are no parameters, or several sets of
  ///   them.
  fileprivate init(checkpoint: TorchCheckpoint, key: String?) throws {
    func fail(_ reason: String, _ remedy: CheckpointError.Remedy? = nil) -> CheckpointError {
      .malformed(file: checkpoint.path, reason: reason, remedy: remedy)
    }
    var location: [String] = []
    var value = checkpoint.root
    if let key { (value, location) = try Self.place(key, in: value) { fail($0) } }
    while true {
      let nested = Self.nestingKeys.filter { Self.holdsTensors(value[$0], depth: 0) }
      guard nested.count <= 1 else {
        throw fail("holds parameters under \(nested.joined(separator: ", "))", .chooseKey(available: nested))
      }
      guard let next = nested.first, let inner = value[next] else { break }
      value = inner
      location.append(next)
    }
    var tensors: [String: Source] = [:]
    var besides: [String] = []
    var count = 0
    // Views that repeat a storage must not need more than the file justifies. Genuine files stay below: bytes that
    // become four-byte numbers, each under a few names.
    let maximum = 4 * checkpoint.byteCount
    if case .dictionary(let members) = value {
      for (key, value) in members {
        guard let name = key.asString, let tensor = value.asTensor else {
          let name = key.asString ?? key.kind
          guard Self.saysNothing(key, value) else {
            throw fail(
              "\(PrintableName(name)) stands among its parameters and is \(value.kind), which no layer takes; save the "
                + "weights alone: torch.save(network.state_dict(), FILE)")
          }
          besides.append("\(PrintableName(name))")
          continue
        }
        let (sum, overflow) = count.addingReportingOverflow(tensor.count)
        guard !overflow, sum <= maximum else {
          throw fail("its tensors have more values than its \(checkpoint.byteCount) bytes can hold")
        }
        count = sum
        tensors[name] = .checkpoint(tensor)
      }
    }
    guard !tensors.isEmpty else {
      throw fail(
        "no parameters found\(location.isEmpty ? "" : " under \(location.joined(separator: "."))"); it holds "
          + Self.listing(value), .nameKey)
    }
    self = StateDict(path: checkpoint.path, tensors: tensors, location: location, besides: besides.sorted()).unwrapped
  }

  /// Whether what stands among parameters and is none changes nothing that a network computes: nothing at all, a batch
  /// normalisation's counter, or a record of the training, whose name has no point. A name with a point is a layer's.
  private static func saysNothing(_ key: PickleValue, _ value: PickleValue) -> Bool {
    guard let name = key.asString else { return false }
    if case .none = value { return true }
    return !name.contains(".") || name.hasSuffix(".num_batches_tracked")
  }

  /// What stands under `a.b.c`: under the key of that name, or under `a`, in it `b`, in it `c`.
  private static func place(_ key: String, in root: PickleValue, _ fail: (String) -> CheckpointError) throws -> (
    PickleValue, [String]
  ) {
    if let found = root[key] { return (found, [key]) }
    var value = root
    var location: [String] = []
    for part in key.split(separator: ".").map(String.init) {
      guard let found = value[part] else {
        let place = location.isEmpty ? "" : " under \(location.joined(separator: "."))"
        throw fail("has no key \"\(PrintableName(part))\"\(place); it holds \(listing(value))")
      }
      value = found
      location.append(part)
    }
    return (value, location)
  }

  /// Whether a value is a dictionary of parameters, or one that nests them under a known key.
  private static func holdsTensors(_ value: PickleValue?, depth: Int) -> Bool {
    guard depth < 4, let value, case .dictionary(let members) = value else { return false }
    return members.contains { $0.key.asString != nil && $0.value.asTensor != nil }
      || nestingKeys.contains { holdsTensors(value[$0], depth: depth + 1) }
  }

  private static func listing(_ value: PickleValue) -> String {
    guard case .dictionary(let members) = value else { return value.kind }
    let shown = members.prefix(12).map { "\(PrintableName($0.key.asString ?? $0.key.kind))" }
    return members.isEmpty
      ? "nothing" : shown.joined(separator: ", ") + (members.count > 12 ? " and \(members.count - 12) more" : "")
  }
}

extension TorchCheckpoint {
  /// The parameters, wherever they are: at the root or under `state_dict`, `network_weights`, `model_state_dict` and
  /// the like. The names that DataParallel and torch.compile put before them are taken away.
  ///
  /// - Parameter key: Where they are, when they are in several places.
  /// - Throws: ``CheckpointError/malformed(file:reason:remedy:)``.
  public func stateDict(key: String? = nil) throws -> StateDict { try StateDict(checkpoint: self, key: key) }
}
