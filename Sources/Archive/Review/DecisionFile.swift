import AuditTrail
import Digests
import Files
import Foundation
import JSON
import Lesions
import Reports
import Results

/// One reader's decisions as they came: a saved report or an exported decisions file.
struct DecisionFile {
  let url: URL
  let sha256: String
  let content: ReviewDecisions

  /// `sub-01` or `sub-01_ses-02`.
  var patient: String { [content.patient, content.session].compactMap { $0 }.joined(separator: "_") }

  /// - Throws: ``Fault`` for a file that holds no decisions or breaks their schema.
  init(_ url: URL) throws {
    let data: [UInt8]
    do { data = try SmallFile.read(url, .page) } catch {
      var fault = Fault(error, .input)
      fault.expected = "a saved report (.html) or an exported decisions file (.json)"
      throw fault
    }
    let text = String(decoding: data, as: UTF8.self)
    let isPage = text.prefix(1000).trimmingCharacters(in: .whitespacesAndNewlines).hasPrefix("<")
    guard let json = isPage ? Self.embedded(in: text) : text else {
      throw Fault(
        .input, url.path, found: "holds no decisions (<script type=\"application/json\" id=\"decisions\">)",
        remedy: .plain("save it with 'Save report with decisions'"))
    }
    do { content = try JSONParser.decode(ReviewDecisions.self, from: Array(json.utf8)) } catch {
      throw Fault(
        .input, url.path,
        found: "the decisions do not follow docs/schemas/decisions.schema.json (\(JSONParser.reason(error)))",
        remedy: .plain("save or export them again"))
    }
    self.url = url
    sha256 = Digest.sha256(data)
    if let fault = Self.fault(content) {
      throw Fault(
        .input, url.path, found: fault, remedy: .plain("review the report, then save or export the decisions again"))
    }
  }

  /// The text of the element with the decisions.
  static func embedded(in page: String) -> String? {
    var rest = page[...]
    while let opening = rest.range(of: "<script") {
      rest = rest[opening.upperBound...]
      guard let end = rest.range(of: ">") else { return nil }
      let tag = rest[..<end.lowerBound]
      rest = rest[end.upperBound...]
      guard let close = rest.range(of: "</script", options: .caseInsensitive) else { return nil }
      if tag.contains("id=\"decisions\"") { return String(rest[..<close.lowerBound]) }
      rest = rest[close.upperBound...]
    }
    return nil
  }

  /// What the type alone does not say, in words.
  private static func fault(_ content: ReviewDecisions) -> String? {
    if content.schemaVersion != 1 { return "schema version \(content.schemaVersion) is not known to this version" }
    if content.reportId.count != 64 || !content.reportId.utf8.allSatisfy({ isDigit($0) || (97...102).contains($0) }) {
      return "'\(content.reportId.prefix(70))' is no report identifier (64 hexadecimal digits)"
    }
    if content.decisions.isEmpty { return "nobody has decided anything in it" }
    if content.reader.trimmingCharacters(in: .whitespaces).isEmpty {
      return "there are decisions but no reader: write a name or code into the report before saving"
    }
    if content.reader.count > 80 { return "the reader's name is longer than 80 characters" }
    var seen: Set<String> = []
    for decision in content.decisions {
      if !seen.insert(decision.id).inserted { return "\(decision.id) was decided twice" }
      if decision.comment.count > 2000 { return "the comment on \(decision.id) is longer than 2000 characters" }
      if Set(decision.reasons).count != decision.reasons.count { return "\(decision.id) has a reason twice" }
      if !isTime(decision.time) { return "'\(decision.time)' is no UTC time such as 2026-11-24T09:38:02Z" }
    }
    return nil
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  private static func isTime(_ text: String) -> Bool {
    let pattern = Array("0000-00-00T00:00:00Z".utf8)
    return text.utf8.count == pattern.count
      && zip(text.utf8, pattern).allSatisfy { $1 == UInt8(ascii: "0") ? isDigit($0) : $0 == $1 }
  }
}
