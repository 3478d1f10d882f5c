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
    if !ReviewDecisions.knownVersions.contains(content.schemaVersion) {
      return "schema version \(content.schemaVersion) is not known to this version"
    }
    if content.reportId.count != 64 || !content.reportId.utf8.allSatisfy({ isDigit($0) || (97...102).contains($0) }) {
      return "'\(content.reportId.prefix(70))' is no report identifier (64 hexadecimal digits)"
    }
    let marks = content.marks ?? []
    if content.decisions.isEmpty, marks.isEmpty, content.study == nil { return "nobody has decided anything in it" }
    if content.reader.trimmingCharacters(in: .whitespaces).isEmpty {
      return "there are decisions but no reader: write a name or code into the report before saving"
    }
    if content.reader.count > 80 { return "the reader's name is longer than 80 characters" }
    var seen: Set<String> = []
    for decision in content.decisions {
      if !seen.insert(decision.id).inserted { return "\(decision.id) was decided twice" }
      if decision.comment.count > longestComment {
        return "the comment on \(decision.id) is longer than 2000 characters"
      }
      if Set(decision.reasons).count != decision.reasons.count { return "\(decision.id) has a reason twice" }
      if !isTime(decision.time) { return "'\(decision.time)' is no UTC time such as 2026-11-24T09:38:02Z" }
    }
    return marks.lazy.compactMap(Self.fault).first ?? content.study.flatMap(Self.fault)
      ?? (Set(marks.map(\.id)).count < marks.count ? "a mark stands there twice" : nil)
  }

  private static func fault(_ mark: ReviewDecisions.Mark) -> String? {
    guard FindingID(mark.id)?.kind == .readerMark else { return "'\(mark.id.prefix(20))' names no mark (R001)" }
    guard mark.voxel.count == 3, mark.positionMillimetres.count == 3 else {
      return "\(mark.id) has no three coordinates"
    }
    if mark.diameterMillimetres.map({ !(0.1...300).contains($0) }) ?? false {
      return "the diameter of \(mark.id) is not between 0.1 and 300 mm"
    }
    if mark.comment.count > longestComment { return "the comment on \(mark.id) is longer than 2000 characters" }
    return isTime(mark.time) ? nil : "'\(mark.time)' is no UTC time such as 2026-11-24T09:38:02Z"
  }

  private static func fault(_ study: ReviewDecisions.Study) -> String? {
    if let grade = study.grade, !ReviewDecisions.Study.grades.contains(grade) { return "grade \(grade) is not 1 to 5" }
    if study.comment.count > longestComment { return "the comment on the patient is longer than 2000 characters" }
    return isTime(study.time) ? nil : "'\(study.time)' is no UTC time such as 2026-11-24T09:38:02Z"
  }

  private static let longestComment = 2000

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  private static func isTime(_ text: String) -> Bool {
    let pattern = Array("0000-00-00T00:00:00Z".utf8)
    return text.utf8.count == pattern.count
      && zip(text.utf8, pattern).allSatisfy { $1 == UInt8(ascii: "0") ? isDigit($0) : $0 == $1 }
  }
}
