public import Foundation
public import Reports
public import Results

/// What `lesionqc check` found: the content of its JSON file. No time stamp and no path.
public struct CheckReport: Codable, Sendable, Equatable {
  public var schemaVersion = 1
  public var software: SoftwareIdentity
  public var model: ModelIdentity
  /// `phantom` or `scan`.
  public var subject: String
  public var settings: CheckSettings
  /// Lesions that the model found, and identifiers of those looked at.
  public var lesionsFound: Int
  public var lesionsChecked: [String]
  public var checks: [CheckFacts]
  /// Nil unless asked for.
  public var experiments: ExperimentFacts?

  public var failed: Int { checks.count { $0.passed == false } }

  /// The file's bytes: sorted keys, two-space indentation; equal results give equal bytes.
  public func encoded() throws -> Data {
    Data(try PrettyJSON.bytes(of: self))
  }

  /// One line per check, then what the experiments came to.
  public var lines: [String] {
    checks.map { check in
      let figures = check.measures.isEmpty ? check.detail : check.figures
      return "\(check.verdict)  \(check.name): \(figures) (rule: \(check.rule))"
    } + (experiments?.lines ?? [])
  }
}

extension CheckReport {
  /// Writes the JSON file, and the curve of the experiments beside it.
  ///
  /// - Throws: ``QualityControlError/badOutput(_:)``.
  public func write(to file: URL) throws {
    do {
      try encoded().write(to: file, options: .atomic)
      if let svg = experiments?.curveSVG {
        try Data(svg.utf8).write(to: file.deletingPathExtension().appendingPathExtension("svg"), options: .atomic)
      }
    } catch {
      throw QualityControlError.badOutput(
        "\(file.path): cannot be written (\(OutputTransaction.reason(error))); choose another place for --output")
    }
  }
}
