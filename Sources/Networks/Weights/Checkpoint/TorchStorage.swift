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
