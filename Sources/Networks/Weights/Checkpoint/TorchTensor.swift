/// A tensor of a checkpoint: a strided view of a storage in the file, read when asked for. Its extent was checked against the
/// storage when the checkpoint was opened.
public struct TorchTensor: Sendable {
  /// Element types that are read; all become `Float`.
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
  }

  /// Equal for two names of one and the same tensor.
  struct Identity: Hashable {
    let storage: String
    let offset: Int
    let shape: [Int]
    let strides: [Int]
    let elementType: ElementType
  }

  /// Last axis last; empty for a single number.
  public let shape: [Int]
  public let elementType: ElementType
  /// In elements, one per axis.
  let strides: [Int]
  /// The first element within the storage.
  let offset: Int
  let storage: TorchStorage

  public var count: Int { shape.reduce(1, *) }

  var identity: Identity {
    Identity(storage: storage.key, offset: offset, shape: shape, strides: strides, elementType: elementType)
  }

  /// Nil when the view does not lie inside the storage.
  init?(storage: TorchStorage, elementType: ElementType, offset: Int, shape: [Int], strides: [Int]) {
    guard shape.count == strides.count, offset >= 0, (shape + strides).allSatisfy({ $0 >= 0 }) else { return nil }
    var count = 1
    var last = offset
    for (extent, stride) in zip(shape, strides) {
      let (product, isTooMany) = count.multipliedReportingOverflow(by: extent)
      let (step, isTooFar) = max(extent - 1, 0).multipliedReportingOverflow(by: stride)
      let (sum, isTooLarge) = last.addingReportingOverflow(step)
      guard !isTooMany, !isTooFar, !isTooLarge else { return nil }
      (count, last) = (product, sum)
    }
    guard count == 0 || last < storage.byteCount / elementType.byteCount else { return nil }
    (self.storage, self.elementType, self.offset) = (storage, elementType, offset)
    (self.shape, self.strides) = (shape, strides)
  }

  /// The values in single precision, last axis fastest.
  ///
  /// Its size is ``count``, which an expanded view (a stride of 0) can make larger than the file; ask ``StateDict``, which bounds
  /// the sum, rather than this for files of unknown origin.
  func values() -> [Float] {
    let places = indices()
    return storage.withBytes { bytes in
      func read<T: BitwiseCopyable>(_ type: T.Type, _ number: (T) -> Float) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { result, filled in
          filled = 0
          places.visit { place in
            result[filled] = number(bytes.loadUnaligned(fromByteOffset: place * MemoryLayout<T>.size, as: T.self))
            filled += 1
          }
        }
      }
      return switch elementType {
      case .float64: read(UInt64.self) { Float(Double(bitPattern: UInt64(littleEndian: $0))) }
      case .float32: read(UInt32.self) { Float(bitPattern: UInt32(littleEndian: $0)) }
      case .float16: read(UInt16.self) { SafeTensors.float(half: UInt16(littleEndian: $0)) }
      case .bfloat16: read(UInt16.self) { Float(bitPattern: UInt32(UInt16(littleEndian: $0)) << 16) }
      case .int64: read(Int64.self) { Float(Int64(littleEndian: $0)) }
      case .int32: read(Int32.self) { Float(Int32(littleEndian: $0)) }
      case .int16: read(Int16.self) { Float(Int16(littleEndian: $0)) }
      case .int8: read(Int8.self) { Float($0) }
      case .uint8: read(UInt8.self) { Float($0) }
      case .bool: read(UInt8.self) { $0 == 0 ? 0 : 1 }
      }
    }
  }

  private func indices() -> StridedIndices { StridedIndices(offset: offset, shape: shape, strides: strides) }
}

/// The places of a strided view's elements in its storage, last axis fastest.
struct StridedIndices {
  let offset: Int
  let shape: [Int]
  let strides: [Int]

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
