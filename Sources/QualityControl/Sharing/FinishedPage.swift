public import Foundation

/// A report that lies in a file by itself, such as one that a reader saved with decisions inside.
public enum FinishedPage {
  /// Makes sure that a file is a report whose scripts are the program's and that asks for nothing from outside, so that it can be
  /// handed to a browser.
  ///
  /// - Throws: ``QualityControlError/badInput(_:)`` for anything else.
  public static func check(_ page: URL) throws {
    guard let data = try? Data(contentsOf: page) else {
      throw QualityControlError.badInput("\(page.path): cannot be read; expected a report (.html)")
    }
    guard DecisionFile.embedded(in: String(decoding: data, as: UTF8.self)) != nil else {
      throw QualityControlError.badInput(
        "\(page.path): is no report of a patient; expected one that lesionqc wrote or a copy saved from it")
    }
    let active: Set<ReportLint.Finding.Kind> = [.script, .external, .policy]
    if let finding = ReportLint(identifiers: []).findings(in: [UInt8](data)).first(where: { active.contains($0.kind) })
    {
      throw QualityControlError.badInput(
        "\(page.path):\(finding); the file was altered and is not opened: save the report again, or draw it with "
          + "'lesionqc report'")
    }
  }
}
