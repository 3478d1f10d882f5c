import CZlib
import Foundation

/// Bytes as a page carries them: compressed (zlib, RFC 1950, which has no place for a name or a time), then base64.
struct PackedBytes: Sendable, Equatable {
  let base64: String
  /// Before compression.
  let byteCount: Int

  /// Equal bytes give equal text.
  init(_ bytes: [UInt8]) {
    byteCount = bytes.count
    var size = compressBound(uLong(bytes.count))
    var packed = [UInt8](repeating: 0, count: Int(size))
    let status = compress2(&packed, &size, bytes, uLong(bytes.count), 6)
    precondition(status == Z_OK, "compress2 fails only without memory")
    base64 = Data(packed.prefix(Int(size))).base64EncodedString()
  }

  /// Every value but the first of a row becomes what it differs by from the one before it, modulo 256: neighbours are
  /// alike, and small numbers compress better.
  static func differences(_ values: [UInt8], row: Int) -> [UInt8] {
    values.indices.map { $0 % row == 0 ? values[$0] : values[$0] &- values[$0 - 1] }
  }
}
