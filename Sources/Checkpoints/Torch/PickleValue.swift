/// What a checkpoint holds, as plain values. Nothing in it was called or run to make them.
public enum PickleValue: Sendable {
  case none
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case bytes([UInt8])
  /// A list, or a set in the order of the file.
  case list([PickleValue])
  case tuple([PickleValue])
  /// A dictionary of any kind, in the order of the file, each key once.
  case dictionary([(key: PickleValue, value: PickleValue)])
  case tensor(TorchTensor)
  /// A value that was skipped, such as a `torch.device` or a numpy scalar: the name of what would have made it.
  case inert(String)

  /// The value under a text key of a dictionary.
  public subscript(key: String) -> PickleValue? {
    guard case .dictionary(let members) = self else { return nil }
    return members.first { $0.key.asString == key }?.value
  }

  public var asString: String? { if case .string(let value) = self { value } else { nil } }
  public var asInteger: Int? { if case .integer(let value) = self { value } else { nil } }
  public var asTensor: TorchTensor? { if case .tensor(let value) = self { value } else { nil } }

  public var asNumber: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The elements of a list or tuple.
  public var elements: [PickleValue]? {
    switch self {
    case .list(let values), .tuple(let values): values
    default: nil
    }
  }

  /// What the value is, for messages.
  public var kind: String {
    switch self {
    case .none: "None"
    case .bool(let value): value ? "True" : "False"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): "\"\(PrintableName(String(value.prefix(60))))\""
    case .bytes(let bytes): "\(bytes.count) bytes"
    case .list(let values): "a list of \(values.count)"
    case .tuple(let values): "a tuple of \(values.count)"
    case .dictionary(let members): "a dictionary of \(members.count) keys"
    case .tensor(let tensor): "a tensor of shape \(tensor.shape)"
    case .inert(let name): name
    }
  }
}
