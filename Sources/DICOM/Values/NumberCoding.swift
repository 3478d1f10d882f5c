import Foundation

/// Numbers as the value representations hold them.
enum NumberCoding {
  /// - Precondition: numbers that the VR can hold.
  static func value(_ numbers: [Double], _ vr: VR) -> DataSet.Value {
    switch vr {
    case .us: .bytes(numbers.flatMap { bytes(UInt16($0)) })
    case .ss: .bytes(numbers.flatMap { bytes(Int16($0)) })
    case .ul: .bytes(numbers.flatMap { bytes(UInt32($0)) })
    case .sl: .bytes(numbers.flatMap { bytes(Int32($0)) })
    case .fl, .of: .bytes(numbers.flatMap { bytes(Float($0).bitPattern) })
    case .fd, .od: .bytes(numbers.flatMap { bytes($0.bitPattern) })
    case .is: .text(numbers.map { String(Int($0)) }.joined(separator: "\\"))
    default: .text(numbers.map(decimal).joined(separator: "\\"))
    }
  }

  /// A number in the at most 16 characters of a decimal string (VR DS), with as many digits as they hold.
  static func decimal(_ number: Double) -> String {
    let whole = number.rounded()
    if whole == number, abs(number) < 1e15 { return String(Int(number)) }
    for digits in stride(from: 16, to: 1, by: -1) {
      let text = String(format: "%.\(digits)g", number)
      if text.utf8.count <= 16 { return text }
    }
    return String(format: "%.8e", number)
  }

  static func numbers(_ element: DataSet.Element) -> [Double] {
    switch element.value {
    case .text(let text):
      let parts = text.split(separator: "\\", omittingEmptySubsequences: false)
      let numbers = parts.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
      return numbers.count == parts.count && numbers.allSatisfy(\.isFinite) ? numbers : []
    case .bytes(let bytes):
      return switch element.vr {
      case .us, .ow: integers(bytes, UInt16.self).map(Double.init)
      case .ss: integers(bytes, Int16.self).map(Double.init)
      case .ul: integers(bytes, UInt32.self).map(Double.init)
      case .sl: integers(bytes, Int32.self).map(Double.init)
      case .fl, .of: integers(bytes, UInt32.self).map { Double(Float(bitPattern: $0)) }
      case .fd, .od: integers(bytes, UInt64.self).map { Double(bitPattern: $0) }
      default: []
      }
    case .items, .notRead: return []
    }
  }

  private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  private static func integers<Number: FixedWidthInteger>(_ bytes: [UInt8], _: Number.Type) -> [Number] {
    let size = Number.bitWidth / 8
    guard bytes.count.isMultiple(of: size) else { return [] }
    return stride(from: 0, to: bytes.count, by: size).map { start in
      (0..<size).reversed().reduce(Number(0)) { $0 << 8 | Number(truncatingIfNeeded: bytes[start + $1]) }
    }
  }
}
