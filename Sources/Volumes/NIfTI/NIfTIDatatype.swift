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

  var isInteger: Bool { self != .float32 && self != .float64 }

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

/// A type whose values a NIfTI file stores as they are.
public protocol NIfTIElement: Sendable {
  static var niftiDatatype: NIfTIDatatype { get }
  /// The value with its bytes in the opposite order.
  var reversedBytes: Self { get }
}

extension UInt8: NIfTIElement {
  public static var niftiDatatype: NIfTIDatatype { .uint8 }
  public var reversedBytes: UInt8 { self }
}

extension Int16: NIfTIElement {
  public static var niftiDatatype: NIfTIDatatype { .int16 }
  public var reversedBytes: Int16 { byteSwapped }
}

extension UInt16: NIfTIElement {
  public static var niftiDatatype: NIfTIDatatype { .uint16 }
  public var reversedBytes: UInt16 { byteSwapped }
}

extension Int32: NIfTIElement {
  public static var niftiDatatype: NIfTIDatatype { .int32 }
  public var reversedBytes: Int32 { byteSwapped }
}

extension Float: NIfTIElement {
  public static var niftiDatatype: NIfTIDatatype { .float32 }
  /// Kept as a value only on its way into a file: the swapped bits may be a NaN.
  public var reversedBytes: Float { Float(bitPattern: bitPattern.byteSwapped) }
}

/// What the values of a result stand for (`intent_code`).
public enum NIfTIIntent: Int, Sendable {
  case none = 0
  /// NIFTI_INTENT_ESTIMATE: probabilities, saliency.
  case estimate = 1001
  /// NIFTI_INTENT_LABEL: masks and numbered lesions.
  case label = 1002
}
