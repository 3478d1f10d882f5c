public import Foundation

/// JSON files as they are written everywhere: sorted keys, two-space indentation, a line end at the end.
public enum PrettyJSON {
  /// Equal values give equal bytes.
  ///
  /// - Throws: `EncodingError`, for a number that is not finite for example.
  public static func bytes(of value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
  }
}
