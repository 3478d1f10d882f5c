import Archive
import AuditTrail
import Foundation
import Results
import SharedPatients
import Testing
import Volumes

@testable import Analysis
@testable import QualityControl

@Suite(.serialized) struct MainJobTests {
  @Test func twoRunsAreByteIdenticalAndComplete() throws {
    let patient = try SmallPatient()
    let second = patient.folder.appendingPathComponent("out2")
    guard case .done(let summary) = try patient.run().single(patient.input(reference: true)) else {
      Issue.record("not done")
      return
    }
    _ = try patient.run(options: { $0.threads = 1 }, output: second).single(patient.input(reference: true))
    let first = try SmallPatient.contents(patient.output)
    let other = try SmallPatient.contents(second)
    #expect(first.keys.sorted() == other.keys.sorted())
    for (path, data) in first where path.hasSuffix("mask.nii.gz") || path.hasSuffix("dseg.nii.gz") {
      #expect(data == other[path], "\(path)")
    }
    let again = patient.folder.appendingPathComponent("out3")
    _ = try patient.run(output: again).single(patient.input(reference: true))
    #expect(try SmallPatient.contents(again) == first)

    let results = summary.results
    #expect(!results.lesions.isEmpty)
    #expect(results.reviewOrder.count == results.lesions.count + results.candidates.count)
    #expect(results.reference != nil)
    #expect(results.findings == results.lesions + results.candidates)
    for finding in results.findings { #expect(first["sub-t/anat/\(try #require(finding.files.saliency))"] != nil) }
    let html = String(decoding: try Data(contentsOf: summary.report), as: UTF8.self)
    #expect(html.contains("Content-Security-Policy"))
    #expect(!html.contains(patient.folder.path))
    let mask = try NIfTIFile.read(patient.output.appendingPathComponent("sub-t/anat/sub-t_label-L_mask.nii.gz").path)
    let flair = try NIfTIFile.read(patient.flair.path)
    #expect(mask.volume.affine == flair.volume.affine)
    #expect(mask.volume.voxels.count { $0 == 1 } == results.lesions.reduce(0) { $0 + $1.measurements.voxelCount })
    #expect(try AuditCheck(output: patient.output).faults.isEmpty)
  }

  /// A run that was killed while its files were moved into place may have had more findings than the next.
  @Test func mapsOfARunThatWasKilledAreRemoved() throws {
    let patient = try SmallPatient()
    let folder = patient.output.appendingPathComponent("sub-t/anat")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let left = ["desc-L099", "desc-C099whole", "desc-L098gradcam"].map { "sub-t_\($0)_saliency.nii.gz" }
    // Not the program's names.
    let kept = ["sub-t_desc-mine_saliency.nii.gz", "sub-tt_desc-L099_saliency.nii.gz", "L099_saliency.nii.gz"]
    for name in left + kept { try Data("x".utf8).write(to: folder.appendingPathComponent(name)) }
    guard case .done(let summary) = try patient.run().single(patient.input()) else {
      Issue.record("not done")
      return
    }
    let names = Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
    #expect(names.isDisjoint(with: left) && names.isSuperset(of: kept))
    for finding in summary.results.findings { #expect(names.contains(try #require(finding.files.saliency))) }
    let faults = try AuditCheck(output: patient.output).faults
    #expect(Set(faults.map(\.text)) == Set(kept.map { "sub-t/anat/\($0) is in no record" }))
  }

  @Test func aSecondRunIsUpToDateAndOtherSettingsNeedOverwrite() throws {
    let patient = try SmallPatient()
    _ = try patient.run().single(patient.input())
    guard case .upToDate = try patient.run().single(patient.input()) else {
      Issue.record("ran again")
      return
    }
    #expect { try patient.run({ $0.seed = 2 }).single(patient.input()) } throws: {
      ($0 as? Fault)?.remedy == .replaceOrOtherFolder
    }
    guard case .done = try patient.run({ $0.seed = 2 }, options: { $0.overwrite = true }).single(patient.input()) else {
      Issue.record("did not overwrite")
      return
    }
    #expect(try AuditCheck(output: patient.output).faults.isEmpty)
  }

  @Test func stoppingWithinTheComputationIsAnInterruption() throws {
    let patient = try SmallPatient()
    final class Box: @unchecked Sendable { var control: RunControl? }  // set once, before the run
    let box = Box()
    let control = RunControl { progress in if progress.stage == .explaining, progress.done == 0 { box.control?.stop() }
    }
    box.control = control
    #expect { try patient.run(control: control).single(patient.input()) } throws: { $0 is CancellationError }
    let records = try AuditLog(url: patient.output.appendingPathComponent("audit/sub-t.jsonl")).records()
    #expect(records.map(\.event) == ["started", "interrupted"])
  }

  @Test(arguments: [0, 3]) func aStoppedRunLooksUnfinishedAndIsCompletedLater(_ stopAt: Int) throws {
    let patient = try SmallPatient()
    final class Counter: @unchecked Sendable { var steps = 0 }  // the run is single-threaded
    let counter = Counter()
    final class Box: @unchecked Sendable { var control: RunControl? }
    let box = Box()
    let control = RunControl { _ in
      counter.steps += 1
      if counter.steps > stopAt { box.control?.stop() }
    }
    box.control = control
    #expect(throws: CancellationError.self) { try patient.run(control: control).single(patient.input()) }
    #expect(!FileManager.default.fileExists(atPath: patient.output.appendingPathComponent("sub-t.html").path))
    guard case .done = try patient.run().single(patient.input()) else {
      Issue.record("not completed")
      return
    }
    #expect(try AuditCheck(output: patient.output).faults.isEmpty)
  }

  @Test func aPatientWithoutLesionIsNoError() throws {
    let patient = try SmallPatient()
    // Smooth tissue without any contrast of lesions: a ball of two grey levels.
    let image = try NIfTIFile.read(patient.flair.path)
    var ball = image.volume
    for index in ball.voxels.indices {
      let v = ball.shape.voxel(at: index)
      let r = (v.i - 28) * (v.i - 28) + (v.j - 32) * (v.j - 32) + (v.k - 28) * (v.k - 28)
      ball.voxels[index] = r < 500 ? 100 + Float((v.i + v.j) % 2) * 0.01 : 0
    }
    try NIfTIWriter.write(ball, like: image.header, to: patient.flair.path)
    ball.voxels = ball.voxels.map { $0 == 0 ? 0 : 300 - $0 }
    try NIfTIWriter.write(ball, like: image.header, to: patient.mprage.path)
    let strict = patient.folder.appendingPathComponent("strict-model")
    try FileManager.default.copyItem(at: sampleModel, to: strict)
    let description = strict.appendingPathComponent("model.json")
    var json = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: description)) as? [String: Any])
    json["threshold"] = 0.999999
    try JSONSerialization.data(withJSONObject: json).write(to: description)
    let run = try patient.run({ $0.candidateThreshold = 0.99999 }, modelFolder: strict)
    guard case .done(let summary) = try run.single(patient.input()) else {
      Issue.record("not done")
      return
    }
    #expect(summary.results.lesions.isEmpty)
    #expect(FileManager.default.fileExists(atPath: summary.report.path))
  }

  @Test func badInputIsOneLineAndLeavesNothing() throws {
    let patient = try SmallPatient()
    func expectRefused(_ text: String, _ input: PatientInput, _ remedy: Fault.Remedy? = nil, line: Int = #line) {
      #expect { try patient.run().single(input) } throws: { error in
        "\(error)".contains(text) && !"\(error)".contains("\n")
          && (remedy == nil || (error as? Fault)?.remedy == remedy)
      }
      #expect(!FileManager.default.fileExists(atPath: patient.output.path), "line \(line)")
    }
    func write(_ name: String, _ change: (inout Volume<Float>) -> Void) throws -> URL {
      let image = try NIfTIFile.read(patient.flair.path)
      var volume = image.volume
      change(&volume)
      let url = patient.folder.appendingPathComponent(name)
      try NIfTIWriter.write(volume, like: image.header, to: url.path)
      return url
    }
    func input(_ flair: URL, _ mprage: URL) -> PatientInput {
      PatientInput(label: "sub-t", flair: flair, mprage: mprage)
    }

    expectRefused("absent.nii.gz", input(patient.folder.appendingPathComponent("absent.nii.gz"), patient.mprage))
    let truncated = patient.folder.appendingPathComponent("truncated.nii.gz")
    try Data(contentsOf: patient.flair).dropLast(5000).write(to: truncated)
    expectRefused("truncated.nii.gz", input(truncated, patient.mprage))
    let text = patient.folder.appendingPathComponent("text.nii.gz")
    try Data("not an image, but long enough to hold a header\n".utf8).write(to: text)
    expectRefused("text.nii.gz", input(text, patient.mprage))
    expectRefused("NaN", input(try write("nan.nii.gz") { $0.voxels[1000] = .nan }, patient.mprage))
    expectRefused(
      "constant",
      input(patient.flair, try write("constant.nii.gz") { v in v.voxels = v.voxels.map { $0 == 0 ? 0 : 7 } }))
    expectRefused(
      "constant (every voxel is 7",
      input(try write("flat.nii.gz") { v in v.voxels = v.voxels.map { _ in 7 } }, patient.mprage))
    expectRefused(
      "0 everywhere", input(patient.flair, try write("zero.nii.gz") { v in v.voxels = v.voxels.map { _ in 0 } }))
    // A background of one value would be taken for 0, and of one head and one brain the brain serves both.
    func head(_ name: String, _ step: Int) throws -> URL {
      try write(name) { v in for n in v.voxels.indices { v.voxels[n] += Float(5 + n * step % 7) } }
    }
    expectRefused(
      "head.nii.gz: FLAIR: shows a whole head", input(try head("head.nii.gz", 1), try head("head2.nii.gz", 3)),
      .brainMask)
    expectRefused("same voxels", input(patient.flair, patient.flair))
    var masked = input(patient.flair, patient.mprage)
    masked.brainMask = try write("outside.nii.gz") { v in v.voxels = v.voxels.map { $0 == 0 ? 1 : 0 } }
    expectRefused("outside.nii.gz", masked)
    let image = try NIfTIFile.read(patient.mprage.path)
    let part = GridBox(lower: VoxelIndex(0, 0, 0), upper: VoxelIndex(50, 60, 50))
    let other = patient.folder.appendingPathComponent("other-shape.nii.gz")
    try NIfTIWriter.write(image.volume.cropped(to: part), like: image.header.cropped(to: part), to: other.path)
    expectRefused("does not lie on the grid of FLAIR", input(patient.flair, other), .reslice)
  }

  @Test func oneFailedPatientDoesNotStopTheOthers() throws {
    let patient = try SmallPatient()
    let entries = [
      BIDSDataset.Entry(
        label: "sub-a", session: nil, input: .failure(Fault(.input, "/data/x/sub-a/anat", found: "no FLAIR image"))),
      BIDSDataset.Entry(label: "sub-t", session: nil, input: .success(patient.input())),
    ]
    let outcomes = try CohortRun(run: patient.run()).all(entries) { _, _ in }
    #expect(outcomes.count == 2)
    guard case .failed = outcomes[0].1, case .done = outcomes[1].1 else {
      Issue.record("wrong outcomes")
      return
    }
    let page = try String(contentsOf: patient.output.appendingPathComponent("index.html"), encoding: .utf8)
    #expect(page.contains("sub-a") && page.contains("sub-t.html") && !page.contains("/data/x"))
    // Nothing was begun: skipped, not failed, and its page says so.
    let found = try CohortFiles.entries(in: patient.output)
    #expect(found.map(\.state) == [.skipped, .done] && found[0].reason == "no FLAIR image")
    let reason = try String(contentsOf: patient.output.appendingPathComponent("failed-sub-a.html"), encoding: .utf8)
    #expect(reason.contains("skipped") && reason.contains("no FLAIR image"))
  }
}
