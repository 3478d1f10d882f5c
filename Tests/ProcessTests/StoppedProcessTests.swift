import Foundation
import SharedPatients
import Testing

/// The program killed at a rename, a flush or a removal, and run again: what is there then is what an undisturbed run
/// leaves, and nothing else.
///
/// Every such place is tried with LESIONQC_EXHAUSTIVE=1 (`make test-long`), otherwise some of each command, spread over
/// all of it.
@Suite(.serialized, .enabled(if: Stopper.compiler != nil, "no C compiler, which builds what stops the program"))
struct StoppedProcessTests {
  static let commands = ["run", "patient", "external", "redraw"]
  private static let isExhaustive = ProcessInfo.processInfo.environment["LESIONQC_EXHAUSTIVE"] == "1"
  private static let places = 8

  @Test(arguments: commands) func isRepairedByTheSameCommand(_ name: String) throws {
    let bench = try Workbench()
    defer { try? FileManager.default.removeItem(at: bench.folder) }
    try bench.writeDataset(patients: name == "run" ? 2 : 1)
    let command = ["run": bench.run, "patient": bench.patient, "external": bench.external, "redraw": bench.redraw][
      name]!
    let stopper = try Stopper(in: bench.folder)
    try prepare(bench, name)
    let undisturbed = try bench.call(command, environment: stopper.counting)
    try #require(undisturbed.status == 0, "\(undisturbed.errors)")
    let count = try stopper.count()
    try #require(count > 4, "the calls of the program are seen")
    let wanted = try bench.contents()
    let step = Self.isExhaustive ? 1 : max(1, count / Self.places)
    for place in Array(stride(from: 1, through: count, by: step)) + [count] {
      try prepare(bench, name)
      let stopped = try bench.call(command, environment: stopper.stopping(at: place))
      #expect(stopped.wasKilled, "\(name) at \(place) of \(count): \(stopped.errors)")
      try requireNothingHalfWritten(bench, "\(name) at \(place) of \(count)")
      let again = try bench.call(command)
      #expect(again.status == 0, "\(name) at \(place) of \(count): \(again.errors)")
      let found = try bench.contents()
      #expect(found.keys.sorted() == wanted.keys.sorted(), "\(name) at \(place) of \(count)")
      #expect(found == wanted, "\(name) at \(place) of \(count)")
      let verified = try bench.call(["audit", "verify", bench.url("out").path])
      #expect(verified.status == 0 && !verified.output.contains("older"), "\(name) at \(place): \(verified.output)")
    }
  }

  /// A stop between the end of a run and the tables is repaired by whatever touches the folder next.
  @Test func tablesAreRepairedByReport() throws {
    let bench = try Workbench()
    defer { try? FileManager.default.removeItem(at: bench.folder) }
    try bench.writeDataset(patients: 2)
    try #require(try bench.call(bench.run + ["--no-tables"]).status == 0)
    let out = bench.url("out")
    #expect(!FileManager.default.fileExists(atPath: out.appendingPathComponent("cohort.tsv").path))
    let older = try bench.call(["audit", "verify", out.path])
    #expect(older.status == 0 && older.output.contains("the tables are older than 2 patients: run group"))
    #expect(try bench.call(["report", out.path, "--quiet"]).status == 0)
    let table = try String(contentsOf: out.appendingPathComponent("cohort.tsv"), encoding: .utf8).split(separator: "\n")
    #expect(table.count == 3 && table.dropFirst().allSatisfy { $0.contains("\tdone\t") && $0.hasSuffix("\t2") })
    let current = try bench.call(["audit", "verify", out.path])
    #expect(current.status == 0 && !current.output.contains("older"), "\(current.output)")
  }

  /// The state in which a command begins.
  private func prepare(_ bench: Workbench, _ name: String) throws {
    guard name == "redraw" else { return try bench.remove("out") }
    if !FileManager.default.fileExists(atPath: bench.url("stored").path) {
      let made = try bench.call(bench.patient)
      try #require(made.status == 0, "\(made.errors)")
      // As templates of another version would leave it.
      let report = bench.url("out/sub-01.html")
      try (try Data(contentsOf: report) + Data("<!-- old -->".utf8)).write(to: report)
      try bench.copy("out", to: "stored")
    }
    try bench.copy("stored", to: "out")
  }

  /// Where a report is, the results behind it are, too.
  private func requireNothingHalfWritten(_ bench: Workbench, _ what: String) throws {
    let out = bench.url("out")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: out.path)) ?? []
    for report in names where report.hasPrefix("sub-") && report.hasSuffix(".html") {
      let label = report.dropLast(5)
      let results = out.appendingPathComponent("\(label)/anat/\(label)_desc-lesionqc_results.json")
      #expect(FileManager.default.fileExists(atPath: results.path), "\(what): \(report) without results")
      let page = try String(contentsOf: out.appendingPathComponent(report), encoding: .utf8)
      #expect(page.contains("</html>"), "\(what): \(report) is cut off")
    }
  }
}

/// The library that stops a program, compiled from `stop_at.c`.
struct Stopper {
  private let library: URL
  private let counted: URL

  static let compiler: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
    return ["cc", "clang", "gcc"].flatMap { name in folders.map { "\($0)/\(name)" } }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }()

  init(in folder: URL) throws {
    library = folder.appendingPathComponent("stop_at.so")
    counted = folder.appendingPathComponent("calls")
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("stop_at.c")
    let compilation = Process()
    compilation.executableURL = URL(fileURLWithPath: try #require(Self.compiler))
    compilation.arguments = ["-shared", "-fPIC", "-O1", "-o", library.path, source.path, "-ldl"]
    try compilation.run()
    compilation.waitUntilExit()
    try #require(compilation.terminationStatus == 0, "stop_at.c is compiled")
  }

  var counting: [String: String] { ["LD_PRELOAD": library.path, "STOP_COUNT": counted.path] }

  func stopping(at place: Int) -> [String: String] { ["LD_PRELOAD": library.path, "STOP_AT": "\(place)"] }

  func count() throws -> Int {
    let text = try String(contentsOf: counted, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    return try #require(Int(text))
  }
}
