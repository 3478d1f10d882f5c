/// How a voxel is stored in a NIfTI file. The raw value is the code of the `datatype` field.
public enum NIfTIDatatype: Int, CaseIterable, Sendable {
  case uint8 = 2
  case int16 = 4
  case int32 = 8
  case float32 = 16
  case float64 = 64
  case int8 = 256
  case uint16 = 512
  case uint32 = 768
  case int64 = 1024
  case uint64 = 1280

  public var byteCount: Int {
    switch self {
    case .uint8, .int8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }

  /// Name of a datatype the standard knows and this product does not read, for the error text.
  static func unsupportedName(code: Int) -> String? {
    switch code {
    case 0: "unknown"
    case 1: "binary (1 bit)"
    case 32: "complex64"
    case 128: "rgb24"
    case 1536: "float128"
    case 1792: "complex128"
    case 2048: "complex256"
    case 2304: "rgba32"
    default: nil
    }
  }
}
