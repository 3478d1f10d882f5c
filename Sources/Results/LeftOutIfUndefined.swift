/// A value of the results that may be undefined, because nothing was there to read it from.
public protocol Undefinable: Codable, Sendable, Equatable {
  static var undefined: Self { get }
  var isDefined: Bool { get }
}

/// Leaves an undefined value out of the file, so that it never holds a NaN or a number that nobody measured.
@propertyWrapper
public struct LeftOutIfUndefined<Value: Undefinable>: Codable, Sendable, Equatable {
  public var wrappedValue: Value

  public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }

  public static func == (a: Self, b: Self) -> Bool {
    a.wrappedValue == b.wrappedValue || (!a.wrappedValue.isDefined && !b.wrappedValue.isDefined)
  }
}

extension KeyedEncodingContainer {
  mutating func encode<Value>(_ value: LeftOutIfUndefined<Value>, forKey key: Key) throws {
    if value.wrappedValue.isDefined { try encode(value.wrappedValue, forKey: key) }
  }
}

extension KeyedDecodingContainer {
  func decode<Value>(_ type: LeftOutIfUndefined<Value>.Type, forKey key: Key) throws -> LeftOutIfUndefined<Value> {
    LeftOutIfUndefined(wrappedValue: try decodeIfPresent(Value.self, forKey: key) ?? .undefined)
  }
}

extension Double: Undefinable {
  public static var undefined: Double { .nan }
  public var isDefined: Bool { isFinite }
}

extension String: Undefinable {
  public static var undefined: String { "" }
  public var isDefined: Bool { !isEmpty }
}
