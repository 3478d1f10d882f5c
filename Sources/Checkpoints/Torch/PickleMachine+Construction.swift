extension PickleMachine {
  /// More axes than any tensor of a network has.
  private static let maximumAxes = 16

  /// The plain value that stands for what Python would make by calling `callee`.
  mutating func stand(for callee: Item, arguments: Item) throws -> Item {
    guard case .symbol(let index) = callee else { throw Malformed("something that is no name would be called") }
    guard case .node(let node) = arguments, nodes[node].kind == .tuple else {
      throw Malformed("a call without a tuple of arguments")
    }
    let symbol = PickleSymbol.known[index]
    let items = nodes[node].items
    func wrong() -> Malformed { Malformed("\(symbol.name) with arguments of another kind") }
    switch symbol.role {
    case .inert: return .inert(index)
    case .dictionary:
      // What a dictionary holds follows as items; defaultdict has its factory.
      guard items.isEmpty || items.count == 1 && isSymbolOrNone(items[0]) else { throw wrong() }
      nodes.append(Node(kind: .dictionary, items: []))
      return .node(nodes.count - 1)
    case .sequence:
      guard items.count == 1, case .node(let content) = items[0], nodes[content].kind != .dictionary else {
        throw wrong()
      }
      return items[0]
    case .tensor(let isToldType): return try tensor(items, isToldType: isToldType, wrong)
    case .parameter:
      guard let first = items.first, case .tensor = first else { throw wrong() }
      return first
    case .typedTensor:
      guard items.count == 4, case .symbol(let rebuild) = items[0], case .symbol(let type) = items[1],
        PickleSymbol.known[type].role == .tensorClass, case .node(let inner) = items[2], nodes[inner].kind == .tuple
      else { throw wrong() }
      switch PickleSymbol.known[rebuild].role {
      case .tensor(let isToldType): return try tensor(nodes[inner].items, isToldType: isToldType, wrong)
      case .parameter:
        guard let first = nodes[inner].items.first, case .tensor = first else { throw wrong() }
        return first
      default: throw wrong()
      }
    case .storage, .elementType, .tensorClass:
      throw Malformed("\(symbol.name) would be called, which checkpoints of torch.save never do")
    }
  }

  /// An object's attributes: Python's `OrderedDict` has `_metadata` in a state dict, which inference does not need.
  mutating func build(state: Item) throws {
    switch try top() {
    case .inert: return
    case .node(let index) where nodes[index].kind == .dictionary: return
    default: throw Malformed("attributes are set on a value that has none")
    }
  }

  /// `("storage", type, key, location, count)`.
  mutating func pushStorage(_ identifier: Item) throws {
    guard case .node(let node) = identifier, nodes[node].kind == .tuple, nodes[node].items.count == 5,
      case .string("storage") = nodes[node].items[0], case .symbol(let type) = nodes[node].items[1],
      case .storage(let elementType) = PickleSymbol.known[type].role, case .string(let key) = nodes[node].items[2],
      case .integer(let count) = nodes[node].items[4], count >= 0
    else { throw Malformed("a reference to something other than a storage that is read") }
    let bytes = try findStorage(key)
    guard count <= bytes.byteCount / (elementType?.byteCount ?? 1) else {
      throw Malformed("storage \(PrintableName(key)) has \(bytes.byteCount) bytes, too few for its \(count) elements")
    }
    storages.append(Storage(bytes: bytes, elementType: elementType, count: count))
    stack.append(.storage(storages.count - 1))
  }

  /// (storage, offset, shape, strides, requires_grad, hooks[, element type], …).
  private mutating func tensor(_ items: [Item], isToldType: Bool, _ wrong: () -> Malformed) throws -> Item {
    guard items.count >= (isToldType ? 7 : 6), case .storage(let index) = items[0], case .integer(let offset) = items[1]
    else { throw wrong() }
    let storage = storages[index]
    var elementType = storage.elementType
    if isToldType {
      guard case .symbol(let named) = items[6], case .elementType(let told) = PickleSymbol.known[named].role else {
        throw wrong()
      }
      elementType = told
    }
    guard let elementType, let shape = numbers(items[2]), let strides = numbers(items[3]) else { throw wrong() }
    guard
      let tensor = TorchTensor(
        storage: storage.bytes, elementType: elementType, offset: offset, shape: shape, strides: strides)
    else {
      throw Malformed(
        "a tensor of shape \(shape), strides \(strides) and offset \(offset) lies outside its storage of "
          + "\(storage.bytes.byteCount) bytes")
    }
    tensors.append(tensor)
    return .tensor(tensors.count - 1)
  }

  private func numbers(_ item: Item) -> [Int]? {
    guard case .node(let node) = item, nodes[node].kind != .dictionary, nodes[node].items.count <= Self.maximumAxes
    else { return nil }
    let found = nodes[node].items.compactMap { if case .integer(let number) = $0 { number } else { nil } }
    return found.count == nodes[node].items.count ? found : nil
  }

  private func isSymbolOrNone(_ item: Item) -> Bool {
    switch item {
    case .symbol, .none: true
    default: false
    }
  }
}
