/// Turns what a pickle built into values. Parts that several places share stay shared; a part that contains itself and
/// nesting deeper than ``maximumHeight`` are refused.
struct PickleTree {
  /// Genuine checkpoints have fewer than 15 levels.
  private static let maximumHeight = 64

  private enum State {
    case untouched, open
    case done(PickleValue, height: Int)
  }

  private let nodes: [PickleMachine.Node]
  private let tensors: [TorchTensor]
  private var states: [State]

  init(nodes: [PickleMachine.Node], tensors: [TorchTensor]) {
    (self.nodes, self.tensors) = (nodes, tensors)
    states = Array(repeating: .untouched, count: nodes.count)
  }

  /// - Throws: ``Malformed``.
  mutating func value(_ item: PickleMachine.Item, depth: Int) throws -> PickleValue {
    var height = 0
    return try value(item, depth: depth, height: &height)
  }

  /// - Parameter height: Raised to that of the value.
  private mutating func value(_ item: PickleMachine.Item, depth: Int, height: inout Int) throws -> PickleValue {
    switch item {
    case .none: return .none
    case .bool(let value): return .bool(value)
    case .integer(let value): return .integer(value)
    case .number(let value): return .number(value)
    case .string(let value): return .string(value)
    case .bytes(let value): return .bytes(value)
    case .symbol(let index), .inert(let index): return .inert(PickleSymbol.known[index].name)
    case .storage: return .inert("torch storage")
    case .tensor(let index): return .tensor(tensors[index])
    case .node(let index):
      switch states[index] {
      case .open: throw Malformed("a value contains itself")
      case .done(let value, let known):
        height = max(height, known)
        guard depth + known <= Self.maximumHeight else { throw tooDeep }
        return value
      case .untouched:
        guard depth < Self.maximumHeight else { throw tooDeep }
        states[index] = .open
        var own = 0
        let items = try nodes[index].items.map { try value($0, depth: depth + 1, height: &own) }
        let result: PickleValue =
          switch nodes[index].kind {
          case .list: .list(items)
          case .tuple: .tuple(items)
          case .dictionary: .dictionary(Self.members(items))
          }
        states[index] = .done(result, height: own + 1)
        height = max(height, own + 1)
        return result
      }
    }
  }

  private var tooDeep: Malformed { Malformed("values nested more than \(Self.maximumHeight) deep") }

  /// The last value of a key counts, at the place of its first.
  private static func members(_ items: [PickleValue]) -> [(key: PickleValue, value: PickleValue)] {
    var members: [(key: PickleValue, value: PickleValue)] = []
    var places: [String: Int] = [:]
    members.reserveCapacity(items.count / 2)
    for i in stride(from: 0, to: items.count, by: 2) {
      guard let name = items[i].asString else {
        members.append((items[i], items[i + 1]))
        continue
      }
      if let place = places[name] {
        members[place].value = items[i + 1]
      } else {
        places[name] = members.count
        members.append((items[i], items[i + 1]))
      }
    }
    return members
  }
}
