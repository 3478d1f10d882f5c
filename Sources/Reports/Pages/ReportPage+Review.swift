import Foundation
import Results

/// What the script of a report works on.
extension ReportPage {
  /// An empty set of decisions bound to this report, for a reader to fill.
  static func decisions(_ results: PatientResults, _ reportID: String) -> PageFields {
    let decisions = ReviewDecisions(
      reportId: reportID, patient: results.patient.label, session: results.patient.session)
    return ["decisions": .text(EmbeddedJSON.text(decisions))]
  }

  private struct SliceFacts: Encodable {
    struct Slice: Encodable {
      let place: String
      let findings: [String]
    }

    let columns: Int
    let rows: Int
    /// The slice that is shown first.
    let start: Int
    let slices: [Slice]
  }

  static func slices(_ results: PatientResults, _ pictures: PagePictures) -> PageFields {
    guard let stack = pictures.sliceStack else { return ["sliceStack": false] }
    let first = results.reviewOrder.first.flatMap { results.finding($0.kind, $0.number)?.id }
    let holding = stack.slices.indices.filter { index in
      first.map { stack.slices[index].findings.contains($0) } ?? false
    }
    let facts = SliceFacts(
      columns: stack.columns, rows: stack.anatomy.height / stack.tileHeight,
      start: holding.isEmpty ? stack.slices.count / 2 : holding[holding.count / 2],
      slices: stack.slices.map { slice in
        SliceFacts.Slice(
          place: "\(slice.indexName) = \(slice.index), z = \(Formatting.signed(slice.positionMillimetres, 1)) mm",
          findings: slice.findings)
      })
    return [
      "sliceStack": .fields([
        "anatomy": .text(PageValue.source(stack.anatomy)), "width": "\(stack.anatomy.width)",
        "height": "\(stack.anatomy.height)", "tileWidth": "\(stack.tileWidth)", "tileHeight": "\(stack.tileHeight)",
        "columns": "\(stack.columns)", "alt": .text(Wording.sliceStackAlt(stack)),
        "stackContours": stack.contours.map { .fields(["source": .text(PageValue.source($0))]) } ?? .flag(false),
        "facts": .text(EmbeddedJSON.text(facts)),
      ])
    ]
  }
}

/// JSON that can stand inside a `<script>` element: every `<` is an escape, so nothing in it can end the element.
enum EmbeddedJSON {
  static func text(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let encoded = try? encoder.encode(value) else {
      preconditionFailure("strings, whole numbers and lists of them can be written as JSON")
    }
    return String(decoding: encoded, as: UTF8.self).replacingOccurrences(of: "<", with: "\\u003c")
  }
}
