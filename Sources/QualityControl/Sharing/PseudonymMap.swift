import Foundation

/// The table beside a key that says which pseudonym stands for whom.
struct PseudonymMap {
  struct Line: Hashable {
    let name: String
    let pseudonym: String
    let reportID: String
    let sharedReportID: String
    var text: String { "\(name)\t\(pseudonym)\t\(reportID)\t\(sharedReportID)" }
  }

  private static let header = "name\tpseudonym\treport_id\tshared_report_id"

  /// Adds lines to the map, which only its owner may read.
  static func add(_ lines: [Line], to url: URL) throws {
    let standing = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    let earlier = standing.split(separator: "\n").map(String.init)
    guard earlier.isEmpty || earlier[0] == header else {
      throw QualityControlError.badOutput("\(url.path): is no map of pseudonyms and is not replaced; move it away")
    }
    let all = Set(earlier.dropFirst()).union(lines.map(\.text)).sorted()
    let text = ([header] + all).joined(separator: "\n") + "\n"
    guard text != standing else { return }
    do {
      try Data(text.utf8).write(to: url, options: .atomic)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
    } catch {
      throw QualityControlError.badOutput(
        "\(url.path): cannot be written (\(OutputTransaction.reason(error))); put the key into a folder of your own")
    }
  }
}
