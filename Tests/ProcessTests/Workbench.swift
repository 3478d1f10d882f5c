import Foundation
import SharedPatients
import Testing
import Volumes

/// The program as users run it, on patients small enough that a run takes about a second.
struct Workbench {
  let folder: URL
  let model: URL

  /// How a run of the program ended.
  struct Ending {
    let status: Int32
    let wasKilled: Bool
    let output: String
    let errors: String
  }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("process-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    model = try BrightnessNetwork.write(to: folder, window: 32)
  }

  func url(_ name: String) -> URL { folder.appendingPathComponent(name) }

  // MARK: - Patients

  private static let box = GridBox(lower: VoxelIndex(30, 50, 84), upper: VoxelIndex(60, 80, 110))

  /// A corner of a sample patient with a margin of zeros, FLAIR, MPRAGE and mask.
  ///
  /// - Parameter shade: is added to every voxel of the brain, so that patients differ.
  func writeImages(to target: URL, stem: String, shade: Float = 0) throws {
    let anat = checkout.appendingPathComponent("sample-data/sub-03/anat/sub-03")
    let mask = checkout.appendingPathComponent("sample-data/derivatives/truth/sub-03/anat/sub-03_label-L_mask.nii.gz")
    try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
    for (source, name, isImage) in [
      (anat.path + "_FLAIR.nii.gz", "FLAIR", true), (anat.path + "_T1w.nii.gz", "T1w", true),
      (mask.path, "mask", false),
    ] {
      let image = try NIfTIFile.read(source)
      var part = image.volume.cropped(to: Self.box)
      for index in part.voxels.indices {
        let v = part.shape.voxel(at: index)
        let isEdge = [(v.i, part.shape.ni), (v.j, part.shape.nj), (v.k, part.shape.nk)].contains {
          $0.0 < 3 || $0.0 >= $0.1 - 3
        }
        if isEdge { part.voxels[index] = 0 } else if isImage, part.voxels[index] != 0 { part.voxels[index] += shade }
      }
      try NIfTIWriter.write(
        part, like: image.header.cropped(to: Self.box), to: target.appendingPathComponent("\(stem)_\(name).nii.gz").path
      )
    }
  }

  /// A BIDS data set `bids` of patients `sub-01`, `sub-02`, …
  func writeDataset(patients: Int) throws {
    for number in 1...patients {
      let label = String(format: "sub-%02d", number)
      try writeImages(to: url("bids/\(label)/anat"), stem: label, shade: Float(number))
    }
  }

  // MARK: - Commands

  var run: [String] { ["run", url("bids").path, url("out").path, "participant", "--model", model.path] + Self.quick }
  var patient: [String] {
    let anat = url("bids/sub-01/anat/sub-01").path
    return ["patient", "--flair", anat + "_FLAIR.nii.gz", "--mprage", anat + "_T1w.nii.gz", "--id", "01", "--model"] + [
      model.path, "--output", url("out").path,
    ] + Self.quick
  }
  /// On a mask of another tool.
  var external: [String] {
    let anat = url("bids/sub-01/anat/sub-01").path
    return ["report", "--flair", anat + "_FLAIR.nii.gz", "--mprage", anat + "_T1w.nii.gz", "--mask"] + [
      anat + "_mask.nii.gz", "--id", "01", "--output", url("out").path, "--quiet",
    ]
  }
  /// Draws again what an earlier run stored; the report there differs, so that it is written.
  var redraw: [String] { ["report", url("out").path, "--overwrite", "--quiet"] }
  private static let quick = ["--samples", "1", "--noise", "0", "--max-candidates", "1", "--threads", "1", "--quiet"]

  /// Where the tests' build put the program.
  static let program: URL = {
    let here = URL(
      fileURLWithPath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "")
    let places =
      [here.deletingLastPathComponent().appendingPathComponent("lesionqc")]
      + ["release", "debug"].map { checkout.appendingPathComponent(".build/\($0)/lesionqc") }
    return places.first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? places[0]
  }()

  func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Running {
    try Running(arguments, environment: environment, folder: folder)
  }

  func call(_ arguments: [String], environment: [String: String] = [:]) throws -> Ending {
    try start(arguments, environment: environment).wait()
  }

  /// A process that was started and is waited for later.
  final class Running {
    private let process = Process()
    private let (output, errors): (URL, URL)

    init(_ arguments: [String], environment: [String: String], folder: URL) throws {
      process.executableURL = Workbench.program
      process.arguments = arguments
      var all = ProcessInfo.processInfo.environment
      all["LESIONQC_TEMPLATES"] = checkout.appendingPathComponent("templates").path
      all.merge(environment) { $1 }
      process.environment = all
      let name = "said-\(UUID().uuidString)"
      (output, errors) = (folder.appendingPathComponent(name), folder.appendingPathComponent(name + "-errors"))
      for file in [output, errors] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
      process.standardOutput = try FileHandle(forWritingTo: output)
      process.standardError = try FileHandle(forWritingTo: errors)
      try process.run()
    }

    /// Waits until the process has said something on its error stream, at most two minutes.
    func requireSaid(_ words: String) throws {
      let end = Date(timeIntervalSinceNow: 120)
      while Date() < end {
        if try String(contentsOf: errors, encoding: .utf8).contains(words) { return }
        Thread.sleep(forTimeInterval: 0.1)
      }
      Issue.record("did not say '\(words)'")
    }

    var number: Int32 { process.processIdentifier }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    func wait() throws -> Ending {
      process.waitUntilExit()
      return Ending(
        status: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
        output: try String(contentsOf: output, encoding: .utf8), errors: try String(contentsOf: errors, encoding: .utf8)
      )
    }
  }

  // MARK: - What is there

  /// Every file below the output folder with its content. What depends on the time of a run is left out: audit trails,
  /// and the head and time of the chain that reports and tables print.
  func contents(_ name: String = "out") throws -> [String: Data] {
    var found: [String: Data] = [:]
    let root = url(name)
    for path in try FileManager.default.subpathsOfDirectory(atPath: root.path) {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path, isDirectory: &isFolder)
      if isFolder.boolValue { continue }
      let varies = path.hasPrefix("audit/") || path.hasSuffix(".html") || path == "cohort.tsv"
      found[path] = varies ? Data() : try Data(contentsOf: root.appendingPathComponent(path))
    }
    return found
  }

  func remove(_ name: String) throws {
    if FileManager.default.fileExists(atPath: url(name).path) { try FileManager.default.removeItem(at: url(name)) }
  }

  func copy(_ from: String, to name: String) throws {
    try remove(name)
    try FileManager.default.copyItem(at: url(from), to: url(name))
  }
}
