package import AuditTrail
package import Results

/// A DICOM object as audit trails name it: of those that were written, and of those that were sent.
package struct ObjectRecord: Sendable, Hashable {
  package static let written = "exported"
  package static let sent = "sent"

  /// File's name in the folder of objects.
  package let file: String
  package let sha256: String
  package let sopClass: String
  package let sopInstance: String
  package let series: String
  package let study: String

  package init(file: String, sha256: String, sopClass: String, sopInstance: String, series: String, study: String) {
    self.file = file
    self.sha256 = sha256
    self.sopClass = sopClass
    self.sopInstance = sopInstance
    self.series = series
    self.study = study
  }

  private init?(_ value: AuditValue) {
    guard let file = value["file"]?.stringValue, let sha256 = value["sha256"]?.stringValue,
      let sopClass = value["sopClassUID"]?.stringValue, let sopInstance = value["sopInstanceUID"]?.stringValue,
      let series = value["seriesInstanceUID"]?.stringValue, let study = value["studyInstanceUID"]?.stringValue
    else { return nil }
    self.init(file: file, sha256: sha256, sopClass: sopClass, sopInstance: sopInstance, series: series, study: study)
  }

  private var value: AuditValue {
    [
      "file": .string(file), "seriesInstanceUID": .string(series), "sha256": .string(sha256),
      "sopClassUID": .string(sopClass), "sopInstanceUID": .string(sopInstance), "studyInstanceUID": .string(study),
    ]
  }

  /// The objects that a trail says were written.
  package static func all(_ records: [AuditRecord]) -> [ObjectRecord] {
    records.filter { $0.event == written }.flatMap { $0.content["objects"]?.arrayValue ?? [] }.compactMap(Self.init)
  }

  /// Details of a record.
  ///
  /// - Parameters:
  ///   - more: what else it says, such as where objects were sent.
  ///   - options: of the command, by name.
  package static func details(
    _ objects: [ObjectRecord], reportID: String, _ more: [String: AuditValue], options: [String: AuditValue],
    by attribution: Attribution
  ) -> AuditValue {
    let members: [String: AuditValue] = ["objects": .array(objects.map(\.value)), "reportId": .string(reportID)]
    return attribution.details(members.merging(more) { members, _ in members }, options: options)
  }
}
