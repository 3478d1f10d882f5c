/// Hands out parameters by name to an architecture and keeps account of what does not fit, so that all of it is reported.
final class ParameterReader {
  private let file: SafeTensors
  private let prefix: String
  private var taken: Set<String> = []
  private var missing: [String] = []
  private var misshapen: [String] = []
  /// Learned numbers handed out.
  private(set) var parameterCount = 0

  init(_ file: SafeTensors) {
    self.file = file
    // DataParallel saves every name under "module.".
    prefix = !file.names.isEmpty && file.names.allSatisfy { $0.hasPrefix("module.") } ? "module." : ""
  }

  /// The values of a parameter, or nothing when it is missing or of another shape; ``finish()`` then throws.
  func take(_ name: String, _ shape: [Int], isLearned: Bool = true) -> [Float] {
    let stored = prefix + name
    guard let found = file.shape(of: stored) else {
      missing.append(name)
      return []
    }
    taken.insert(stored)
    guard found == shape else {
      misshapen.append("\(name) is \(Self.text(found)), expected \(Self.text(shape))")
      return []
    }
    let values = file.tensor(stored)!.values
    if isLearned { parameterCount += values.count }
    return values
  }

  /// - Throws: ``NetworkError/parameters(file:missing:surplus:misshapen:)`` with everything that does not fit.
  func finish() throws {
    let surplus = file.names.filter { !taken.contains($0) && !$0.hasSuffix(".num_batches_tracked") }
    guard missing.isEmpty, surplus.isEmpty, misshapen.isEmpty else {
      throw NetworkError.parameters(file: file.path, missing: missing, surplus: surplus, misshapen: misshapen)
    }
  }

  private static func text(_ shape: [Int]) -> String {
    shape.isEmpty ? "a single number" : shape.map(String.init).joined(separator: " × ")
  }
}
