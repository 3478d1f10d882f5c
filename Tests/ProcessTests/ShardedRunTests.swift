import Foundation
import Testing

/// Parts of a data set, as the jobs of an array have them, and what a run would do.
@Suite(.serialized) struct ShardedRunTests {
  @Test func partsTogetherAreTheWhole() throws {
    let bench = try Workbench()
    defer { try? FileManager.default.removeItem(at: bench.folder) }
    try bench.writeDataset(patients: 4)
    try #require(try bench.call(bench.run).status == 0)
    let wanted = try bench.contents()
    try bench.remove("out")
    for part in 1...3 {
      let array = ["SLURM_ARRAY_TASK_ID": "\(part + 4)", "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_ARRAY_TASK_MIN": "5"]
      let ending = try bench.call(
        bench.run + ["--shard", part == 2 ? "2/3" : "slurm"], environment: part == 2 ? [:] : array)
      #expect(ending.status == 0, "\(ending.errors)")
      let names = ending.output.split(separator: "\n").compactMap { $0.split(separator: ":").first }
      #expect(names == [["sub-01", "sub-04"], ["sub-02"], ["sub-03"]][part - 1])
      #expect(!FileManager.default.fileExists(atPath: bench.url("out/cohort.tsv").path))
    }
    let group = try bench.call(["run", bench.url("bids").path, bench.url("out").path, "group"])
    #expect(group.status == 0 && group.output.hasPrefix("4 patients"))
    #expect(try bench.contents() == wanted)
    let surplus = try bench.call(bench.run + ["--shard", "9/9"])
    #expect(surplus.status == 0 && surplus.errors.contains("part 9 of 9 has no patient"))
    #expect(try bench.call(bench.run + ["--shard", "4/3"]).status == 2)
    #expect(try bench.call(bench.run + ["--shard", "slurm"]).status == 2)
  }

  @Test func aDryRunSaysWhatWouldBeRunAndWritesNothing() throws {
    let bench = try Workbench()
    defer { try? FileManager.default.removeItem(at: bench.folder) }
    try bench.writeDataset(patients: 6)
    let dry = bench.run + ["--dry-run"]
    let before = try bench.call(dry)
    #expect(
      before.status == 0
        && before.output.hasSuffix("6 patients: 6 new; 6 would be run, 0 would fail; nothing was written\n"))
    #expect(!FileManager.default.fileExists(atPath: bench.url("out").path))

    try #require(try bench.call(bench.run + ["--participant-label", "01", "02", "03", "04"]).status == 0)
    // 02 has other images now, 03 a changed report, 04 a damaged trail, 06 no T1w.
    try bench.writeImages(to: bench.url("bids/sub-02/anat"), stem: "sub-02", shade: 9)
    try Data("altered".utf8).write(to: bench.url("out/sub-03.html"))
    try Data("{}\n".utf8).write(to: bench.url("out/audit/sub-04.jsonl"))
    try FileManager.default.removeItem(at: bench.url("bids/sub-06/anat/sub-06_T1w.nii.gz"))
    let held = try FileManager.default.subpathsOfDirectory(atPath: bench.url("out").path).sorted()
    let found = try bench.call(dry)
    let lines = found.output.split(separator: "\n").map(String.init)
    let starts = [
      "sub-01: done", "sub-02: stale: its results are those of other images", "sub-03: stale: ", "sub-04: damaged: ",
      "sub-05: new", "sub-06: skipped: ",
      "6 patients: 1 new, 2 stale, 1 done, 1 damaged, 1 skipped; 2 would be run, 3 would fail; nothing was written",
    ]
    #expect(lines.count == starts.count && zip(lines, starts).allSatisfy { $0.hasPrefix($1) }, "\(found.output)")
    #expect(lines[2].contains("--overwrite") && found.status == 0)
    #expect(try FileManager.default.subpathsOfDirectory(atPath: bench.url("out").path).sorted() == held)
    // Other settings are refused, and with --overwrite everything that is intact is run.
    let other = try bench.call(dry + ["--seed", "9"])
    #expect(other.output.contains("sub-01: stale: ") && other.output.contains("2 would be run, 4 would fail"))
    let all = try bench.call(dry + ["--overwrite"])
    #expect(all.output.contains("4 would be run, 2 would fail"), "\(all.output)")
    // What it says is what happens.
    let run = try bench.call(bench.run)
    #expect(run.status == 5 && run.errors.contains("3 of 6 patients failed"), "\(run.errors)")
  }
}
