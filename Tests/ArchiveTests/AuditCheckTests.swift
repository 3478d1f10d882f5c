import AuditTrail
import Foundation
import QualityControl
import Results
import SharedPatients
import Testing

@testable import Archive

@Suite(.serialized) struct AuditCheckTests {
  @Test func tamperingIsToldApart() throws {
    let patient = try SmallPatient()
    _ = try patient.run().single(patient.input())
    let mask = patient.output.appendingPathComponent("sub-t/anat/sub-t_label-L_mask.nii.gz")
    let original = try Data(contentsOf: mask)
    try (original + Data([0])).write(to: mask)
    #expect(try AuditCheck(output: patient.output).faults.map(\.kind) == [.alteredOutput])
    try FileManager.default.removeItem(at: mask)
    #expect(try AuditCheck(output: patient.output).faults.map(\.kind) == [.missingOutput])
    try original.write(to: mask)
    let flair = try Data(contentsOf: patient.flair)
    try (flair + Data([0])).write(to: patient.flair)
    #expect(try AuditCheck(output: patient.output).faults.map(\.kind) == [.alteredInput])
    try flair.write(to: patient.flair)
    let trail = patient.output.appendingPathComponent("audit/sub-t.jsonl")
    let lines = try String(contentsOf: trail, encoding: .utf8).split(separator: "\n")
    try Data((lines.dropLast().joined(separator: "\n") + "\n").utf8).write(to: trail)
    #expect(try AuditCheck(output: patient.output).faults.contains { $0.kind == .head })
    try FileManager.default.removeItem(at: trail)
    #expect(try AuditCheck(output: patient.output).faults.map(\.kind) == [.noTrail])
  }

  /// Two runs, so that an older record is left when the newest is gone: it must not be taken for the one that vouches.
  @Test func aLostLastRecordDoesNotMakeOutputsLookAltered() throws {
    let patient = try SmallPatient()
    _ = try patient.run().single(patient.input())
    _ = try patient.run({ $0.seed = 2 }, options: { $0.overwrite = true }).single(patient.input())
    let trail = patient.output.appendingPathComponent("audit/sub-t.jsonl")
    let lines = try String(contentsOf: trail, encoding: .utf8).split(separator: "\n").map(String.init)
    #expect(lines.count == 4)
    for damaged in [lines.dropLast(1), lines.dropLast(1) + [lines[3].replacing("seconds", with: "sekonds")]] {
      try Data((damaged.joined(separator: "\n") + "\n").utf8).write(to: trail)
      let check = try AuditCheck(output: patient.output)
      #expect(Set(check.faults.map(\.kind)).isSubset(of: [.record, .head, .unfinished]), "\(check.faults)")
      #expect(check.faults.contains { $0.kind == .head })
      #expect(check.notes.contains { $0.contains("outputs were not checked") })
    }
  }

  @Test func writingTheTablesAgainDoesNotHideADamagedTrail() throws {
    let patient = try SmallPatient()
    let run = try patient.run()
    _ = try run.single(patient.input())
    let trail = patient.output.appendingPathComponent("audit/sub-t.jsonl")
    let intact = try Data(contentsOf: trail)
    for damaged: Data? in [Data(), nil] {
      if let damaged { try damaged.write(to: trail) } else { try FileManager.default.removeItem(at: trail) }
      let entries = try CohortFiles.write(to: patient.output, templates: run.templates)
      #expect(entries.map(\.state) == [.damaged])
      #expect(!(try AuditCheck(output: patient.output).faults.isEmpty))
    }
    // Without its last file the folder went with the lock of the tables.
    try FileManager.default.createDirectory(at: trail.deletingLastPathComponent(), withIntermediateDirectories: true)
    try intact.write(to: trail)
    _ = try CohortFiles.write(to: patient.output, templates: run.templates)
    #expect(try AuditCheck(output: patient.output).faults.isEmpty)
  }

  @Test(arguments: ["cohort.tsv", "lesions.tsv", "index.html"]) func alteredTablesAreFound(_ name: String) throws {
    let patient = try SmallPatient()
    _ = try patient.run().single(patient.input())
    let file = patient.output.appendingPathComponent(name)
    try (Data(contentsOf: file) + Data("x".utf8)).write(to: file)
    let faults = try AuditCheck(output: patient.output).faults
    #expect(faults.map(\.kind) == [.alteredTable] && faults[0].text.contains(name))
    try FileManager.default.removeItem(at: file)
    // Without cohort.tsv no head is noted, and the table is still missing.
    #expect(try AuditCheck(output: patient.output).faults.map(\.kind) == [.alteredTable])
  }

  @Test func whatStandsInTheWayIsNeverRemoved() throws {
    let patient = try SmallPatient()
    let report = patient.output.appendingPathComponent("sub-t.html")
    try FileManager.default.createDirectory(at: report, withIntermediateDirectories: true)
    #expect { try patient.run().single(patient.input()) } throws: { "\($0)".contains("is a folder") }
    try FileManager.default.removeItem(at: report)
    try Data("mine".utf8).write(to: report)
    #expect { try patient.run().single(patient.input()) } throws: {
      ($0 as? Fault)?.file == report.path && ($0 as? Fault)?.remedy == .replaceOrOtherFolder
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: patient.output.path) == ["sub-t.html"])
  }
}
