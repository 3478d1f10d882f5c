import AuditTrail
import Files
import Foundation
import SharedPatients
import Testing

@testable import Archive

/// `run --jobs`: processes that share the patients, and what is left when one of them or all of them end early.
@Suite(.serialized) struct ParallelRunTests {
  @Test func anyNumberOfJobsLeavesTheSameBytes() throws {
    let bench = try Workbench()
    defer { try? FileManager.default.removeItem(at: bench.folder) }
    try bench.writeDataset(patients: 4)
    let one = try bench.call(bench.run)
    try #require(one.status == 0, "\(one.errors)")
    let wanted = try bench.contents()
    for jobs in ["2", "7"] {
      try bench.remove("out")
      let several = try bench.call(bench.run + ["--jobs", jobs])
      #expect(several.status == 0, "\(several.errors)")
      #expect(try bench.contents() == wanted)
      let names = several.output.split(separator: "\n").compactMap { $0.split(separator: ":").first }
      #expect(Set(names) == ["sub-01", "sub-02", "sub-03", "sub-04"] && names.count == 4)
      let again = try bench.call(bench.run + ["--jobs", jobs])
      #expect(again.status == 0 && again.output.split(separator: "\n").allSatisfy { $0.contains(": up to date; ") })
    }
    let verified = try bench.call(["audit", "verify", bench.url("out").path])
    #expect(verified.status == 0 && !verified.output.contains("older"), "\(verified.output)")
  }

  @Test(arguments: ["1", "2"]) func failuresStopNobodyAndStandAtTheEnd(_ jobs: String) throws {
    let bench = try Workbench()
    defer { try? FileManager.default.removeItem(at: bench.folder) }
    try bench.writeDataset(patients: 4)
    try Data("no image".utf8).write(to: bench.url("bids/sub-01/anat/sub-01_FLAIR.nii.gz"))
    try FileManager.default.removeItem(at: bench.url("bids/sub-03/anat/sub-03_T1w.nii.gz"))
    let ending = try bench.call(bench.run + ["--jobs", jobs])
    #expect(ending.status == 5)
    let last = ending.errors.split(separator: "\n").suffix(3)
    #expect(
      last.count == 3 && last.first?.hasPrefix("lesionqc: failed: sub-01: ") == true
        && last.dropFirst().first?.hasPrefix("lesionqc: failed: sub-03: ") == true
        && last.last == "lesionqc: 2 of 4 patients failed; the reasons are above and in the audit trail",
      "\(ending.errors)")
    let done = ending.output.split(separator: "\n").compactMap { $0.split(separator: ":").first }
    #expect(done.sorted() == ["sub-02", "sub-04"])
    let table = try String(contentsOf: bench.url("out/cohort.tsv"), encoding: .utf8)
    #expect(table.contains("sub-01\tn/a\tfailed") && table.contains("sub-03\tn/a\tskipped"), "\(table)")
  }

  /// The processes that another one started, from /proc.
  private func children(of process: Int32) -> [Int32] {
    let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
    return tasks.flatMap { task in
      let text = (try? String(contentsOfFile: "/proc/\(process)/task/\(task)/children", encoding: .utf8)) ?? ""
      return text.split(separator: " ").compactMap { Int32($0) }
    }
  }

  private func wait(_ what: String, until isSo: () -> Bool) {
    let end = Date(timeIntervalSinceNow: 120)
    while Date() < end {
      if isSo() { return }
      Thread.sleep(forTimeInterval: 0.05)
    }
    Issue.record("\(what) did not happen")
  }

  @Test func aProcessThatIsKilledLosesItsPatientAlone() throws {
    let bench = try Workbench()
    defer { try? FileManager.default.removeItem(at: bench.folder) }
    try bench.writeDataset(patients: 3)
    // Its process waits for this lock; the others are done when only that process is left.
    let held = try #require(try FileLock.attempt(OutputLayout.lock(of: "sub-01", in: bench.url("out"))))
    let running = try bench.start(bench.run.filter { $0 != "--quiet" } + ["--jobs", "2"])
    try running.requireSaid("sub-01: another process is at work on it; waiting")
    wait("the end of the other process") {
      FileManager.default.fileExists(atPath: bench.url("out/sub-03.html").path)
        && children(of: running.number).count == 1
    }
    for child in children(of: running.number) { kill(child, SIGKILL) }
    held.release()
    let ending = try running.wait()
    #expect(ending.status == 5 && ending.errors.contains("failed: sub-01: its process was ended by signal 9"))
    let records = try AuditLog(url: bench.url("out/audit/sub-01.jsonl")).records()
    #expect(records.map(\.event) == ["failed"])
    let again = try bench.call(bench.run + ["--jobs", "2"])
    #expect(again.status == 0 && again.output.split(separator: "\n").count == 3, "\(again.errors)")
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGUSR1]) func aSignalStopsEveryProcessAndKeepsWhatIsDone(_ signal: Int32) throws {
    let bench = try Workbench()
    defer { try? FileManager.default.removeItem(at: bench.folder) }
    try bench.writeDataset(patients: 4)
    let held = try (3...4).map {
      try #require(try FileLock.attempt(OutputLayout.lock(of: "sub-0\($0)", in: bench.url("out"))))
    }
    let running = try bench.start(bench.run.filter { $0 != "--quiet" } + ["--jobs", "2"])
    try running.requireSaid("sub-03: another process is at work on it; waiting")
    try running.requireSaid("sub-04: another process is at work on it; waiting")
    let children = children(of: running.number)
    #expect(children.count == 2)
    running.signal(signal)
    let ending = try running.wait()
    #expect(ending.status == 130 && ending.errors.contains("interrupted; nothing half-written was left"))
    #expect(children.allSatisfy { kill($0, 0) != 0 }, "no process is left")
    for lock in held { lock.release() }
    let table = try String(contentsOf: bench.url("out/cohort.tsv"), encoding: .utf8)
    #expect(table.contains("sub-01\tn/a\tdone") && table.contains("sub-02\tn/a\tdone") && !table.contains("sub-03"))
    #expect(try bench.call(bench.run).status == 0)
  }

  /// `lesionqc run … | head -1`.
  @Test func aReaderThatLeavesStopsTheRun() throws {
    let bench = try Workbench()
    defer { try? FileManager.default.removeItem(at: bench.folder) }
    try bench.writeDataset(patients: 3)
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    let command = ([Workbench.program.path] + bench.run).map { "'\($0)'" }.joined(separator: " ")
    shell.arguments = ["-c", "{ \(command); echo $? > '\(bench.url("status").path)'; } | true"]
    var environment = ProcessInfo.processInfo.environment
    environment["LESIONQC_TEMPLATES"] = checkout.appendingPathComponent("templates").path
    shell.environment = environment
    try shell.run()
    shell.waitUntilExit()
    #expect(try String(contentsOf: bench.url("status"), encoding: .utf8) == "130\n")
    let table = try String(contentsOf: bench.url("out/cohort.tsv"), encoding: .utf8)
    #expect(table.contains("sub-01\tn/a\tdone") && !table.contains("sub-03"), "\(table)")
  }
}
