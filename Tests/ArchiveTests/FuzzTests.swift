import AuditTrail
import Checkpoints
import Digests
import Foundation
import JSON
import PageLint
import Reports
import Results
import SharedFixtures
import SharedPatients
import Testing

@testable import Analysis
@testable import Archive

/// Damaged files of an output folder and of a data set, each to be read or refused (``Fuzz``).
@Suite("Damaged results, trails and pages", .serialized) struct FuzzTests {
  private static let words = [
    "[", "]", "{", "}", "null", "-1", "1e999", "1e300", "9223372036854775807", "\\ud800", "\"\"", "[[[[[[[[",
    "\"L001\"", "0.5", "true",
  ].map { Array($0.utf8) }

  /// What a small run leaves, each picture one of a pixel.
  private struct Left {
    let results: [UInt8]
    private let records: [AuditRecord]
    let page: [UInt8]
    let cohort: [UInt8]

    init() throws {
      let patient = try SmallPatient()
      defer { try? FileManager.default.removeItem(at: patient.folder) }
      _ = try patient.run().single(patient.input(reference: true))
      func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: patient.output.appendingPathComponent(path)))
      }
      results = try bytes("sub-t/anat/sub-t_desc-lesionqc_results.json")
      records = try AuditLog(url: patient.output.appendingPathComponent("audit/sub-t.jsonl")).records()
      page = try Self.light(bytes("sub-t.html"))
      cohort = try Self.light(bytes("index.html"))
    }

    /// The trail under another name: records say to which trail they belong.
    func trail(named name: String) throws -> [UInt8] {
      let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fuzz-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: folder) }
      let log = AuditLog(url: folder.appendingPathComponent("\(name).jsonl"))
      try log.append(records.map { (event: $0.event, details: $0.details) })
      return Array(try Data(contentsOf: log.url))
    }

    /// The start of a page's content within a page of its own: what takes time in a page is its length.
    private static func light(_ page: [UInt8]) throws -> [UInt8] {
      let text = String(decoding: page, as: UTF8.self).replacing(
        try Regex("base64,[A-Za-z0-9+/=]{200,}"), with: "base64,iVBORw0KGgo=")
      let body = text[(text.range(of: "<main")?.lowerBound ?? text.startIndex)...].prefix(5_000)
      let decisions = String(decoding: try FuzzTests.decisions(), as: UTF8.self)
      return Array(
        """
        <!DOCTYPE html><html lang="en"><head><meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
        img-src data:; style-src 'unsafe-inline'; script-src 'none'; base-uri 'none'; form-action 'none'">
        <style>p::after { content: "\\2f x"; background: url(data:image/png;base64,iVBORw0KGgo=) }</style></head><body>
        <script type="application/json" id="decisions">\(decisions)</script>\(body)</body></html>
        """.utf8)
    }
  }

  private static func decisions() throws -> [UInt8] {
    Array(
      """
      {"decisions": [{"comment": "a cap", "decision": "reject", "id": "L001", "reasons": ["cap", "vessel"], \
      "time": "2026-11-24T09:38:02Z"}], "patient": "sub-t", "reader": "A", \
      "reportId": "\(String(repeating: "0a", count: 32))", "savedAt": "2026-11-24T09:38:02Z", "schemaVersion": 1}
      """.utf8)
  }

  private static func filters() -> [[UInt8]] {
    [
      #"{"flair": {"acquisition": "3D", "run": 1, "suffix": "FLAIR"}, "T1w": {"ceagent": null, "echo": [1, "*"]}}"#,
      #"{"bold": {"task": "rest"}, "flair": {"space": "Query.OPTIONAL", "extension": ".nii.gz", "datatype": "anat"}}"#,
    ].map { Array($0.utf8) }
  }

  @Test("Each is read or refused") func damagedFiles() throws {
    let left = try Left()
    let calibration = checkout.appendingPathComponent("sample-data/models/unet/calibration.json")
    let readers: [FuzzReader] = [
      FuzzReader(
        name: "results", corpus: [left.results], tokens: Self.words, ending: "json", isSlow: true,
        read: { path in
          let results = try PatientResults.decode(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
          _ = (try results.encoded(), results.warnings.map(\.sentence))
        }),
      FuzzReader(
        name: "calibration", corpus: [Array(try Data(contentsOf: calibration))], tokens: Self.words, ending: "json",
        isSlow: true, read: { _ = try LoadedCalibration.read(URL(fileURLWithPath: $0)) }),
      FuzzReader(
        name: "trail", corpus: [try left.trail(named: "trail")],
        tokens: Self.words + [[0x0A], Array("{\"hash\":\"".utf8)], ending: "jsonl", isSlow: true,
        read: { path in
          let log = AuditLog(url: URL(fileURLWithPath: path))
          let chain = try AuditVerification.chain(of: log.url)
          _ = (TrailState(chain.records), chain.findings.map(\.description), chain.records.flatMap(\.inputs))
          _ = try log.records()
        }),
      FuzzReader(
        name: "content of a trail", corpus: [try left.trail(named: "content-of-a-trail")], tokens: Self.words,
        file: Self.rehashed, ending: "jsonl", isSlow: true,
        read: { path in
          let records = try AuditLog(url: URL(fileURLWithPath: path)).records()
          _ = (TrailState(records), records.attestedOutputs.count, records.flatMap(\.inputs))
        }),
      FuzzReader(
        name: "decisions", corpus: [try Self.decisions()], tokens: Self.words, ending: "json",
        read: { _ = try DecisionFile(URL(fileURLWithPath: $0)).patient }),
      FuzzReader(
        name: "filter", corpus: Self.filters(),
        tokens: Self.words + ["\"Query.ANY\"", "\"Flair\":"].map { Array($0.utf8) },
        members: [#""flair": {}"#, #""t1w": null"#, #""Run": 2"#].map { Array("\($0), ".utf8) }, ending: "json",
        read: { path in
          let filter = try BIDSFilter(file: URL(fileURLWithPath: path))
          _ = try filter.takes(BIDSName("sub-01_acq-3D_run-1_FLAIR.nii.gz"), section: "flair")
          _ = (filter.notes, filter.places("t1w", "suffix", usual: "T1w"))
        }),
      FuzzReader(
        name: "sidecar", corpus: [Array(#"{"Manufacturer": "Siemens", "MagneticFieldStrength": 3}"#.utf8)],
        tokens: Self.words, ending: "json", read: { _ = ScannerIdentity(try JSONValue(path: $0)) }),
      FuzzReader(
        name: "page", corpus: [left.page, left.cohort],
        tokens: ["<!--", "&#x2f;", "%2f", "<script", "</style", "data:", "'", "\"", ">"].map { Array($0.utf8) },
        ending: "html", isSlow: true,
        read: { path in
          let page = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
          _ = ReportLint(identifiers: ["Smith"], ownDates: []).leaks(in: page)
          try FinishedPage.check(URL(fileURLWithPath: path))
        }),
    ]
    for reader in readers {
      try Fuzz.run(reader) {
        $0 is Fault || $0 is AuditError || $0 is ResultsError || $0 is DecodingError || $0 is JSONParser.Problem
          || $0 is CheckpointError
      }
    }
  }

  /// The digests made anew, so that damage reaches what stands behind them.
  private static func rehashed(_ bytes: [UInt8]) -> [UInt8] {
    var (lines, previous): ([UInt8], String) = ([], AuditRecord.origin)
    for line in bytes.split(separator: 0x0A) where line.count > 75 {
      var body = String(decoding: line.dropFirst(75), as: UTF8.self)
      if let range = body.range(of: #""previousHash":"[0-9a-f]*""#, options: .regularExpression) {
        body.replaceSubrange(range, with: "\"previousHash\":\"\(previous)\"")
      }
      previous = Digest.sha256(Array(body.utf8))
      lines += Array("{\"hash\":\"\(previous)\",\(body)\n".utf8)
    }
    return lines
  }
}
