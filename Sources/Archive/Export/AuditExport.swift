import AuditTrail
import Digests
public import Foundation
import Results

/// The trails of an output folder in a form that other programs exchange.
public enum AuditExport {
  public enum Format: String, Sendable, CaseIterable {
    /// Process Run Crate 0.5, a profile of RO-Crate 1.1: one action for every command.
    case roCrate = "ro-crate"
    /// FHIR R4 (4.0.1), a collection of `AuditEvent`: one for every record.
    case fhir
  }

  /// The document, without the path of any folder.
  ///
  /// - Throws: ``Fault`` for a folder without trails, `AuditError` for a trail that is not intact: what cannot be
  ///   trusted is not handed on.
  public static func document(of root: URL, as format: Format) throws -> String {
    let names = OutputLayout.trailNames(in: root)
    guard !names.isEmpty else { throw OutputLayout.withoutTrails(root) }
    let trails = try names.map { name in
      ExportedTrail(name: name, records: try AuditLog(url: OutputLayout.auditTrail(of: name, in: root)).records())
    }
    let document =
      switch format {
      case .roCrate: ProcessRunCrate(trails).document
      case .fhir: FHIRAuditEvents.bundle(trails)
      }
    return document.text() + "\n"
  }
}

/// One trail, and what its records say in common words.
struct ExportedTrail {
  let name: String
  let records: [AuditRecord]

  /// `sub-01` of `sub-01_ses-02`; nil for the trail of the cohort.
  var patient: String? { name == OutputLayout.cohortTrail ? nil : name }

  /// The files that the trail attests now.
  var attested: [OutputTransaction.File] { patient == nil ? records.cohortOutputs : records.attestedOutputs }
}

/// A file as a record names it, without its folder.
struct ExportedFile: Hashable {
  /// What it was to the action: `FLAIR`, `results of sub-01`; or its place in the output folder.
  let name: String
  let sha256: String
  /// Where it lies in the output folder; nil for a file of another place.
  var path: String?
  var byteCount: Int?

  /// The content's name by its digest (RFC 6920), which needs no place.
  var contentURI: String {
    let bytes = Digest.bytes(hexadecimal: sha256) ?? []
    let base64 = Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
    return "ni:///sha-256;\(base64.prefix { $0 != "=" })"
  }
}

extension AuditRecord {
  /// What the action read: images, model, calibration, results, decisions.
  var exportedInputs: [ExportedFile] {
    var files: [ExportedFile] = []
    func add(_ name: String, _ digest: AuditValue?) {
      if let digest = digest?.stringValue, Digest.isSHA256(digest) {
        files.append(ExportedFile(name: name, sha256: digest))
      }
    }
    for input in content["inputs"]?.arrayValue ?? [] {
      if let role = input["role"]?.stringValue { add(role, input["sha256"]) }
      if let patient = input["patient"]?.stringValue {
        add("results of \(patient)", input["results"])
        add("reference segmentation of \(patient)", input["reference"])
      }
    }
    add("model.json", content["model"]?["modelSha256"])
    for weights in content["model"]?["weightFiles"]?.arrayValue ?? [] { add("model weights", weights["sha256"]) }
    add("calibration", content["calibration"]?["sha256"])
    add("corrected mask", content["correctedMask"]?["sha256"])
    add("training intensities", content["intensities"]?["sha256"])
    for source in content["sources"]?.arrayValue ?? [] { add("decisions of a reader", source["sha256"]) }
    add("report", content["pageSha256"])
    if event != "finished" { add("results", content["reportId"]) }
    return files
  }

  /// What the action wrote.
  var exportedOutputs: [ExportedFile] {
    let elsewhere = (content["outputsElsewhere"]?.arrayValue ?? []).compactMap { value -> ExportedFile? in
      guard let name = value["file"]?.stringValue, let digest = value["sha256"]?.stringValue else { return nil }
      return ExportedFile(name: name, sha256: digest)
    }
    // Of a failure these are paths.
    let copied = event == "shared" ? content["files"]?.arrayValue ?? [] : []
    let shared = copied.compactMap(\.stringValue).filter(Digest.isSHA256).map {
      ExportedFile(name: "a file of the copy under a pseudonym", sha256: $0)
    }
    return ((try? outputs()) ?? []).map {
      ExportedFile(name: $0.path, sha256: $0.sha256, path: $0.path, byteCount: $0.byteCount)
    } + elsewhere + shared
  }

  /// Options and settings by name, as text, in order of name.
  var exportedSettings: [(name: String, value: String)] {
    var values: [String: String] = [:]
    for key in ["settings", "options"] {
      guard case .object(let members)? = content[key] else { continue }
      for (name, value) in members where value != .null { values[name] = value.stringValue ?? value.line }
    }
    return values.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
  }

  /// Why it failed, without folders.
  var exportedReason: String? { content["reason"] == nil ? nil : content.pageReason }

  /// What a reader says of the segmentation as a whole, by name and as text; empty for a record of another kind.
  var exportedVerdict: [(name: String, value: String)] {
    guard let record = StudyRecord(self) else { return [] }
    let study = record.study
    let said = [
      ("verdict", study.verdict == .undecided ? nil : study.verdict.rawValue), ("grade", study.grade.map { "\($0)" }),
      ("comment", study.comment.isEmpty ? nil : study.comment),
      ("marks", record.marks.isEmpty ? nil : "\(record.marks.count)"),
      ("statedAt", study.time.isEmpty ? nil : study.time),
    ]
    return said.compactMap { name, value in value.map { (name, $0) } }
  }

  var operatorName: String? { content["operator"]?.stringValue }

  /// The program that wrote it.
  var program: (name: String, version: String, build: String?) {
    let software = content["software"]
    return (
      software?["name"]?.stringValue ?? "lesionqc", software?["version"]?.stringValue ?? "not recorded",
      software?["build"]?.stringValue
    )
  }

  /// What was done, for people.
  var exportedTitle: String {
    switch event {
    case "started" where isOfPreparation: "Begin the preparation of images"
    case _ where isOfPreparation: "Prepare images"
    case "prepared": "Do a step of the preparation of images"
    case "started": "Begin the analysis"
    case "finished": content["pseudonymised"] == .bool(true) ? "Write a copy under a pseudonym" : "Analyse"
    case "failed": content["skipped"] == .bool(true) ? "Skip" : "Analyse"
    case "interrupted": "Analyse"
    case "rendered": "Draw the report again"
    case "decision": "Decide on a finding"
    case CorrectionRecord.event: "Take over a corrected mask"
    case StudyRecord.event: "Judge the segmentation as a whole"
    case "reviewed": "Apply the decisions of readers"
    case "shared": "Share under a pseudonym"
    case "printed": "Print the report"
    case "calibrated": "Calibrate the error score"
    case "evaluated": "Compare with reference segmentations"
    default: event
    }
  }
}
