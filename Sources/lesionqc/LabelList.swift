import ArgumentParser

/// Values of a label image as an option takes them: `99` or `2,41`.
struct LabelList: ExpressibleByArgument, Equatable {
  /// Whole numbers up to here are exact in the single precision in which voxels are held.
  static let largest = 1 << 24

  /// Ascending, each once.
  let labels: [Int]

  /// - Returns: nil unless the text is a list of whole numbers other than 0, the background.
  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0.filter { $0 != " " }) }
    guard numbers.count == parts.count, numbers.allSatisfy({ $0 != 0 && abs($0) <= Self.largest }) else { return nil }
    labels = Set(numbers).sorted()
  }

  var defaultValueDescription: String { labels.map(String.init).joined(separator: ",") }

  static let valueName = "n[,n]"
}
