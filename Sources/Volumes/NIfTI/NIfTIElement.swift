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
