extension JSONReader {
  /// A list of whole numbers; one number stands for `count` equal ones where `count` is known.
  package func integers(_ key: String, count: Int? = nil, in range: ClosedRange<Int>, lengths: ClosedRange<Int>) throws
    -> [Int]
  {
    let value = try required(key)
    if let count, case .integer(let number) = value, range.contains(number) {
      return Array(repeating: number, count: count)
    }
    if let numbers = Self.integers(value, in: range), numbers.count == count ?? numbers.count,
      lengths.contains(numbers.count)
    {
      return numbers
    }
    let length = count.map(String.init) ?? "\(lengths.lowerBound) to \(lengths.upperBound)"
    throw wrong(
      key, value, expected: "a list of \(length) whole numbers from \(range.lowerBound) to \(range.upperBound)")
  }

  /// A list with a whole number or three for each of `count` stages.
  package func triples(_ key: String, count: Int, in range: ClosedRange<Int>) throws -> [[Int]] {
    let value = try required(key)
    if case .array(let items) = value, items.count == count {
      let triples = items.compactMap { Self.triple($0, in: range) }
      if triples.count == items.count { return triples }
    }
    throw wrong(key, value, expected: "a list of \(count), each \(Self.tripleText(range))")
  }

  /// A whole number for all three axes, or one for each.
  package func triple(_ key: String, in range: ClosedRange<Int>, default fallback: Int) throws -> [Int] {
    guard let value = optional(key) else { return [fallback, fallback, fallback] }
    return try Self.triple(value, in: range) ?? { throw wrong(key, value, expected: Self.tripleText(range)) }()
  }

  package static func triple(_ value: JSONValue, in range: ClosedRange<Int>) -> [Int]? {
    if case .integer(let number) = value, range.contains(number) { return [number, number, number] }
    let numbers = integers(value, in: range)
    return numbers?.count == 3 ? numbers : nil
  }

  package static func tripleText(_ range: ClosedRange<Int>) -> String {
    "a whole number from \(range.lowerBound) to \(range.upperBound), or a list of three"
  }

  /// The numbers of a list that holds nothing but whole numbers in a range; nil for another value.
  package static func integers(_ value: JSONValue, in range: ClosedRange<Int>) -> [Int]? {
    guard case .array(let items) = value else { return nil }
    let numbers = items.compactMap { item in
      if case .integer(let number) = item, range.contains(number) { number } else { nil }
    }
    return numbers.count == items.count ? numbers : nil
  }

  /// Kernels that keep the shape of what they are applied to: odd along every axis.
  package func requireOdd(_ kernels: [[Int]], _ key: String) throws {
    if let even = kernels.first(where: { $0.contains { $0 % 2 == 0 } }) {
      throw fail(key, "has \(even); kernels must be odd")
    }
  }

  /// Strides of all levels that a window can be divided by.
  package func requireDivisibility(by strides: [[Int]]) throws {
    for axis in 0..<3 {
      var product = 1
      for stride in strides {
        product *= stride[axis]
        guard product <= ConfigurationBounds.totalStride else {
          throw fail(
            "strides",
            "multiply to more than \(ConfigurationBounds.totalStride) along an axis, which is the longest window")
        }
      }
    }
  }
}

/// Bounds that no network in use comes near; they keep a damaged description from asking for absurd sizes.
package enum ConfigurationBounds {
  package static let channels = 1...65_536
  package static let kernel = 1...31
  package static let stride = 1...32
  package static let levels = 2...16
  /// What strides may multiply to along an axis: the longest window.
  package static let totalStride = 1024
  /// Convolutions or blocks in a row.
  package static let repetitions = 1...64
}
