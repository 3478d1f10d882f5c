import AuditTrail
import Digests
import Files
import Foundation
import Results
import Software

/// The files that a trail attests, and those that were read.
extension AuditCheck {
  static func check(
    _ record: AuditRecord, outputs: [OutputTransaction.File], patient: String, root: URL, _ faults: inout [Breach],
    _ notes: inout [String]
  ) {
    check(outputs, patient: patient, root: root, &faults)
    for input in record.inputs {
      guard let digest = try? Digest.sha256(file: URL(fileURLWithPath: input.path)) else {
        notes.append("\(patient): \(input.role) input is no longer where it was and was not checked")
        continue
      }
      if digest != input.sha256 {
        faults.append(Breach(patient: patient, kind: .alteredInput, text: "\(input.role) (\(input.path))"))
      }
    }
    let details = record.content
    for (key, name) in [("calibration", "calibration"), ("intensities", "file of training intensities")] {
      guard let path = details[key]?["file"]?.stringValue, let expected = details[key]?["sha256"]?.stringValue else {
        continue
      }
      if let digest = try? Digest.sha256(file: URL(fileURLWithPath: path)) {
        if digest != expected {
          faults.append(Breach(patient: patient, kind: .alteredModel, text: "\(name) (\(path))"))
        }
      } else {
        notes.append("\(patient): the \(name) is no longer where it was and was not checked")
      }
    }
    guard let folder = details["model"]?["folder"]?.stringValue else { return }
    var expected = [(file: "model.json", sha256: details["model"]?["modelSha256"]?.stringValue)]
    for weights in details["model"]?["weightFiles"]?.arrayValue ?? [] {
      if let file = weights["file"]?.stringValue { expected.append((file, weights["sha256"]?.stringValue)) }
    }
    for (file, expected) in expected {
      guard let url = try? ContainedPath(fileName: file).place(in: URL(fileURLWithPath: folder), for: .reading),
        let digest = try? Digest.sha256(file: url)
      else {
        notes.append("\(patient): \(file) of the model is no longer where it was and was not checked")
        continue
      }
      if let expected, digest != expected { faults.append(Breach(patient: patient, kind: .alteredModel, text: file)) }
    }
  }

  static func check(_ outputs: [OutputTransaction.File], patient: String, root: URL, _ faults: inout [Breach]) {
    for output in outputs {
      guard let digest = try? Digest.sha256(file: output.place.place(in: root, for: .reading)) else {
        faults.append(Breach(patient: patient, kind: .missingOutput, text: output.path))
        continue
      }
      if digest != output.sha256 { faults.append(Breach(patient: patient, kind: .alteredOutput, text: output.path)) }
    }
  }

  /// What is in no record, and a description of the data set that no version of the program that worked here wrote.
  static func checkFolder(
    _ root: URL, chains: [String: AuditVerification], withoutTrail: Set<String>, _ faults: inout [Breach],
    _ notes: inout [String]
  ) {
    let attested = chains.values.flatMap {
      $0.records.attestedOutputs.map(\.path) + $0.records.cohortOutputs.map(\.path)
    }
    let unknown = chains.filter { name, chain in
      if name == OutputLayout.cohortTrail { return false }
      if case .done = TrailState(chain.records) { return chain.findings.contains(where: \.hidesRecords) }
      return true
    }
    let foreign = ForeignFiles(in: root, attested: Set(attested), unknown: withoutTrail.union(unknown.keys))
    for (patient, files) in Dictionary(grouping: foreign.ofPatients, by: \.patient).sorted(by: { $0.key < $1.key }) {
      faults += files.prefix(20).map {
        Breach(patient: patient, kind: .foreignFile, text: "\($0.path) is in no record")
      }
      if files.count > 20 {
        faults.append(Breach(patient: patient, kind: .foreignFile, text: "\(files.count - 20) further files"))
      }
    }
    if !foreign.elsewhere.isEmpty {
      let shown = foreign.elsewhere.prefix(5).joined(separator: ", ")
      notes.append(
        "cohort: in no record: \(shown)"
          + (foreign.elsewhere.count > 5 ? " and \(foreign.elsewhere.count - 5) more" : ""))
    }
    let versions = Set(chains.values.flatMap(\.records).compactMap { $0.content["software"]?["version"]?.stringValue })
    let description = try? SmallFile.read(root.appendingPathComponent(DatasetFiles.descriptionFile), .description)
    let expected = Self.kinds(of: chains.values.flatMap(\.records)).flatMap { kind in
      ([Software.version] + versions.sorted()).map { version in
        DatasetDescription(kind, like: description, version: version).bytes
      }
    }
    if !expected.contains(where: { $0 == description }) {
      faults.append(
        Breach(
          patient: "cohort", kind: .alteredTable,
          text:
            "\(DatasetFiles.descriptionFile) is not what the program writes: altered, removed or written by another "
            + "version"))
    }
  }

  /// What a folder may be by the records of its trails.
  private static func kinds(of records: [AuditRecord]) -> [DatasetFiles.Kind] {
    let preparations = records.filter { $0.event == "started" && $0.isOfPreparation }
    guard !preparations.isEmpty else { return [.results] }
    let links = Set(preparations.map { $0.content["rawLink"]?.stringValue })
    return [true, false].flatMap { synthetic in links.map { .prepared(synthetic: synthetic, raw: $0) } }
  }
}
