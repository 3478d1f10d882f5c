import AuditTrail
import Digests
import Foundation
import Software

/// Trails as a Process Run Crate (https://w3id.org/ro/wfrun/process/0.5): an action for every command that was run, the
/// program as its instrument, the operator as its agent, files by place or by digest.
///
/// The document describes the output folder and belongs into it as `ro-crate-metadata.json`. Files that are not there
/// are named by their digest (`ni:` URIs of RFC 6920) and not by a place.
struct ProcessRunCrate {
  static let profile = "https://w3id.org/ro/wfrun/process/0.5"
  private static let crate = "https://w3id.org/ro/crate/1.1"

  private let trails: [ExportedTrail]
  /// Everything that is described beside the root, by identifier.
  private var entities: [String: JSONValue] = [:]
  private var actions: [String] = []
  private var parts: Set<String> = []
  /// Places by digest of the files that lie in the folder.
  private let present: [String: Set<String>]

  init(_ trails: [ExportedTrail]) {
    self.trails = trails
    present = Dictionary(grouping: trails.flatMap(\.attested), by: \.sha256).mapValues { Set($0.map(\.path)) }
    for trail in trails { add(trail) }
  }

  var document: JSONValue {
    let last = trails.flatMap { $0.records.map(\.time) }.max() ?? "1970-01-01T00:00:00Z"
    let patients = trails.count { $0.patient != nil }
    let root: JSONValue = [
      "@id": "./", "@type": "Dataset", "conformsTo": reference(Self.profile),
      "name": "Quality control of multiple sclerosis lesion segmentation",
      "description": .string(
        "Masks, saliency maps and reports of \(patients) patient\(patients == 1 ? "" : "s"), with what was done to "
          + "make them, from the audit trails of \(Software.name). \(Software.disclaimer)"),
      "datePublished": .string(last), "license": "Not stated: that of the images these files were made from.",
      "hasPart": .array(parts.sorted().map(reference)), "mentions": .array(actions.map(reference)),
    ]
    let descriptor: JSONValue = [
      "@id": "ro-crate-metadata.json", "@type": "CreativeWork", "conformsTo": reference(Self.crate),
      "about": reference("./"),
    ]
    let profile: JSONValue = [
      "@id": .string(Self.profile), "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5",
    ]
    let others = entities.sorted { $0.key < $1.key }.map(\.value)
    return [
      "@context": ["https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/terms/workflow-run/context"],
      "@graph": .array([descriptor, root, profile] + others),
    ]
  }

  private func reference(_ id: String) -> JSONValue { ["@id": .string(id)] }

  // MARK: - Actions

  private mutating func add(_ trail: ExportedTrail) {
    var begun: AuditRecord?
    // Of the review that is applied next.
    var verdicts: [String] = []
    for record in trail.records {
      switch record.event {
      case "started":
        // A run that was killed leaves nothing but its beginning.
        if let begun { add(begun, of: trail, begun: begun, end: nil, error: "not finished") }
        begun = record
      case "finished":
        add(record, of: trail, begun: begun, end: record.time, error: nil)
        begun = nil
      case "failed", "interrupted":
        add(record, of: trail, begun: begun, end: record.time, error: record.exportedReason ?? "interrupted")
        begun = nil
      // Part of the review that applied it.
      case "decision": continue
      case StudyRecord.event:
        let said = record.exportedVerdict.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        verdicts.append("\(record.content["reader"]?.stringValue ?? "a reader"): \(said)")
      case "reviewed":
        add(record, of: trail, begun: nil, end: record.time, error: nil, notes: verdicts)
        verdicts = []
      default: add(record, of: trail, begun: nil, end: record.time, error: nil)
      }
    }
    if let begun { add(begun, of: trail, begun: begun, end: nil, error: "not finished") }
  }

  private mutating func add(
    _ record: AuditRecord, of trail: ExportedTrail, begun: AuditRecord?, end: String?, error: String?,
    notes: [String] = []
  ) {
    let id = "#action-\(record.hash)"
    // What a failed run read is in the record of its beginning.
    let source = record.exportedInputs.isEmpty ? begun ?? record : record
    let objects =
      source.exportedInputs.map { add($0, of: trail) } + source.exportedSettings.map { add($0.name, $0.value) }
    let results = record.exportedOutputs.map { add($0, of: trail) }
    let settings = source.exportedSettings.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    let readers = (record.content["readers"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ", ")
    let title = "\(record.exportedTitle): \(trail.patient ?? "all patients")"
    var members: [(key: String, value: JSONValue)] = [
      ("@id", .string(id)),
      ("@type", results.isEmpty ? "ActivateAction" : record.event == "rendered" ? "UpdateAction" : "CreateAction"),
      ("name", .string(title)),
      (
        "description",
        .string(
          ([settings.isEmpty ? title : settings, readers.isEmpty ? nil : "decisions of \(readers)"].compactMap { $0 }
            + notes).joined(separator: "; "))
      ), ("identifier", .string("sha256:\(record.hash)")), ("instrument", reference(addProgram(record))),
    ]
    if let name = record.operatorName ?? begun?.operatorName { members.append(("agent", reference(addPerson(name)))) }
    if let begun { members.append(("startTime", .string(begun.time))) }
    if let end { members.append(("endTime", .string(end))) }
    if !objects.isEmpty { members.append(("object", .array(objects.map(reference)))) }
    if !results.isEmpty { members.append(("result", .array(results.map(reference)))) }
    let status = error == nil ? "CompletedActionStatus" : "FailedActionStatus"
    members.append(("actionStatus", reference("http://schema.org/\(status)")))
    if let error { members.append(("error", .string(error))) }
    entities[id] = .object(members)
    actions.append(id)
  }

  // MARK: - What actions refer to

  private mutating func addProgram(_ record: AuditRecord) -> String {
    let (name, version, build) = record.program
    let id = "#\(name)-\(version)" + (build.map { "-\($0.prefix(16))" } ?? "")
    var members: [(key: String, value: JSONValue)] = [
      ("@id", .string(id)), ("@type", "SoftwareApplication"), ("name", .string(name)),
      ("softwareVersion", .string(version)),
    ]
    if let build { members.append(("sha256", .string(build))) }
    entities[id] = .object(members)
    return id
  }

  private mutating func addPerson(_ name: String) -> String {
    let id = "#person-\(Digest.sha256(utf8: name).prefix(16))"
    entities[id] = ["@id": .string(id), "@type": "Person", "name": .string(name)]
    return id
  }

  private mutating func add(_ name: String, _ value: String) -> String {
    let id = "#setting-\(Digest.sha256(utf8: "\(name)=\(value)").prefix(16))"
    entities[id] = ["@id": .string(id), "@type": "PropertyValue", "name": .string(name), "value": .string(value)]
    return id
  }

  private mutating func add(_ file: ExportedFile, of trail: ExportedTrail) -> String {
    // A file that was replaced since is named by what it was.
    let places = present[file.sha256] ?? []
    let path = file.path.map { places.contains($0) ? $0 : nil } ?? places.min()
    let place = path.map(Self.encoded)
    let id = place ?? file.contentURI
    parts.insert(id)
    guard entities[id] == nil else { return id }
    let owner = trail.patient.map { " of \($0)" } ?? ""
    let name = place == nil ? (file.path.map { "\($0), replaced since" } ?? "\(file.name)\(owner)") : path ?? file.name
    var members: [(key: String, value: JSONValue)] = [
      ("@id", .string(id)), ("@type", "File"), ("name", .string(name)), ("sha256", .string(file.sha256)),
    ]
    if let format = (path ?? file.path).flatMap(Self.format) { members.append(("encodingFormat", .string(format))) }
    if let bytes = file.byteCount { members.append(("contentSize", .string("\(bytes)"))) }
    entities[id] = .object(members)
    return id
  }

  /// A relative URI of a place in the folder.
  private static func encoded(_ path: String) -> String {
    path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed.subtracting(CharacterSet(charactersIn: ":")))
      ?? path
  }

  private static func format(_ path: String) -> String? {
    let endings = [
      ".html": "text/html", ".json": "application/json", ".tsv": "text/tab-separated-values", ".pdf": "application/pdf",
      ".nii.gz": "application/gzip", ".nii": "application/octet-stream", ".svg": "image/svg+xml",
      ".md": "text/markdown",
    ]
    return endings.first { path.hasSuffix($0.key) }?.value
  }
}
