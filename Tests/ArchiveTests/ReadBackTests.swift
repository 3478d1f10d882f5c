import AuditTrail
import Files
import Foundation
import QualityControl
import Results
import SharedPatients
import Testing

@testable import Analysis
@testable import Archive

/// Trails, results and links are input, not truth: what they say of files is looked at before anything follows from it.
@Suite(.serialized) struct ReadBackTests {
  /// A patient with a report on the mask of another tool, which takes no network.
  private struct Finished {
    let patient: SmallPatient
    let victim: URL
    var root: URL { patient.output }
    var trail: URL { root.appendingPathComponent("audit/sub-t.jsonl") }

    init() throws {
      patient = try SmallPatient()
      SmallPatient.useTemplates()
      victim = patient.folder.appendingPathComponent("victim")
      try FileManager.default.createDirectory(at: victim, withIntermediateDirectories: true)
      try Data("mine".utf8).write(to: victim.appendingPathComponent("letter.txt"))
      _ = try run()
    }

    func run(overwrite: Bool = false, label: String = "sub-t", tables: Bool = true) throws -> CohortRun.Outcome {
      var options = RunOptions()
      (options.overwrite, options.writesTables) = (overwrite, tables)
      let input = PatientInput(label: label, flair: patient.flair, mprage: patient.mprage, synthetic: true)
      return try PatientRun(output: root, settings: RunSettings(), options: options, control: RunControl()).single(
        input, files: ExternalFiles(mask: patient.reference, probability: nil, saliency: nil, tool: nil))
    }

    /// The last finished record again with other outputs, in an intact chain.
    func forge(_ path: String, bytes: AuditValue = 4) throws {
      let log = AuditLog(url: trail)
      let last = try #require(try log.records().last { $0.event == "finished" })
      guard case .object(let pairs) = last.content else { return }
      var members = Dictionary(uniqueKeysWithValues: pairs.map { ($0.key, $0.value) })
      let forged: AuditValue = ["bytes": bytes, "file": .string(path), "sha256": "00"]
      members["outputs"] = .array((members["outputs"]?.arrayValue ?? []) + [forged])
      try log.append(event: "finished", details: AuditValue(members))
    }

    var isVictimThere: Bool {
      (try? String(contentsOf: victim.appendingPathComponent("letter.txt"), encoding: .utf8)) == "mine"
    }
    func entries() throws -> [String: CohortEntryState] {
      Dictionary(
        uniqueKeysWithValues: try CohortFiles.entries(in: root).map { ($0.name, ($0.state.rawValue, $0.reason)) })
    }
  }
  private typealias CohortEntryState = (state: String, reason: String?)

  /// Paths that no record of a patient can name.
  static let paths = [
    "../victim", "../victim/letter.txt", "sub-t/../../victim/letter.txt", "/etc/hostname", "", "sub-t//anat", "./a",
    "sub-t/anat/\n", "sub-t/anat/..",
  ]

  @Test func aTrailThatLeadsOutOfTheFolderIsRefused() throws {
    let finished = try Finished()
    _ = try finished.run(label: "sub-u")
    let intact = try Data(contentsOf: finished.trail)
    /// The trail as the run left it, and no head noted of what was forged onto it.
    func restore() throws {
      try intact.write(to: finished.trail)
      try? FileManager.default.removeItem(at: finished.root.appendingPathComponent("cohort.tsv"))
    }
    for path in Self.paths {
      try restore()
      try finished.forge(path)
      #expect { try finished.run(overwrite: true) } throws: {
        "\($0)".contains("audit trail is damaged") && !"\($0)".contains("\n")
      }
      #expect(finished.isVictimThere, "\(path)")
      let entries = try finished.entries()
      #expect(entries["sub-t"]?.state == "damaged" && entries["sub-u"]?.state == "done", "\(path)")
      #expect(try AuditCheck(output: finished.root).faults.contains { $0.patient == "sub-t" && $0.kind == .record })
      #expect(throws: Fault.self) { try StoredPatient("sub-t", in: finished.root) }
      // The cohort goes on, and its page says what is wrong.
      #expect(try CohortRun.gather(output: finished.root) == 2)
      let page = try String(contentsOf: finished.root.appendingPathComponent("index.html"), encoding: .utf8)
      #expect(page.contains("DAMAGED"))
    }
    for bytes: AuditValue in [-1, "4", .null, .number(4.5)] {
      try restore()
      try finished.forge("sub-t/anat/x.tsv", bytes: bytes)
      #expect(try finished.entries()["sub-t"]?.state == "damaged")
    }
  }

  /// Files in the folder that are not the patient's would be removed with the patient's own.
  @Test(arguments: ["sub-u.html", "audit/sub-t.jsonl", "dataset_description.json", "sub-u/anat/a.nii.gz", "sub-t"])
  func aTrailThatNamesForeignFilesIsRefused(_ path: String) throws {
    let finished = try Finished()
    let place = finished.root.appendingPathComponent(path)
    if path.hasPrefix("sub-u") {
      try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("other".utf8).write(to: place)
    }
    try finished.forge(path)
    #expect { try finished.run(overwrite: true) } throws: { "\($0)".contains("is no file of sub-t") }
    #expect(FileManager.default.fileExists(atPath: place.path))
  }

  @Test func aDamagedResultsFileIsOnePatientsFault() throws {
    let finished = try Finished()
    _ = try finished.run(label: "sub-u")
    let file = finished.root.appendingPathComponent("sub-t/anat/sub-t_desc-lesionqc_results.json")
    let sound = try String(contentsOf: file, encoding: .utf8)
    let damaged: [(text: String, says: String)] = [
      ("", "does not follow"), ("{}", "does not follow"), ("[1, 2]", "does not follow"),
      (sound.replacing("\"candidates\" : 0", with: "\"candidates\" : 5"), "counts 5 candidates"),
      (sound.replacing("\"position\" : 1\n", with: "\"position\" : 3\n"), "review order"),
      (sound.replacing("\"schemaVersion\" : 2", with: "\"schemaVersion\" : 77"), "another version"),
      (sound.replacing("\"label\" : \"sub-t\"", with: "\"label\" : \"sub-u\""), "another patient"),
    ]
    for (text, says) in damaged {
      #expect(text != sound)
      try Data(text.utf8).write(to: file)
      let entries = try finished.entries()
      #expect(entries["sub-t"]?.state == "damaged" && entries["sub-u"]?.state == "done")
      #expect(entries["sub-t"]?.reason?.contains(says) == true, "\(entries["sub-t"]?.reason ?? "")")
      #expect(entries["sub-t"]?.reason?.contains(finished.patient.folder.lastPathComponent) == false)
      #expect(try CohortRun.gather(output: finished.root) == 2)
      #expect(throws: Fault.self) { try StoredPatient("sub-t", in: finished.root) }
      #expect(throws: (any Error).self) { try finished.run() }
    }
    #expect(mkfifo(file.path + "-pipe", 0o600) == 0)
    try FileManager.default.removeItem(at: file)
    try FileManager.default.moveItem(atPath: file.path + "-pipe", toPath: file.path)
    #expect(try finished.entries()["sub-t"]?.reason?.contains("a named pipe") == true)
    try FileManager.default.removeItem(at: file)
    #expect(try finished.entries()["sub-t"]?.state == "damaged")
    guard case .done = try finished.run(overwrite: true) else {
      Issue.record("was not run again")
      return
    }
    #expect(try finished.entries()["sub-t"]?.state == "done")
  }

  @Test func linksThatLeaveTheFolderAreNotFollowed() throws {
    let finished = try Finished()
    let fm = FileManager.default
    // A patient's folder that lies elsewhere.
    let folder = finished.root.appendingPathComponent("sub-t")
    try fm.moveItem(at: folder, to: finished.victim.appendingPathComponent("sub-t"))
    try fm.createSymbolicLink(atPath: folder.path, withDestinationPath: "../victim/sub-t")
    let before = try fm.subpathsOfDirectory(atPath: finished.victim.path).sorted()
    #expect { try finished.run(overwrite: true) } throws: { "\($0)".contains("leads out of the folder") }
    #expect(try fm.subpathsOfDirectory(atPath: finished.victim.path).sorted() == before)
    #expect(try finished.entries()["sub-t"]?.state == "failed")
    #expect(try fm.contentsOfDirectory(atPath: finished.root.path).allSatisfy { !$0.hasSuffix(".partial") })
    // A trail that lies elsewhere is not written.
    try fm.moveItem(at: finished.trail, to: finished.victim.appendingPathComponent("trail"))
    try fm.createSymbolicLink(atPath: finished.trail.path, withDestinationPath: "../../victim/trail")
    let trail = try Data(contentsOf: finished.trail)
    #expect { try finished.run(overwrite: true) } throws: { "\($0)".contains("leads out of the folder") }
    #expect(try Data(contentsOf: finished.victim.appendingPathComponent("trail")) == trail)
    #expect(try finished.entries()["sub-t"]?.state == "damaged")
    // A table that is a link is replaced and not followed.
    let table = finished.root.appendingPathComponent("cohort.tsv")
    try fm.removeItem(at: table)
    try fm.createSymbolicLink(atPath: table.path, withDestinationPath: "../victim/letter.txt")
    _ = try CohortRun.gather(output: finished.root)
    #expect(finished.isVictimThere)
  }

  /// In a DataLad data set files are links into the annex: they are read, and a new run replaces the links.
  @Test func linksIntoTheAnnexAreRead() throws {
    let finished = try Finished()
    let fm = FileManager.default
    let annex = finished.patient.folder.appendingPathComponent(".git/annex/objects/k")
    try fm.createDirectory(at: annex, withIntermediateDirectories: true)
    for path in ["sub-t.html", "sub-t/anat/sub-t_desc-lesionqc_results.json"] {
      let file = finished.root.appendingPathComponent(path)
      let object = annex.appendingPathComponent(file.lastPathComponent)
      try fm.moveItem(at: file, to: object)
      let up = String(repeating: "../", count: path.split(separator: "/").count)
      try fm.createSymbolicLink(
        atPath: file.path, withDestinationPath: up + ".git/annex/objects/k/\(file.lastPathComponent)")
    }
    #expect(try finished.entries()["sub-t"]?.state == "done")
    #expect(try AuditCheck(output: finished.root).faults.isEmpty)
    let kept = try Data(contentsOf: annex.appendingPathComponent("sub-t.html"))
    guard case .done = try finished.run(overwrite: true) else {
      Issue.record("was not run again")
      return
    }
    #expect(try Data(contentsOf: annex.appendingPathComponent("sub-t.html")) == kept)
    let page = finished.root.appendingPathComponent("sub-t.html").path
    #expect((try? fm.destinationOfSymbolicLink(atPath: page)) == nil)
  }

  /// Tables may be older than the patients; what they say of the others must be right all the same.
  @Test func olderTablesAreNoFaultAndAlteredOnesAre() throws {
    let finished = try Finished()
    _ = try finished.run(label: "sub-u", tables: false)
    let check = try AuditCheck(output: finished.root)
    #expect(check.faults.isEmpty && check.notes.contains("the tables are older than 1 patient: run group"))
    let table = finished.root.appendingPathComponent("cohort.tsv")
    let sound = try String(contentsOf: table, encoding: .utf8)
    #expect(sound.hasSuffix("\t1\n"))
    try Data(sound.replacing("\tdone\t", with: "\tfailed\t").utf8).write(to: table)
    #expect(try AuditCheck(output: finished.root).faults.map(\.kind) == [.alteredTable])
    try FileManager.default.removeItem(at: table)
    #expect(try AuditCheck(output: finished.root).faults.map(\.kind) == [.alteredTable])
    #expect(try CohortRun.gather(output: finished.root) == 2)
    #expect(try AuditCheck(output: finished.root).faults.isEmpty)
    #expect(try String(contentsOf: table, encoding: .utf8).hasSuffix("\t2\n"))
  }

  /// A patient that somebody is at work on is neither interrupted nor finished.
  @Test func aPatientAtWorkIsLeftOutOfTheTables() throws {
    let finished = try Finished()
    let log = AuditLog(url: finished.root.appendingPathComponent("audit/sub-u.jsonl"))
    let lock = try PatientLock("sub-u", in: finished.root, LockWaiting())
    try log.append(event: "started", details: [:])
    #expect(try CohortRun.gather(output: finished.root) == 1)
    let check = try AuditCheck(output: finished.root)
    #expect(check.faults.isEmpty && check.notes == ["sub-u: another process is at work on it"], "\(check.notes)")
    lock.release()
    #expect(try finished.entries()["sub-u"]?.state == "interrupted")
    #expect(try AuditCheck(output: finished.root).faults.map(\.kind) == [.unfinished])
  }

  /// Folders of the input, with blanks in them, stay out of every page.
  @Test func namesOfTheInputStayOffThePages() throws {
    let patient = try SmallPatient()
    let folder = patient.folder.appendingPathComponent("Doe Jane 1961-05-04")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let flair = folder.appendingPathComponent("Jane FLAIR.nii.gz")
    try Data(contentsOf: patient.flair).dropLast(5000).write(to: flair)
    let run = try patient.run()
    let outcomes = try CohortRun(run: run).all([
      BIDSDataset.Entry(
        label: "sub-a", session: nil,
        input: .success(PatientInput(label: "sub-a", flair: flair, mprage: patient.mprage))),
      BIDSDataset.Entry(
        label: "sub-b", session: nil,
        input: .failure(
          Fault(
            .input, folder.path, role: "FLAIR", found: "2 images", names: ["Jane FLAIR.nii.gz", "Doe 2.nii.gz"],
            remedy: .chooseImage))),
      BIDSDataset.Entry(
        label: "sub-c", session: nil,
        input: .failure(Fault(.input, folder.path, role: "MPRAGE", found: "no image *_T1w.nii.gz"))),
    ]) { _, _ in }
    #expect(outcomes.count == 3)
    for name in try FileManager.default.contentsOfDirectory(atPath: patient.output.path)
    where name.hasSuffix(".html") || name.hasSuffix(".tsv") {
      let text = try String(contentsOf: patient.output.appendingPathComponent(name), encoding: .utf8)
      for word in ["Doe", "Jane", "1961", folder.lastPathComponent] {
        #expect(!text.contains(word), "\(name): \(word)")
      }
    }
    let reasons = try CohortFiles.entries(in: patient.output).map(\.reason)
    #expect(reasons[0]?.contains("truncated") == true && reasons[1]?.hasPrefix("FLAIR: 2 images") == true)
    // The trail, which stays with the data, names them.
    let records = try AuditLog(url: patient.output.appendingPathComponent("audit/sub-a.jsonl")).records()
    #expect(records.last?.content["files"]?.arrayValue?.first?.stringValue == flair.path)
  }
}

@Suite struct PseudonymKeyTests {
  static let random: [UInt8] = (0..<32).map { UInt8(truncatingIfNeeded: ($0 &* $0 &* 73) ^ ($0 &* 151) &+ 17) }
  static let cases: [(name: String, key: [UInt8], weakness: String?)] = [
    ("32 bytes", random, nil), ("16 bytes", Array(random.prefix(16)), nil),
    ("openssl rand -hex 32", Array((random.map { String(format: "%02x", $0) }.joined() + "\n").utf8), nil),
    ("a long sentence", Array("the quick brown fox jumps over the lazy dog, twice a day\n".utf8), nil),
    ("nothing", [], "has 0 bytes"), ("15 bytes", Array(random.prefix(15)), "has 15 bytes"),
    ("15 bytes and a line end", Array(random.prefix(15)) + [10], "has 15 bytes and a line end"),
    ("zeros", Array(repeating: 0, count: 32), "one byte"), ("letters", Array(repeating: 97, count: 64), "one byte"),
    ("a word twice", Array("password12345678password12345678".utf8), "16 bytes again and again"),
    ("a row", Array(0..<32), "row of bytes"), ("a row backwards", (0..<32).map { 200 - $0 }, "row of bytes"),
    ("a password", Array("correct horse batt".utf8), "text of 18 characters"),
    ("digits", Array("2984710385620194\n".utf8), "text of 16 characters"),
    ("two bytes", (0..<32).map { [7, 9][$0.nonzeroBitCount & 1] }, "few different bytes"),
  ]

  @Test(arguments: cases.indices) func strength(_ index: Int) {
    let (name, key, weakness) = Self.cases[index]
    let found = KeyStrength.weakness(of: key)
    #expect(weakness == nil ? found == nil : found?.contains(weakness ?? "") == true, "\(name): \(found ?? "strong")")
  }

  @Test func openOrSpecialFilesAreRefused() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("key-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let url = folder.appendingPathComponent("key")
    try Data(Self.random).write(to: url)
    for (mode, isOpen) in [
      (0o600, false), (0o400, false), (0o640, true), (0o604, true), (0o660, true), (0o602, true), (0o644, true),
    ] {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
      if isOpen {
        #expect { try PseudonymKey(file: url) } throws: {
          "\($0)".contains("by others (mode 0\(String(mode, radix: 8)))") && "\($0)".contains("chmod 600")
        }
      } else {
        #expect(throws: Never.self) { try PseudonymKey(file: url) }
      }
    }
    // A link says nothing of the file behind it.
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: url.path)
    let link = folder.appendingPathComponent("link")
    try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "key")
    #expect(throws: Fault.self) { try PseudonymKey(file: link) }
    let pipe = folder.appendingPathComponent("pipe")
    #expect(mkfifo(pipe.path, 0o600) == 0)
    #expect { try PseudonymKey(file: pipe) } throws: { "\($0)".contains("a named pipe") }
    #expect { try PseudonymKey(file: folder) } throws: { "\($0)".contains("a folder") }
  }
}
