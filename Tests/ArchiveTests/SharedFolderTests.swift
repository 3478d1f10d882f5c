import Analysis
import AuditTrail
import Foundation
import PageLint
import SharedPatients
import Testing

@testable import Archive
@testable import Results

@Suite(.serialized) struct SharedFolderTests {
  private func key(_ patient: SmallPatient, _ byte: UInt8 = 7, name: String = "own/key") throws -> PseudonymKey {
    let url = patient.folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    let bytes = (0..<32).map { UInt8(truncatingIfNeeded: ($0 &* $0 &* 73) ^ ($0 &* 151) &+ Int(byte) &* 29) }
    try Data(bytes).write(to: url)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
    return try PseudonymKey(file: url)
  }

  private func share(_ patient: SmallPatient, _ key: PseudonymKey, to name: String = "shared", overwrite: Bool = false)
    throws -> SharedFolder.Outcome
  {
    try SharedFolder(
      source: patient.output, output: patient.folder.appendingPathComponent(name), key: key, moved: nil,
      overwrite: overwrite, control: RunControl()
    ).write(["sub-MS12345_ses-20240105"])[0].outcome
  }

  private func named(_ patient: SmallPatient) -> PatientInput {
    PatientInput(
      label: "sub-MS12345", session: "ses-20240105", stem: "sub-MS12345_ses-20240105_acq-WardB", flair: patient.flair,
      mprage: patient.mprage, synthetic: true)
  }

  @Test func nothingOfTheOldIdentifierStaysAndNumbersDo() throws {
    let patient = try SmallPatient()
    _ = try patient.run().single(named(patient))
    let key = try key(patient)
    guard case .written(let pseudonym) = try share(patient, key) else {
      Issue.record("not written")
      return
    }
    // Python, with key = bytes(((i * i * 73 ^ i * 151) + 7 * 29) & 255 for i in range(32)):
    // hmac.new(key, b"sub-MS12345", "sha256").hexdigest()[:10], and of b"sub-MS12345_ses-20240105" [:6].
    #expect(pseudonym == "sub-56394f2ce9_ses-3a4c16")
    let shared = patient.folder.appendingPathComponent("shared")
    var count = 0
    for path in try FileManager.default.subpathsOfDirectory(atPath: shared.path) {
      #expect(!path.contains("MS12345") && !path.contains("20240105") && !path.contains("WardB"), "\(path)")
      var isFolder: ObjCBool = false
      let url = shared.appendingPathComponent(path)
      guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), !isFolder.boolValue else {
        continue
      }
      // Compressed images are looked at as they unpack, which is where a name could hide.
      let bytes = path.hasSuffix(".gz") ? try gunzipped(url) : try Data(contentsOf: url)
      for word in ["MS12345", "20240105", "WardB", patient.folder.lastPathComponent, "flair.nii"] {
        #expect(bytes.range(of: Data(word.utf8)) == nil, "\(word) in \(path)")
      }
      count += 1
    }
    #expect(count > 8)
    for page in ["\(pseudonym).html", "index.html"] {
      let leaks = try ReportLint.leaks(
        in: shared.appendingPathComponent(page), identifiers: ["sub-MS12345", "MS12345", "ses-20240105", "20240105"],
        dates: [])
      #expect(leaks == [])
    }
    let outcomes = try FolderLint.outcomes(in: shared, identifiers: ["MS12345", "20240105", "WardB"], dates: [])
    #expect(outcomes.count > 8 && outcomes.allSatisfy(\.leaks.isEmpty), "\(outcomes)")
    let original = try StoredPatient("sub-MS12345_ses-20240105", in: patient.output)
    let copy = try StoredPatient(pseudonym, in: shared)
    #expect(copy.results.findings.map(\.saliency) == original.results.findings.map(\.saliency))
    #expect(copy.results.reviewOrder == original.results.reviewOrder && copy.reportID != original.reportID)
    #expect(try StoredFindings(copy).findings == StoredFindings(original).findings)
    #expect(try AuditCheck(output: shared).faults.isEmpty)

    let map = try String(contentsOf: key.mapFile, encoding: .utf8).split(separator: "\n")
    #expect(map.count == 2)
    #expect(map[1].hasPrefix("sub-MS12345_ses-20240105\t\(pseudonym)\t\(original.reportID)\t"))
    let mode = try FileManager.default.attributesOfItem(atPath: key.mapFile.path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test func theSameKeyGivesTheSameFilesAndAnotherKeyOthers() throws {
    let patient = try SmallPatient()
    _ = try patient.run().single(named(patient))
    let key = try key(patient)
    let first = try share(patient, key)
    guard case .written(let pseudonym) = first else { return }
    #expect(try share(patient, key) == .unchanged(pseudonym: pseudonym))
    #expect(try share(patient, key, to: "again") == first)
    let pages = try ["shared", "again"].map {
      try Data(contentsOf: patient.folder.appendingPathComponent("\($0)/\(pseudonym).html"))
    }
    #expect(pages[0] == pages[1])
    let other = try self.key(patient, 8, name: "other/key")
    #expect(try share(patient, other, to: "third") != first)
    _ = try patient.run({ $0.seed = 2 }, options: { $0.overwrite = true }).single(named(patient))
    #expect { try share(patient, key) } throws: { ($0 as? Fault)?.remedy == .replace }
    #expect(try share(patient, key, overwrite: true) == .written(pseudonym: pseudonym))
    #expect(try AuditCheck(output: patient.folder.appendingPathComponent("shared")).faults.isEmpty)
  }

  @Test func decisionsOnASharedReportComeBackWithTheKey() throws {
    let patient = try SmallPatient()
    _ = try patient.run().single(named(patient))
    let key = try key(patient)
    guard case .written(let pseudonym) = try share(patient, key) else { return }
    let copy = try StoredPatient(pseudonym, in: patient.folder.appendingPathComponent("shared"))
    let decisions = ReviewDecisions(
      reportId: copy.reportID, patient: copy.results.patient.label, session: copy.results.patient.session, reader: "R1",
      decisions: [.init(id: "L001", decision: .reject, reasons: [], comment: "", time: "2026-11-24T09:00:00Z")])
    let file = patient.folder.appendingPathComponent("r1.json")
    try JSONEncoder().encode(decisions).write(to: file)
    #expect { try ReviewApplication(files: [file], output: patient.output, overwrite: false).run() } throws: {
      ($0 as? Fault)?.remedy == .nameKey
    }
    _ = try ReviewApplication(files: [file], output: patient.output, key: key, overwrite: false).run()
    let original = try StoredPatient("sub-MS12345_ses-20240105", in: patient.output)
    let record = try #require(original.records.first { $0.event == "decision" })
    #expect(record.details["reportId"]?.stringValue == original.reportID)
    #expect(record.details["sharedReportId"]?.stringValue == copy.reportID)
    #expect(try AuditCheck(output: patient.output).faults.isEmpty)
    // A review is not shared: it names readers.
    _ = try share(patient, key, to: "later")
    let later = try FileManager.default.subpathsOfDirectory(atPath: patient.folder.appendingPathComponent("later").path)
    #expect(!later.contains { $0.contains("reviewed") })
  }

  @Test func keysAndFoldersThatGiveTheSecretAwayAreRefused() throws {
    let patient = try SmallPatient()
    #expect { try PseudonymKey(file: patient.folder.appendingPathComponent("none")) } throws: {
      "\($0)".contains("head -c 32")
    }
    let short = patient.folder.appendingPathComponent("short")
    try Data("secret".utf8).write(to: short)
    #expect { try PseudonymKey(file: short) } throws: { "\($0)".contains("6 bytes") }
    for (output, keyName) in [("out/shared", "own/key"), (".", "own/key"), ("shared", "shared/deep/key")] {
      let key = try key(patient, name: keyName)
      #expect(throws: Fault.self) {
        try SharedFolder(
          source: patient.output, output: patient.folder.appendingPathComponent(output), key: key, moved: nil,
          overwrite: false, control: RunControl())
      }
    }
  }

  /// A warning can carry a name that no rule removes: then nothing is shared.
  @Test func anIdentifierInTheResultsStopsTheSharing() throws {
    let patient = try SmallPatient()
    let model = patient.folder.appendingPathComponent("model")
    try FileManager.default.copyItem(at: sampleModel, to: model)
    let description = model.appendingPathComponent("model.json")
    let text = try String(contentsOf: description, encoding: .utf8)
    var json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    var provenance = json["provenance"] as? [String: Any] ?? [:]
    provenance["name"] = "network fitted to MS12345"
    json["provenance"] = provenance
    try JSONSerialization.data(withJSONObject: json).write(to: description)
    _ = try patient.run(modelFolder: model).single(named(patient))
    #expect { try share(patient, key(patient)) } throws: {
      "\($0)".contains("MS12345") && "\($0)".contains("must not be shared")
    }
    #expect(!FileManager.default.fileExists(atPath: patient.folder.appendingPathComponent("shared/index.html").path))
  }

  private func gunzipped(_ url: URL) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/gzip")
    process.arguments = ["-dc", url.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return data
  }
}
