public import Foundation

/// A memory-mapped safetensors file: named tensors whose bytes are checked to lie inside the file before any is read.
///
/// Format (github.com/huggingface/safetensors): 8 bytes little-endian header length N, N bytes of JSON that give each
/// tensor `dtype`, `shape` and `data_offsets` [begin, end) within the data that follow, and the data, without holes or
/// overlaps.
public struct SafeTensors: Sendable {
  /// The element types that are read, by their names in the format.
  static let elementTypes: KeyValuePairs<String, ElementType> = [
    "F64": .float64, "F32": .float32, "F16": .float16, "BF16": .bfloat16, "I64": .int64,
  ]

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

  /// - Throws: ``CheckpointError/unreadable(file:reason:)``, ``CheckpointError/malformed(file:reason:remedy:)``.
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
  package func changing(_ names: [String], _ change: (_ name: String, _ values: [Float]) -> [Float]) -> SafeTensors {
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
  package func holdsSame(_ first: String, _ second: String) -> Bool {
    guard let a = entries[first], let b = entries[second], a.type == b.type, a.shape == b.shape else { return false }
    return file.bytes[a.range].elementsEqual(file.bytes[b.range])
  }

  private func values(_ entry: Entry) -> [Float] {
    let count = entry.shape.reduce(1, *)
    return entry.type.values(
      UnsafeRawBufferPointer(rebasing: file.bytes[entry.range]),
      at: StridedIndices(offset: 0, shape: [count], strides: [1]))
  }
}

extension SafeTensors {
  /// Writes tensors in single precision, in alphabetical order.
  ///
  /// - Throws: ``CheckpointError/unreadable(file:reason:)`` when the file cannot be written.
  public static func write(_ tensors: [String: Tensor], to url: URL, metadata: [String: String] = [:]) throws {
    do { try encoded(tensors, metadata: metadata).write(to: url, options: .atomic) } catch {
      throw CheckpointError.unreadable(file: url.path, reason: "not writable: \(error.localizedDescription)")
    }
  }

  static func encoded(_ tensors: [String: Tensor], metadata: [String: String] = [:]) -> Data {
    var members: [String] = []
    if !metadata.isEmpty {
      let remarks = metadata.sorted { $0.key < $1.key }.map {
        "\(JSONValue.quoted($0.key)):\(JSONValue.quoted($0.value))"
      }
      members.append("\"__metadata__\":{\(remarks.joined(separator: ","))}")
    }
    var data = Data()
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let start = data.count
      tensor.values.withUnsafeBytes { data.append(contentsOf: $0) }
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(JSONValue.quoted(name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(start),\(data.count)]}")
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    while header.count % 8 != 0 { header.append(0x20) }
    var file = Data()
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { file.append(contentsOf: $0) }
    file.append(contentsOf: header)
    file.append(data)
    return file
  }
}
