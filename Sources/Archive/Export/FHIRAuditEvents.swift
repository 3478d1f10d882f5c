import AuditTrail
import Digests
import Foundation

/// Records as `AuditEvent`s of FHIR R4 (4.0.1, https://hl7.org/fhir/R4/auditevent.html): one for every record.
enum FHIRAuditEvents {
  private static let dicom = "http://dicom.nema.org/resources/ontology/DCM"
  private static let lifecycle = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle"
  private static let entityType = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
  private static let entityRole = "http://terminology.hl7.org/CodeSystem/object-role"
  private static let uri = "urn:ietf:rfc:3986"

  static func bundle(_ trails: [ExportedTrail]) -> JSONValue {
    let events = trails.flatMap { trail in trail.records.map { (trail, $0) } }
    return [
      "resourceType": "Bundle", "type": "collection",
      "timestamp": .string(events.map(\.1.time).max() ?? "1970-01-01T00:00:00Z"),
      "entry": .array(
        events.map { trail, record in
          ["fullUrl": .string("urn:uuid:\(uuid(record.hash))"), "resource": event(record, of: trail)]
        }),
    ]
  }

  /// A UUID of version 8 (RFC 9562) made of a digest, so that the same record has the same one.
  private static func uuid(_ hash: String) -> String {
    var digits = Array(hash.prefix(32))
    digits[12] = "8"
    digits[16] = "8"
    let text = String(digits)
    let cuts = [0, 8, 12, 16, 20, 32].map { text.index(text.startIndex, offsetBy: $0) }
    return zip(cuts, cuts.dropFirst()).map { String(text[$0..<$1]) }.joined(separator: "-")
  }

  private static func event(_ record: AuditRecord, of trail: ExportedTrail) -> JSONValue {
    let (action, subtype) = kind(record)
    var members: [(key: String, value: JSONValue)] = [
      ("resourceType", "AuditEvent"), ("id", .string(record.hash)),
      ("type", coding(dicom, "110100", "Application Activity")), ("subtype", [subtype]), ("action", .string(action)),
      ("recorded", .string(record.time)), ("outcome", .string(outcome(record))),
      ("outcomeDesc", .string(record.exportedReason ?? record.exportedTitle)), ("agent", .array(agents(record))),
      ("source", ["observer": ["display": .string(observer(record))]]),
    ]
    if !entities(record, trail).isEmpty { members.append(("entity", .array(entities(record, trail)))) }
    return .object(members)
  }

  private static func coding(_ system: String, _ code: String, _ display: String) -> JSONValue {
    ["system": .string(system), "code": .string(code), "display": .string(display)]
  }

  /// Action (create, update, read, execute) and what kind of event it is.
  private static func kind(_ record: AuditRecord) -> (action: String, subtype: JSONValue) {
    switch record.event {
    case "started": ("E", coding(dicom, "110120", "Application Start"))
    case "failed", "interrupted": ("E", coding(dicom, "110121", "Application Stop"))
    case "finished", "calibrated", "evaluated":
      ("C", coding(lifecycle, "originate", "Originate/Retain Record Lifecycle Event"))
    case "rendered": ("U", coding(lifecycle, "amend", "Amend (Update) Record Lifecycle Event"))
    case "decision", StudyRecord.event: ("C", coding(lifecycle, "attest", "Attest Record Lifecycle Event"))
    case CorrectionRecord.event, "reviewed": ("U", coding(lifecycle, "amend", "Amend (Update) Record Lifecycle Event"))
    case "shared": ("C", coding(lifecycle, "pseudonymize", "Pseudonymize Record Lifecycle Event"))
    case "printed": ("R", coding(lifecycle, "output", "Output/Report Record Lifecycle Event"))
    default: ("E", coding(dicom, "110100", "Application Activity"))
    }
  }

  /// 0 success, 4 minor failure, 8 serious failure.
  private static func outcome(_ record: AuditRecord) -> String {
    switch record.event {
    case "failed": record.content["skipped"] == .bool(true) ? "4" : "8"
    case "interrupted": "4"
    default: "0"
    }
  }

  /// Who asked for it, then the program.
  private static func agents(_ record: AuditRecord) -> [JSONValue] {
    let person = record.content["reader"]?.stringValue ?? record.operatorName
    return [
      ["who": ["display": .string(person ?? "not named")], "requestor": true],
      [
        "type": ["coding": [coding(dicom, "110150", "Application")]], "who": ["display": .string(observer(record))],
        "requestor": false,
      ],
    ]
  }

  private static func observer(_ record: AuditRecord) -> String {
    let (name, version, build) = record.program
    return "\(name) \(version)" + (build.map { ", build sha256:\($0)" } ?? "")
  }

  /// The patient, the record itself with the options, and every file.
  private static func entities(_ record: AuditRecord, _ trail: ExportedTrail) -> [JSONValue] {
    var entities: [JSONValue] = []
    if let patient = trail.patient {
      entities.append([
        "what": ["identifier": ["value": .string(patient)]], "type": coding(entityType, "1", "Person"),
        "role": coding(entityRole, "1", "Patient"), "name": .string(patient),
      ])
    }
    let chain = [("trail", trail.name), ("sequence", "\(record.sequence)"), ("previousHash", record.previousHash)]
    let signer = record.publicKey.map { [("publicKey", $0.hexadecimal)] } ?? []
    let decided = record.event == "decision" ? ["finding", "decision", "comment"] : []
    let decision = decided.compactMap { key in record.content[key]?.stringValue.flatMap { $0.isEmpty ? nil : (key, $0) }
    }
    let details =
      (chain + signer + decision + record.exportedVerdict + record.exportedSettings.map { ($0.name, $0.value) }).map {
        name, value -> JSONValue in ["type": .string(name), "valueString": .string(value)]
      }
    entities.append([
      "what": ["identifier": ["system": .string(uri), "value": .string(contentURI(record.hash))]],
      "type": coding(entityType, "2", "System Object"), "role": coding(entityRole, "13", "Security Resource"),
      "name": "audit record", "detail": .array(details),
    ])
    let files = record.exportedInputs.map { ($0, "read") } + record.exportedOutputs.map { ($0, "written") }
    entities += files.map { file, use in
      [
        "what": ["identifier": ["system": .string(uri), "value": .string(file.contentURI)]],
        "type": coding(entityType, "2", "System Object"), "role": coding(entityRole, "3", "Report"),
        "name": .string(file.name), "description": .string(use),
      ]
    }
    return entities
  }

  private static func contentURI(_ digest: String) -> String { ExportedFile(name: "", sha256: digest).contentURI }
}
