import Foundation

extension JSONParser {
  /// A value of a type from a document that the strict reader takes.
  ///
  /// - Parameter check: looks at the document before it is decoded, at its version for example.
  /// - Throws: ``Problem`` of data that are no JSON, or that name a key twice; what `check` throws; else
  ///   `DecodingError`.
  package static func decode<T: Decodable>(
    _ type: T.Type, from bytes: [UInt8], check: (JSONValue) throws -> Void = { _ in }
  ) throws -> T {
    try check(try bytes.withUnsafeBytes { try parse($0) })
    return try JSONDecoder().decode(type, from: Data(bytes))
  }

  /// What kept a document from being decoded, in a few words without the file.
  package static func reason(_ error: any Error) -> String {
    func path(_ context: DecodingError.Context) -> String {
      context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    return switch error {
    case let problem as Problem: "not JSON: byte \(problem.byte): \(problem.reason)"
    case DecodingError.keyNotFound(let key, _): "'\(key.stringValue)' is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      context.codingPath.isEmpty ? "the document has another type" : "'\(path(context))' has another type"
    case DecodingError.dataCorrupted(let context):
      context.codingPath.isEmpty ? "a value is not allowed" : "'\(path(context))' has a value that is not allowed"
    default: "not readable"
    }
  }
}
