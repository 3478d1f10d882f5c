import AuditTrail
import Files
import Foundation
import SharedPatients
import Testing

@testable import Archive

/// Several processes on one output folder: what is there at the end is what one after the other leaves.
@Suite(.serialized) struct ConcurrentProcessTests {
  @Test(arguments: [2, 6]) func onOnePatient(_ processes: Int) throws {
    let bench = try Workbench()
    defer { try? FileManager.default.removeItem(at: bench.folder) }
    try bench.writeDataset(patients: 1)
    let running = try (0..<processes).map { _ in try bench.start(bench.patient) }
    let endings = try running.map { try $0.wait() }
    #expect(endings.allSatisfy { $0.status == 0 }, "\(endings.map(\.errors))")
    // One ran; the others waited for it and found it done.
    #expect(endings.count { $0.output.contains("up to date") } == processes - 1)
    let records = try AuditLog(url: bench.url("out/audit/sub-01.jsonl")).records()
    #expect(records.map(\.event) == ["started", "finished"])
    try requireOrder(bench, patients: 1)
  }

  @Test(arguments: [2, 6]) func onManyPatients(_ processes: Int) throws {
    let bench = try Workbench()
    defer { try? FileManager.default.removeItem(at: bench.folder) }
    try bench.writeDataset(patients: 6)
    let running = try (0..<processes).map { number in
      // Each has patients of its own and, at the end, all.
      let own = (1...6).filter { ($0 - 1) % processes == number }.map { String(format: "%02d", $0) }
      return try bench.start(number == 0 ? bench.run : bench.run + ["--participant-label"] + own)
    }
    let endings = try running.map { try $0.wait() }
    #expect(endings.allSatisfy { $0.status == 0 }, "\(endings.map(\.errors))")
    try requireOrder(bench, patients: 6)
  }

  /// A patient that somebody is at work on: the second says that it waits, or leaves with exit code 9.
  @Test func theSecondWaitsOrLeaves() throws {
    let bench = try Workbench()
    defer { try? FileManager.default.removeItem(at: bench.folder) }
    try bench.writeDataset(patients: 2)
    let held = try #require(try FileLock.attempt(OutputLayout.lock(of: "sub-01", in: bench.url("out"))))
    let leaving = try bench.call(bench.patient + ["--no-wait"])
    #expect(leaving.status == 9 && leaving.errors.contains("another process is at work on sub-01"))
    // The other patient of a cohort is run all the same.
    let cohort = try bench.call(bench.run + ["--no-wait"])
    #expect(cohort.status == 9 && cohort.output.contains("sub-02"), "\(cohort.errors)")
    #expect(!FileManager.default.fileExists(atPath: bench.url("out/audit/sub-01.jsonl").path))
    let waiting = try bench.start(bench.patient.filter { $0 != "--quiet" })
    try waiting.requireSaid("sub-01: another process is at work on it; waiting")
    held.release()
    let ending = try waiting.wait()
    #expect(ending.status == 0, "\(ending.errors)")
    try requireOrder(bench, patients: 2)
  }

  /// Who waits can be stopped, and leaves the patient to the other.
  @Test func waitingCanBeStopped() throws {
    let bench = try Workbench()
    defer { try? FileManager.default.removeItem(at: bench.folder) }
    try bench.writeDataset(patients: 1)
    let held = try #require(try FileLock.attempt(OutputLayout.lock(of: "sub-01", in: bench.url("out"))))
    let waiting = try bench.start(bench.patient.filter { $0 != "--quiet" })
    try waiting.requireSaid("waiting until that is done")
    waiting.signal(SIGTERM)
    #expect(try waiting.wait().status == 130)
    #expect(!FileManager.default.fileExists(atPath: bench.url("out/audit/sub-01.jsonl").path))
    held.release()
  }

  /// Everything is closed to others, whatever the mask of who runs it.
  @Test func outputsAreClosedToOthers() throws {
    let bench = try Workbench()
    defer { try? FileManager.default.removeItem(at: bench.folder) }
    try bench.writeDataset(patients: 1)
    let ending = try bench.call(bench.patient)
    try #require(ending.status == 0, "\(ending.errors)")
    let out = bench.url("out")
    for path in try [""] + FileManager.default.subpathsOfDirectory(atPath: out.path) {
      let attributes = try FileManager.default.attributesOfItem(atPath: out.appendingPathComponent(path).path)
      let mode = try #require(attributes[.posixPermissions] as? Int)
      let isFolder = attributes[.type] as? FileAttributeType == .typeDirectory
      #expect(mode & ~(isFolder ? 0o750 : 0o640) == 0, "\(path) has mode \(String(mode, radix: 8))")
    }
  }

  private func requireOrder(_ bench: Workbench, patients: Int) throws {
    let out = bench.url("out")
    let verified = try bench.call(["audit", "verify", out.path])
    let notes = verified.output.split(separator: "\n").filter { $0.contains("note:") }
    // Without a head that was kept elsewhere there is one note, and no other.
    #expect(
      verified.status == 0 && notes.count == 1 && notes.allSatisfy { $0.contains("nothing that was kept elsewhere") },
      "\(verified.output)")
    let table = try String(contentsOf: out.appendingPathComponent("cohort.tsv"), encoding: .utf8).split(separator: "\n")
    #expect(table.count == patients + 1 && table.dropFirst().allSatisfy { $0.hasSuffix("\t\(patients)") })
    let names =
      try FileManager.default.contentsOfDirectory(atPath: out.path)
      + FileManager.default.contentsOfDirectory(atPath: out.appendingPathComponent("audit").path)
    #expect(names.filter { $0.hasPrefix(".") } == [".bidsignore"])
    #expect(names.count { $0.hasPrefix("sub-") && $0.hasSuffix(".html") } == patients)
  }
}
