/// Carries out the instructions of a pickle on a stack of plain values. It builds tensors, dictionaries, lists and
/// numbers and nothing else: a "call" of a name in ``PickleSymbol/known`` is replaced by the plain value that stands
/// for it, and every other name is refused where it is mentioned.
///
/// Bounds: work and memory grow with the number of bytes read, never with a number that stands in them. Nothing
/// recurses.
struct PickleMachine {
  enum Item {
    case none
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case bytes([UInt8])
    /// In ``PickleSymbol/known``.
    case symbol(Int)
    /// In ``nodes``: what others may refer to while it is still being filled.
    case node(Int)
    case tensor(Int)
    case storage(Int)
    /// In ``PickleSymbol/known``: a value that was skipped.
    case inert(Int)
  }

  struct Node {
    enum Kind { case list, tuple, dictionary }
    let kind: Kind
    /// Of a dictionary: key, value, key, value, ….
    var items: [Item]
  }

  struct Storage {
    let bytes: TorchStorage
    let elementType: ElementType?
    /// Elements that the pickle announces and that were found.
    let count: Int
  }

  private var cursor: ByteCursor
  var stack: [Item] = []
  private var marks: [Int] = []
  private var memo: [Int: Item] = [:]
  var nodes: [Node] = []
  var tensors: [TorchTensor] = []
  var storages: [Storage] = []
  /// The storage of a key in the checkpoint.
  let findStorage: (String) throws -> TorchStorage

  /// - Throws: ``Malformed`` with the byte where reading stopped.
  static func read(_ bytes: UnsafeRawBufferPointer, findStorage: @escaping (String) throws -> TorchStorage) throws
    -> PickleValue
  {
    var machine = try PickleMachine(cursor: ByteCursor(bytes), findStorage: findStorage)
    do {
      let root = try machine.run()
      var tree = PickleTree(nodes: machine.nodes, tensors: machine.tensors)
      return try tree.value(root, depth: 0)
    } catch is ByteCursor.Exhausted {
      throw Malformed("the pickle ends in the middle (byte \(machine.cursor.position))")
    } catch let problem as Malformed {
      throw Malformed("\(problem.reason) (byte \(machine.cursor.position) of the pickle)")
    }
  }

  private init(cursor: ByteCursor, findStorage: @escaping (String) throws -> TorchStorage) {
    self.cursor = cursor
    self.findStorage = findStorage
  }

  private mutating func run() throws -> Item {
    while true {
      let byte = try cursor.number(UInt8.self)
      guard let opcode = PickleOpcode(rawValue: byte) else {
        throw Malformed("the instruction 0x\(String(byte, radix: 16)) is not read")
      }
      if opcode == .stop { return try pop() }
      try perform(opcode)
    }
  }

  private mutating func perform(_ opcode: PickleOpcode) throws {
    switch opcode {
    case .proto:
      let version = try cursor.number(UInt8.self)
      guard version <= 5 else { throw Malformed("pickle protocol \(version); 2 to 5 are read") }
    case .frame: _ = try cursor.number(UInt64.self)
    case .mark: marks.append(stack.count)
    case .pop: if let mark = marks.last, mark == stack.count { marks.removeLast() } else { _ = try pop() }
    case .popMark: _ = try popMark()
    case .duplicate: stack.append(try top())
    case .none: stack.append(.none)
    case .newTrue: stack.append(.bool(true))
    case .newFalse: stack.append(.bool(false))
    case .oneByteInteger: stack.append(.integer(Int(try cursor.number(UInt8.self))))
    case .twoByteInteger: stack.append(.integer(Int(try cursor.number(UInt16.self))))
    case .binaryInteger: stack.append(.integer(Int(try cursor.number(Int32.self))))
    case .long1: try pushLong(try cursor.count(UInt8.self))
    case .long4: try pushLong(try cursor.count(Int32.self))
    case .binaryFloat:
      stack.append(.number(Double(bitPattern: UInt64(bigEndian: try cursor.take(8).loadUnaligned(as: UInt64.self)))))
    case .shortUnicode: try pushText(try cursor.count(UInt8.self))
    case .unicode: try pushText(try cursor.count(UInt32.self))
    case .longUnicode: try pushText(try cursor.count(UInt64.self))
    case .shortBytes, .shortBinaryString: try pushBytes(try cursor.count(UInt8.self))
    case .bytes, .binaryString: try pushBytes(try cursor.count(UInt32.self))
    case .longBytes, .byteArray: try pushBytes(try cursor.count(UInt64.self))
    case .emptyList, .emptySet: push(.list, [])
    case .emptyTuple: push(.tuple, [])
    case .emptyDictionary: push(.dictionary, [])
    case .list, .frozenSet: push(.list, try popMark())
    case .tuple: push(.tuple, try popMark())
    case .tuple1: push(.tuple, try pop(1))
    case .tuple2: push(.tuple, try pop(2))
    case .tuple3: push(.tuple, try pop(3))
    case .dictionary: push(.dictionary, try pairs(try popMark()))
    case .append: try extend([try pop()], .list)
    case .appends, .addItems: try extend(try popMark(), .list)
    case .setItem: try extend(try pop(2), .dictionary)
    case .setItems: try extend(try pairs(try popMark()), .dictionary)
    case .put: memo[try cursor.count(UInt8.self)] = try top()
    case .longPut: memo[try cursor.count(UInt32.self)] = try top()
    case .memoize: memo[memo.count] = try top()
    case .get: try recall(try cursor.count(UInt8.self))
    case .longGet: try recall(try cursor.count(UInt32.self))
    case .global:
      let (module, name) = (try cursor.line().text, try cursor.line().text)
      try pushSymbol(module, name)
    case .stackGlobal:
      let parts = try pop(2)
      guard case .string(let module) = parts[0], case .string(let name) = parts[1] else {
        throw Malformed("a name that is no text")
      }
      try pushSymbol(module, name)
    case .persistentIdentifier: try pushStorage(try pop())
    case .reduce, .newObject:
      let parts = try pop(2)
      stack.append(try stand(for: parts[0], arguments: parts[1]))
    case .newObjectWithKeywords:
      let parts = try pop(3)
      stack.append(try stand(for: parts[0], arguments: parts[1]))
    case .build: try build(state: try pop())
    case .stop: break
    }
  }

  // MARK: Stack

  private mutating func push(_ kind: Node.Kind, _ items: [Item]) {
    nodes.append(Node(kind: kind, items: items))
    stack.append(.node(nodes.count - 1))
  }

  private mutating func pop() throws -> Item {
    guard stack.count > marks.last ?? 0 else { throw Malformed("an instruction without its value") }
    return stack.removeLast()
  }

  /// The topmost values, lowest first.
  private mutating func pop(_ count: Int) throws -> [Item] {
    guard stack.count - (marks.last ?? 0) >= count else { throw Malformed("an instruction without its values") }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popMark() throws -> [Item] {
    guard let mark = marks.popLast() else { throw Malformed("an end without its beginning") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  func top() throws -> Item {
    guard stack.count > marks.last ?? 0, let item = stack.last else {
      throw Malformed("an instruction without its value")
    }
    return item
  }

  private func pairs(_ items: [Item]) throws -> [Item] {
    guard items.count % 2 == 0 else { throw Malformed("a key without its value") }
    return items
  }

  /// Appends to the list or dictionary on top of the stack.
  private mutating func extend(_ items: [Item], _ kind: Node.Kind) throws {
    let target = try top()
    if case .inert = target { return }
    guard case .node(let index) = target, nodes[index].kind == kind else {
      throw Malformed("values are added to something that is no \(kind)")
    }
    nodes[index].items.append(contentsOf: items)
  }

  private mutating func recall(_ index: Int) throws {
    guard let item = memo[index] else { throw Malformed("a reference to the unknown value \(index)") }
    stack.append(item)
  }

  // MARK: Plain values

  private mutating func pushText(_ count: Int) throws {
    guard let text = try cursor.take(count).text else { throw Malformed("a text is not valid UTF-8") }
    stack.append(.string(text))
  }

  private mutating func pushBytes(_ count: Int) throws { stack.append(.bytes(Array(try cursor.take(count)))) }

  /// A little-endian whole number in two's complement.
  private mutating func pushLong(_ count: Int) throws {
    let bytes = try cursor.take(count)
    guard count <= 8 else {
      // Random seeds and counters of training; no part of a network.
      return stack.append(.inert(PickleSymbol.index(of: "builtins.int")!))
    }
    var value: UInt64 = (bytes.last ?? 0) & 0x80 == 0 ? 0 : .max
    for byte in bytes.reversed() { value = value << 8 | UInt64(byte) }
    stack.append(.integer(Int(Int64(bitPattern: value))))
  }

  private mutating func pushSymbol(_ module: String?, _ name: String?) throws {
    guard let module, let name else { throw Malformed("a name that is not valid UTF-8") }
    guard let index = PickleSymbol.index(of: "\(module).\(name)") else {
      if PickleSymbol.isUnreadElementType(module: module, name: name) {
        throw Malformed(
          "it holds numbers of the type \(PrintableName("\(module).\(name)")), which is not read; convert them before "
            + "saving, such as torch.save({k: v.float() for k, v in network.state_dict().items()}, FILE)")
      }
      throw Malformed(
        "it asks to call or make \(PrintableName("\(module).\(name)")), which is not in the short list of what a "
          + "checkpoint may name; nothing was run; save the state dict alone: torch.save(network.state_dict(), FILE)")
    }
    stack.append(.symbol(index))
  }
}
