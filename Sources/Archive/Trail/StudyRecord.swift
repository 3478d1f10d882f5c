import AuditTrail
import JSON
import Results
import Statistics

/// What one reader says of a study as a whole and which lesions the reader marked, as the audit trail holds it: one
/// record for each file in which that changed.
struct StudyRecord {
  static let event = "study"

  let reader: String
  let reportID: String
  let study: ReviewDecisions.Study
  let marks: [ReviewDecisions.Mark]
  /// When the file was saved, UTC.
  let savedAt: String

  init(_ content: ReviewDecisions, reportID: String) {
    reader = content.reader
    self.reportID = reportID
    study = content.study ?? ReviewDecisions.Study()
    marks = content.marks ?? []
    savedAt = content.savedAt ?? ([study.time] + marks.map(\.time)).max() ?? ""
  }

  /// Nil for a record of another kind.
  init?(_ record: AuditRecord) {
    let details = record.content
    guard record.event == Self.event, let reader = details["reader"]?.stringValue,
      let reportID = details["reportId"]?.stringValue, let savedAt = details["savedAt"]?.stringValue,
      let verdict = details["verdict"]?.stringValue.flatMap(ReviewDecisions.Study.Verdict.init),
      let comment = details["comment"]?.stringValue, let time = details["time"]?.stringValue,
      let marks = details["marks"]?.arrayValue
    else { return nil }
    self.reader = reader
    self.reportID = reportID
    study = ReviewDecisions.Study(
      verdict: verdict, grade: details["grade"]?.asDouble.map { Int(saturating: $0) }, comment: comment, time: time)
    self.marks = marks.compactMap(ReviewDecisions.Mark.init)
    self.savedAt = savedAt
  }

  var isEmpty: Bool { study.isEmpty && marks.isEmpty }

  /// Whether two files say the same, whenever they were saved.
  func says(_ other: StudyRecord) -> Bool { study == other.study && marks == other.marks }

  /// - Parameters:
  ///   - source: SHA-256 of the file that it came in.
  ///   - seen: identifier of the report that the reader saw.
  func details(source: String, seen: String) -> AuditValue {
    var members: [String: AuditValue] = [
      "comment": .string(study.comment), "marks": .array(marks.map(\.details)), "reader": .string(reader),
      "reportId": .string(reportID), "savedAt": .string(savedAt), "sourceSha256": .string(source),
      "time": .string(study.time), "verdict": .string(study.verdict.rawValue),
    ]
    if let grade = study.grade { members["grade"] = .integer(grade) }
    if seen != reportID { members["sharedReportId"] = .string(seen) }
    return AuditValue(members)
  }

  /// Those on the results with this identifier.
  static func all(_ records: [AuditRecord], on reportID: String) -> [StudyRecord] {
    records.compactMap(StudyRecord.init).filter { $0.reportID == reportID }
  }

  /// The latest of each reader that says something, by name of the reader.
  static func latest(_ records: [StudyRecord]) -> [StudyRecord] {
    Dictionary(grouping: records, by: \.reader).values.compactMap { $0.max { $0.savedAt < $1.savedAt } }.filter {
      !$0.isEmpty
    }.sorted { $0.reader < $1.reader }
  }
}

extension ReviewDecisions.Mark {
  fileprivate var details: AuditValue {
    var members: [String: AuditValue] = [
      "comment": .string(comment), "id": .string(id), "time": .string(time),
      "positionMillimetres": .array(positionMillimetres.map { .number($0) }),
      "voxel": .array(voxel.map { .integer($0) }),
    ]
    if let diameterMillimetres { members["diameterMillimetres"] = .number(diameterMillimetres) }
    return AuditValue(members)
  }

  fileprivate init?(_ details: AuditValue) {
    guard let id = details["id"]?.stringValue, let comment = details["comment"]?.stringValue,
      let time = details["time"]?.stringValue, let voxel = details["voxel"]?.arrayValue,
      let position = details["positionMillimetres"]?.arrayValue
    else { return nil }
    self.init(
      id: id, voxel: voxel.compactMap { $0.asDouble.map { Int(saturating: $0) } },
      positionMillimetres: position.compactMap(\.asDouble),
      diameterMillimetres: details["diameterMillimetres"]?.asDouble, comment: comment, time: time)
  }
}
