/// Types of numbers that are read from files; all become `Float`.
public enum ElementType: String, Sendable, CaseIterable {
  case float64, float32, float16, bfloat16, int64, int32, int16, int8, uint8, bool

  var byteCount: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16, .int16: 2
    case .int8, .uint8, .bool: 1
    }
  }

  /// The little-endian numbers at some places of bytes that hold them, counted in numbers.
  func values(_ bytes: UnsafeRawBufferPointer, at places: StridedIndices) -> [Float] {
    func read<T: BitwiseCopyable>(_ type: T.Type, _ number: (T) -> Float) -> [Float] {
      [Float](unsafeUninitializedCapacity: places.count) { result, filled in
        filled = 0
        places.visit { place in
          result[filled] = number(bytes.loadUnaligned(fromByteOffset: place * MemoryLayout<T>.size, as: T.self))
          filled += 1
        }
      }
    }
    return switch self {
    case .float64: read(UInt64.self) { Float(Double(bitPattern: UInt64(littleEndian: $0))) }
    case .float32: read(UInt32.self) { Float(bitPattern: UInt32(littleEndian: $0)) }
    case .float16: read(UInt16.self) { Self.float(half: UInt16(littleEndian: $0)) }
    case .bfloat16: read(UInt16.self) { Float(bitPattern: UInt32(UInt16(littleEndian: $0)) << 16) }
    case .int64: read(Int64.self) { Float(Int64(littleEndian: $0)) }
    case .int32: read(Int32.self) { Float(Int32(littleEndian: $0)) }
    case .int16: read(Int16.self) { Float(Int16(littleEndian: $0)) }
    case .int8: read(Int8.self) { Float($0) }
    case .uint8: read(UInt8.self) { Float($0) }
    case .bool: read(UInt8.self) { $0 == 0 ? 0 : 1 }
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

/// The places of a strided view's elements in its storage, last axis fastest.
struct StridedIndices {
  let offset: Int
  let shape: [Int]
  let strides: [Int]

  var count: Int { shape.reduce(1, *) }

  func visit(_ body: (Int) -> Void) {
    guard !shape.contains(0) else { return }
    guard let rowCount = shape.last, let step = strides.last else { return body(offset) }
    var counter = [Int](repeating: 0, count: shape.count - 1)
    var row = offset
    while true {
      for i in 0..<rowCount { body(row + i * step) }
      var axis = counter.count - 1
      while axis >= 0 {
        counter[axis] += 1
        row += strides[axis]
        if counter[axis] < shape[axis] { break }
        row -= shape[axis] * strides[axis]
        counter[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
