import AuditTrail
import JSON
import Results

/// A mask that was edited elsewhere, as the audit trail holds it.
enum CorrectionRecord {
  static let event = "corrected"

  static func details(_ mask: CorrectedMask, reportID: String, by attribution: Attribution) -> AuditValue {
    attribution.details(["correctedMask": AuditValue(encoding: mask), "reportId": .string(reportID)])
  }

  /// Nil for a record of another kind.
  static func mask(_ record: AuditRecord) -> CorrectedMask? {
    guard record.event == event, let value = record.content["correctedMask"] else { return nil }
    return try? JSONParser.decode(CorrectedMask.self, from: Array(value.text().utf8))
  }

  /// The last one given for these very results.
  static func latest(_ records: [AuditRecord], reportID: String) -> CorrectedMask? {
    records.last { $0.event == event && $0.content["reportId"]?.stringValue == reportID }.flatMap(mask)
  }
}
