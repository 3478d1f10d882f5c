import Foundation
import Testing

/// Folders with the trails of many patients.
@Suite(.serialized) struct ManyPatientsTests {
  /// One of 300 is run without anything being read of the others, whose trails could not be read without a word.
  @Test(arguments: [199, 300]) func fewOfManyLeaveTheTables(_ others: Int) throws {
    let bench = try Workbench()
    defer { try? FileManager.default.removeItem(at: bench.folder) }
    try bench.writeDataset(patients: 1)
    let audit = bench.url("out/audit")
    try FileManager.default.createDirectory(at: audit, withIntermediateDirectories: true)
    for number in 1...others { try Data("{}\n".utf8).write(to: audit.appendingPathComponent("sub-x\(number).jsonl")) }
    let run = bench.run.filter { $0 != "--quiet" } + ["--participant-label", "01"]
    let ending = try bench.call(run)
    #expect(ending.status == 0, "\(ending.errors)")
    let isLeft = others > 200
    #expect(ending.errors.contains("all \(others + 1) patients were left as they are") == isLeft, "\(ending.errors)")
    #expect(FileManager.default.fileExists(atPath: bench.url("out/cohort.tsv").path) != isLeft)
    let group = try bench.call(["run", bench.url("bids").path, bench.url("out").path, "group"])
    #expect(group.status == 0 && group.output.hasPrefix("\(others + 1) patients"))
  }
}
