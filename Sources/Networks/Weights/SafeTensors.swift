/// A memory-mapped safetensors file: named tensors whose bytes are checked to lie inside the file before any is read.
///
/// Format (github.com/huggingface/safetensors): 8 bytes little-endian header length N, N bytes of JSON that give each tensor
/// `dtype`, `shape` and `data_offsets` [begin, end) within the data that follow, and the data, without holes or overlaps.
public struct SafeTensors: Sendable {
  /// Element types that are read; all become `Float`.
  public enum ElementType: String, Sendable, CaseIterable {
    case float64 = "F64"
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int64 = "I64"

    var byteCount: Int {
      switch self {
      case .float64, .int64: 8
      case .float32: 4
      case .float16, .bfloat16: 2
      }
    }
  }

  struct Entry: Sendable {
    let type: ElementType
    let shape: [Int]
    /// Within the file.
    let range: Range<Int>
  }

  public let path: String
  /// Names in alphabetical order.
  public let names: [String]
  /// The file's own remarks (`__metadata__`).
  public let metadata: [String: String]
  private let entries: [String: Entry]
  private let file: MappedFile
  /// Values in place of those of the file.
  private var replaced: [String: [Float]] = [:]

  /// The largest header that is read: the format's own limit.
  static let maximumHeaderBytes = 100_000_000

  /// - Throws: ``NetworkError/unreadable(file:reason:)``, ``NetworkError/malformed(file:reason:)``.
  public init(path: String) throws {
    file = try MappedFile(path)
    self.path = path
    let header = try SafeTensorsHeader(file.bytes, file: path)
    entries = header.entries
    metadata = header.metadata
    names = entries.keys.sorted()
  }

  public func shape(of name: String) -> [Int]? { entries[name]?.shape }

  public func elementType(of name: String) -> ElementType? { entries[name]?.type }

  /// The tensor as single precision, or nil if the file has none of this name.
  public func tensor(_ name: String) -> Tensor? {
    entries[name].map { Tensor(shape: $0.shape, values: replaced[name] ?? values($0)) }
  }

  /// The same file with other values in some of its tensors.
  ///
  /// - Parameter names: of tensors that the file has.
  func changing(_ names: [String], _ change: (_ name: String, _ values: [Float]) -> [Float]) -> SafeTensors {
    var copy = self
    for name in names {
      let old = tensor(name)!.values
      let new = change(name, old)
      precondition(new.count == old.count, "a tensor keeps its shape")
      copy.replaced[name] = new
    }
    return copy
  }

  /// Whether two tensors have the same type and shape and hold the same bytes.
  func holdsSame(_ first: String, _ second: String) -> Bool {
    guard let a = entries[first], let b = entries[second], a.type == b.type, a.shape == b.shape else { return false }
    return file.bytes[a.range].elementsEqual(file.bytes[b.range])
  }

  private func values(_ entry: Entry) -> [Float] {
    let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[entry.range])
    let count = bytes.count / entry.type.byteCount
    return [Float](unsafeUninitializedCapacity: count) { result, filled in
      for i in 0..<count {
        switch entry.type {
        case .float32:
          result[i] = Float(
            bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * i, as: UInt32.self)))
        case .float64:
          result[i] = Float(
            Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * i, as: UInt64.self))))
        case .int64:
          result[i] = Float(Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * i, as: Int64.self)))
        case .bfloat16:
          let half = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self))
          result[i] = Float(bitPattern: UInt32(half) << 16)
        case .float16:
          result[i] = Self.float(
            half: UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self)))
        }
      }
      filled = count
    }
  }

  /// IEEE 754 half precision, for processors without the conversion.
  static func float(half: UInt16) -> Float {
    let sign: Float = half & 0x8000 == 0 ? 1 : -1
    let exponent = Int(half >> 10 & 0x1F)
    let fraction = Float(half & 0x3FF)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * Float(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
    }
  }
}
