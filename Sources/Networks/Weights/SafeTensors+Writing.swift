public import Foundation

extension SafeTensors {
  /// Writes tensors in single precision, in alphabetical order.
  ///
  /// - Throws: ``NetworkError/unreadable(file:reason:)`` when the file cannot be written.
  public static func write(_ tensors: [String: Tensor], to url: URL, metadata: [String: String] = [:]) throws {
    do { try encoded(tensors, metadata: metadata).write(to: url, options: .atomic) } catch {
      throw NetworkError.unreadable(file: url.path, reason: "not writable: \(error.localizedDescription)")
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
