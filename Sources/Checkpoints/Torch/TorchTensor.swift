/// A tensor of a checkpoint: a strided view of a storage in the file, read when asked for. Its extent was checked
/// against the storage when the checkpoint was opened.
public struct TorchTensor: Sendable {
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
  /// Its size is ``count``, which an expanded view (a stride of 0) can make larger than the file; ask ``StateDict``,
  /// which bounds the sum, rather than this for files of unknown origin.
  func values() -> [Float] {
    storage.withBytes { elementType.values($0, at: StridedIndices(offset: offset, shape: shape, strides: strides)) }
  }
}

/// The bytes that one or more tensors of a checkpoint are views of.
final class TorchStorage: Sendable {
  private enum Content: Sendable {
    case mapped(MappedFile, Range<Int>)
    case inflated([UInt8])
  }

  /// The name within the archive's `data` folder.
  let key: String
  private let content: Content

  init(key: String, file: MappedFile, range: Range<Int>) {
    self.key = key
    content = .mapped(file, range)
  }

  init(key: String, inflated: [UInt8]) {
    self.key = key
    content = .inflated(inflated)
  }

  var byteCount: Int {
    switch content {
    case .mapped(_, let range): range.count
    case .inflated(let bytes): bytes.count
    }
  }

  func withBytes<T>(_ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
    switch content {
    case .mapped(let file, let range): try file.withBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    case .inflated(let bytes): try bytes.withUnsafeBytes(body)
    }
  }
}
