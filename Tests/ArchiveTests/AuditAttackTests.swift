import Analysis
import Digests
import Foundation
import QualityControl
import Results
import SharedPatients
import Testing

@testable import Archive
@testable import AuditTrail

/// What each kind of change leads to with nothing kept elsewhere, with kept heads and with a public key. The table of
/// docs/audit.md says the same, row for row.
@Suite(.serialized) struct AuditAttackTests {
  enum Verdict: String { case found, note, passes }

  struct Attack: CustomTestStringConvertible, Sendable {
    let name: String
    /// With nothing kept, with kept heads, with a public key.
    let expected: [Verdict]
    let apply: @Sendable (Folder) throws -> Void
    var testDescription: String { name }
  }

  /// A copy of an output folder with two patients, signed, the first one's page printed since.
  struct Folder {
    let root: URL
    let before: URL
    let stolen: SigningKey

    func url(_ path: String) -> URL { root.appendingPathComponent(path) }
    var trail: URL { url("audit/sub-t.jsonl") }
    var mask: URL { url("sub-t/anat/sub-t_label-L_mask.nii.gz") }

    func lines(_ edit: (inout [String]) throws -> Void) throws {
      var lines = try String(contentsOf: trail, encoding: .utf8).split(separator: "\n").map(String.init)
      try edit(&lines)
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: trail)
    }

    /// The digest of a line computed anew; a signature stays as it was.
    func digested(_ line: String) -> String {
      let start = line.dropFirst(75).hasPrefix("\"signature\":\"") ? 218 : 75
      let rest = String(line.dropFirst(start))
      return "{\"hash\":\"\(Digest.sha256(utf8: rest))\",\(line.dropFirst(75).prefix(start - 75))\(rest)"
    }

    /// The whole trail computed anew, record by record.
    func recompute(signedWith key: SigningKey? = nil, _ edit: (inout String, Int) -> Void = { _, _ in }) throws {
      let records = try AuditLog(url: trail).records()
      var (head, bytes): (String, [UInt8]) = (AuditRecord.origin, [])
      for (index, record) in records.enumerated() {
        let content = AuditRecord.Content(
          sequence: index, time: record.time, event: record.event, previousHash: head, trail: "sub-t",
          details: record.details)
        let start = key == nil ? 75 : 218
        var rest = String(decoding: AuditRecord.line(content, signingKey: key).dropFirst(start), as: UTF8.self)
        edit(&rest, index)
        bytes += AuditRecord.line(rest: Array(rest.utf8), signingKey: key) + [10]
        head = Digest.sha256(utf8: rest)
      }
      try Data(bytes).write(to: trail)
    }

    func tablesAnew() throws {
      try FileManager.default.removeItem(at: url("cohort.tsv"))
      _ = try CohortRun.gather(output: root)
    }
  }

  static let attacks: [Attack] = [
    Attack(name: "a byte of a record", expected: [.found, .found, .found]) { folder in
      try folder.lines { $0[1] = $0[1].replacing("\"seconds\"", with: "\"sekonds\"") }
    },
    Attack(name: "a record removed from the middle", expected: [.found, .found, .found]) { folder in
      try folder.lines { $0.remove(at: 1) }
    },
    Attack(name: "a record inserted", expected: [.found, .found, .found]) { folder in
      try folder.lines { $0.insert($0[0], at: 2) }
    },
    Attack(name: "a record changed and its digest computed anew", expected: [.found, .found, .found]) { folder in
      try folder.lines { $0[1] = folder.digested($0[1].replacing("\"threads\":0", with: "\"threads\":1")) }
    },
    Attack(
      name: "a key twice, an unknown field or another number, all digests computed anew",
      expected: [.found, .found, .found]
    ) { folder in
      try folder.recompute { rest, index in
        if index == 0 { rest = rest.replacing("\"event\":", with: "\"event\":\"x\",\"event\":") }
        if index == 1 { rest = rest.replacing("\"sequence\":1", with: "\"sequence\":1,\"shadow\":1") }
        if index == 2 { rest = rest.replacing("\"sequence\":2", with: "\"sequence\":5") }
      }
      try folder.tablesAnew()
    },
    Attack(name: "bytes after the last record", expected: [.found, .found, .found]) { folder in
      try (Data(contentsOf: folder.trail) + Data("approved".utf8)).write(to: folder.trail)
    },
    Attack(name: "a line that was cut off while it was written", expected: [.note, .note, .note]) { folder in
      try (Data(contentsOf: folder.trail) + Data("{\"hash\":\"0123".utf8)).write(to: folder.trail)
    },
    Attack(name: "a signature changed or removed", expected: [.found, .found, .found]) { folder in
      try folder.lines { lines in
        let digits = lines[0].dropFirst(88).prefix(128)
        lines[0] = lines[0].replacing(digits, with: String(digits.reversed()))
        lines[2] = String(lines[2].prefix(75) + lines[2].dropFirst(218))
      }
    },
    Attack(name: "the trail of another patient under this name", expected: [.found, .found, .found]) { folder in
      try Data(contentsOf: folder.url("audit/sub-u.jsonl")).write(to: folder.trail)
      try folder.tablesAnew()
    },
    Attack(name: "an output changed", expected: [.found, .found, .found]) { folder in
      try (Data(contentsOf: folder.mask) + Data([0])).write(to: folder.mask)
      try folder.tablesAnew()
    },
    Attack(name: "a file put into a patient's folder", expected: [.found, .found, .found]) { folder in
      try Data("x".utf8).write(to: folder.url("sub-t/anat/sub-t_desc-better_mask.nii.gz"))
      try folder.tablesAnew()
    },
    Attack(name: "`dataset_description.json` changed", expected: [.found, .found, .found]) { folder in
      let url = folder.url("dataset_description.json")
      let text = try String(contentsOf: url, encoding: .utf8)
      try Data(text.replacing("Research software", with: "Certified software").utf8).write(to: url)
    },
    Attack(name: "records cut off at the end", expected: [.found, .found, .found]) { folder in
      try folder.lines { $0.removeLast() }
    },
    Attack(name: "records cut off at the end, tables made anew", expected: [.passes, .found, .passes]) { folder in
      try folder.lines { $0.removeLast() }
      try FileManager.default.removeItem(at: folder.url("sub-t.pdf"))
      try folder.tablesAnew()
    },
    Attack(
      name: "the last record changed, its digest computed anew, tables made anew", expected: [.passes, .found, .found]
    ) { folder in
      try folder.lines { lines in
        let start = lines[2].index(lines[2].startIndex, offsetBy: 218)
        let rest = lines[2][start...].replacing("A. Reader", with: "B. Forger").replacing(
          #/"publicKey":"[0-9a-f]{64}",/#, with: "")
        lines[2] = String(decoding: AuditRecord.line(rest: Array(rest.utf8), signingKey: nil), as: UTF8.self)
      }
      try folder.tablesAnew()
    },
    Attack(name: "the whole trail computed anew, tables made anew", expected: [.passes, .found, .found]) { folder in
      try folder.recompute { rest, _ in rest = rest.replacing("A. Reader", with: "B. Forger") }
      try folder.tablesAnew()
    },
    Attack(
      name: "an output changed and the whole trail computed anew, tables made anew",
      expected: [.passes, .found, .found]
    ) { folder in
      let before = try Data(contentsOf: folder.mask)
      let other = before + Data([0])
      try other.write(to: folder.mask)
      try folder.recompute { rest, _ in rest = rest.replacing(Digest.sha256(before), with: Digest.sha256(other)) }
      try folder.tablesAnew()
    },
    Attack(
      name: "the whole trail computed anew and signed with another key, tables made anew",
      expected: [.passes, .found, .found]
    ) { folder in
      try folder.recompute(signedWith: SigningKey.random()) { rest, _ in
        rest = rest.replacing("A. Reader", with: "B. Forger")
      }
      try folder.tablesAnew()
    },
    Attack(name: "a patient removed with trail and results, tables made anew", expected: [.passes, .found, .passes]) {
      folder in
      for path in ["audit/sub-u.jsonl", "sub-u", "sub-u.html"] {
        try FileManager.default.removeItem(at: folder.url(path))
      }
      try folder.tablesAnew()
    },
    Attack(name: "an older copy of the whole folder put back", expected: [.passes, .found, .passes]) { folder in
      try FileManager.default.removeItem(at: folder.root)
      try FileManager.default.copyItem(at: folder.before, to: folder.root)
    },
    Attack(
      name: "the whole trail computed anew and signed with the stolen key, tables made anew",
      expected: [.passes, .found, .passes]
    ) { folder in
      try folder.recompute(signedWith: folder.stolen) { rest, _ in rest = rest.replacing("A. Reader", with: "B. Forger")
      }
      try folder.tablesAnew()
    },
  ]

  /// Two patients with masks of another tool, made once.
  private struct Base {
    let folder: URL
    let key = SigningKey.random()
    let heads: KeptHeads
    var original: URL { folder.appendingPathComponent("out") }
    var before: URL { folder.appendingPathComponent("before") }

    init() throws {
      SmallPatient.useTemplates()
      let patient = try SmallPatient()
      folder = patient.folder
      var options = RunOptions()
      options.attribution = Attribution(operatorName: "A. Reader", signingKey: key)
      let root = patient.output
      for label in ["sub-t", "sub-u"] {
        _ = try PatientRun(output: root, settings: RunSettings(), options: options, control: RunControl()).single(
          PatientInput(label: label, flair: patient.flair, mprage: patient.mprage, synthetic: true),
          files: ExternalFiles(mask: patient.reference, probability: nil, saliency: nil, tool: "Segmenter 1.0"))
      }
      try FileManager.default.copyItem(at: root, to: folder.appendingPathComponent("before"))
      let (page, pdf) = (root.appendingPathComponent("sub-t.html"), root.appendingPathComponent("sub-t.pdf"))
      try Data("%PDF-1.4".utf8).write(to: pdf)
      #expect(try PrintRecord.append(page: page, pdf: pdf, paper: .a4, overwrite: false, by: options.attribution))
      _ = try CohortRun.gather(output: root)
      heads = try KeptHeads(of: root)
    }
  }

  private static let base = Result { try Base() }

  private func verdicts(_ attack: Attack?) throws -> [Verdict] {
    let base = try Self.base.get()
    let root = base.folder.appendingPathComponent("attacked")
    try? FileManager.default.removeItem(at: root)
    try FileManager.default.copyItem(at: base.original, to: root)
    try attack?.apply(Folder(root: root, before: base.before, stolen: base.key))
    let anchors = [AuditAnchors.none, AuditAnchors(named: base.heads), AuditAnchors(publicKeys: [base.key.publicKey])]
    return try anchors.map { anchors in
      let check = try AuditCheck(output: root, anchors: anchors)
      if !check.faults.isEmpty { return .found }
      return check.notes.contains { $0.contains("never completed") } ? .note : .passes
    }
  }

  @Test func anUntouchedFolderPasses() throws {
    #expect(try verdicts(nil) == [.passes, .passes, .passes])
    let base = try Self.base.get()
    let check = try AuditCheck(
      output: base.original, anchors: AuditAnchors(named: base.heads, publicKeys: [base.key.publicKey]))
    #expect(check.notes.isEmpty && check.trails == ["sub-t", "sub-u"])
    #expect(check.holds["sub-t"] == [.keptHead(recordsAfter: 0), .signed(by: [base.key.publicKey])])
    // A head without a name has to be in some trail, whichever.
    let head = try #require(base.heads.heads["sub-u"])
    #expect(try AuditCheck(output: base.original, anchors: AuditAnchors(heads: [head])).faults.isEmpty)
    let other = AuditAnchors(heads: [head, Digest.sha256(utf8: "another folder")])
    #expect(try AuditCheck(output: base.original, anchors: other).faults.map(\.kind) == [.head])
    // More may have been done since the head was kept.
    let early = try KeptHeads(of: base.before)
    let later = try AuditCheck(output: base.original, anchors: AuditAnchors(named: early))
    #expect(later.faults.isEmpty && later.holds["sub-t"] == [.keptHead(recordsAfter: 1)])
    // A patient who came since is no fault, and is said.
    let partly = try AuditCheck(output: base.original, anchors: AuditAnchors(named: KeptHeads(["sub-u": head])))
    #expect(partly.faults.isEmpty && partly.notes == ["sub-t: no head of it was kept"])
  }

  @Test(arguments: attacks) func leadsTo(_ attack: Attack) throws { #expect(try verdicts(attack) == attack.expected) }

  @Test func theDocumentationHasTheSameTable() throws {
    let page = try String(contentsOf: checkout.appendingPathComponent("docs/audit.md"), encoding: .utf8)
    let rows = page.split(separator: "\n").map {
      $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let start = try #require(rows.firstIndex { $0.first == "change" })
    let table = rows[(start + 2)...].prefix { $0.count == 4 }
    #expect(table.map { $0[0] } == Self.attacks.map(\.name))
    #expect(table.map { Array($0[1...]) } == Self.attacks.map { $0.expected.map(\.rawValue) })
  }
}
