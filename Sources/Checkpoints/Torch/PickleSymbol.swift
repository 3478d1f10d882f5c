/// A name that a pickle may mention, with what stands for a call of it. The written list of ``known`` names is all that
/// is read; none of them is ever looked up or called.
struct PickleSymbol: Sendable {
  enum Role: Sendable, Equatable {
    /// The type of a storage; nil for one without elements of its own (`UntypedStorage`).
    case storage(ElementType?)
    /// `_rebuild_tensor_v2`, or `_rebuild_tensor_v3`, which is told its element type.
    case tensor(isToldType: Bool)
    /// A parameter: its first argument is the tensor.
    case parameter
    /// `_rebuild_from_type_v2(rebuild, class, arguments, attributes)`.
    case typedTensor
    /// A class that ``typedTensor`` may name.
    case tensorClass
    case elementType(ElementType)
    /// An empty dictionary that is filled afterwards.
    case dictionary
    /// A list or tuple under another name: its only argument.
    case sequence
    /// Skipped whatever its arguments are.
    case inert
  }

  let name: String
  let role: Role

  static let known: [PickleSymbol] = tensors + collections + inert

  private static let indices = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($1.name, $0) })

  static func index(of name: String) -> Int? { indices[name] }

  /// Whether a name is a type of numbers that torch has and this program does not read: complex, quantised, float8,
  /// unsigned.
  static func isUnreadElementType(module: String, name: String) -> Bool {
    module == "torch"
      && (["Complex", "QInt", "QUInt"].contains { name.hasPrefix($0) && name.hasSuffix("Storage") }
        || ["complex", "float8", "float4", "uint", "qint", "quint"].contains { name.hasPrefix($0) })
  }

  private static let storages: [(String, ElementType)] = [
    ("Double", .float64), ("Float", .float32), ("Half", .float16), ("BFloat16", .bfloat16), ("Long", .int64),
    ("Int", .int32), ("Short", .int16), ("Char", .int8), ("Byte", .uint8), ("Bool", .bool),
  ]

  private static let tensors: [PickleSymbol] =
    storages.map { PickleSymbol(name: "torch.\($0)Storage", role: .storage($1)) }
    + ElementType.allCases.map { PickleSymbol(name: "torch.\($0.rawValue)", role: .elementType($0)) } + [
      PickleSymbol(name: "torch.storage.UntypedStorage", role: .storage(nil)),
      PickleSymbol(name: "torch._utils._rebuild_tensor_v2", role: .tensor(isToldType: false)),
      PickleSymbol(name: "torch._utils._rebuild_tensor_v3", role: .tensor(isToldType: true)),
      PickleSymbol(name: "torch._utils._rebuild_parameter", role: .parameter),
      PickleSymbol(name: "torch._utils._rebuild_parameter_with_state", role: .parameter),
      PickleSymbol(name: "torch._tensor._rebuild_from_type_v2", role: .typedTensor),
      PickleSymbol(name: "torch.Tensor", role: .tensorClass),
      PickleSymbol(name: "torch.nn.parameter.Parameter", role: .tensorClass),
    ]

  private static let collections: [PickleSymbol] = [
    PickleSymbol(name: "collections.OrderedDict", role: .dictionary),
    PickleSymbol(name: "collections.defaultdict", role: .dictionary),
    // Lightning's hyper-parameters.
    PickleSymbol(name: "pytorch_lightning.utilities.parsing.AttributeDict", role: .dictionary),
    PickleSymbol(name: "lightning.pytorch.utilities.parsing.AttributeDict", role: .dictionary),
    PickleSymbol(name: "lightning_fabric.utilities.data.AttributeDict", role: .dictionary),
    PickleSymbol(name: "lightning.fabric.utilities.data.AttributeDict", role: .dictionary),
    PickleSymbol(name: "torch.Size", role: .sequence),
    // Protocols 2 and below name the module as Python 2 did.
    PickleSymbol(name: "builtins.set", role: .sequence), PickleSymbol(name: "__builtin__.set", role: .sequence),
    PickleSymbol(name: "builtins.frozenset", role: .sequence),
    PickleSymbol(name: "__builtin__.frozenset", role: .sequence),
  ]

  private static let inert: [PickleSymbol] = [
    "torch.device", "torch.serialization._get_layout",
    // nnU-Net logs numpy scalars; bytes inside them are written as an encoded text by protocol 2.
    "numpy.dtype", "numpy.ndarray", "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar",
    "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct", "_codecs.encode",
    // Arguments that training scripts and Lightning keep.
    "argparse.Namespace", "pathlib.PosixPath", "pathlib._local.PosixPath", "pathlib.WindowsPath",
    "pathlib._local.WindowsPath", "datetime.timedelta", "datetime.datetime",
    // Factories of defaultdict.
    "builtins.list", "__builtin__.list", "builtins.dict", "__builtin__.dict", "builtins.int", "__builtin__.int",
    "builtins.float", "__builtin__.float", "builtins.complex", "__builtin__.complex", "builtins.bytearray",
    "__builtin__.bytearray",
  ].map { PickleSymbol(name: $0, role: .inert) }
}
