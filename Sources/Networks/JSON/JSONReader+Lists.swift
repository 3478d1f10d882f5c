extension JSONReader {
  /// A list of whole numbers; one number stands for `count` equal ones where `count` is known.
  func integers(_ key: String, count: Int? = nil, in range: ClosedRange<Int>, lengths: ClosedRange<Int>) throws -> [Int]
  {
    let value = try required(key)
    if let count, case .integer(let number) = value, range.contains(number) {
      return Array(repeating: number, count: count)
    }
    if case .array(let items) = value, items.count == count ?? items.count, lengths.contains(items.count) {
      let numbers = items.compactMap { item in
        if case .integer(let number) = item, range.contains(number) { number } else { nil }
      }
      if numbers.count == items.count { return numbers }
    }
    let length = count.map(String.init) ?? "\(lengths.lowerBound) to \(lengths.upperBound)"
    throw wrong(
      key, value, expected: "a list of \(length) whole numbers from \(range.lowerBound) to \(range.upperBound)")
  }

  /// A list with a whole number or three for each of `count` stages.
  func triples(_ key: String, count: Int, in range: ClosedRange<Int>) throws -> [[Int]] {
    let value = try required(key)
    if case .array(let items) = value, items.count == count {
      let triples = items.compactMap { Self.triple($0, in: range) }
      if triples.count == items.count { return triples }
    }
    throw wrong(key, value, expected: "a list of \(count), each \(Self.tripleText(range))")
  }

  /// Kernels that keep the shape of what they are applied to: odd along every axis.
  func requireOdd(_ kernels: [[Int]], _ key: String) throws {
    if let even = kernels.first(where: { $0.contains { $0 % 2 == 0 } }) {
      throw fail(key, "has \(even); kernels must be odd")
    }
  }

  /// Strides of all levels that a window can be divided by.
  func requireDivisibility(by strides: [[Int]]) throws {
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
