import Analysis
import Archive
import AuditTrail
import Foundation
import Programs
import QualityControl
import Registration
import Results
import SharedPatients
import Testing
import Volumes

@testable import Preparation

/// Raw images in, what `run` takes out.
@Suite(.serialized) struct PreparationTests {
  private func summary(_ outcome: PatientPreparation.Outcome) throws -> PreparationSummary {
    guard case .done(let summary) = outcome else {
      Issue.record("not done: \(outcome)")
      throw CancellationError()
    }
    return summary
  }

  @Test func rawImagesBecomeWhatRunTakes() throws {
    let pair = try RawPair()
    let done = try summary(try pair.preparation().single(try pair.input))
    let figures = try #require(done.steps.compactMap(\.figures).first)
    #expect(figures.informationAfter > figures.informationBefore)
    #expect(try #require(figures.forwardBackwardMillimetres) < 0.3 && figures.isInsideBrainMask)

    // The transform is the known one, in the direction that resampling takes.
    let text = try String(contentsOf: pair.prepared.transform, encoding: .utf8)
    let found = try ITKTransformFile.affine(in: text, path: "x")
    let error = Displacement(of: found, from: pair.truth.affine, over: pair.points)
    #expect(error.meanMillimetres < 0.3, "\(error)")

    // One grid, 0 outside the mask and nowhere else but where the images are 0.
    let raw = try NIfTIFile.read(pair.flair.path).volume
    let mask = try NIfTIFile.read(pair.prepared.mask.path).volume
    let flair = try NIfTIFile.read(pair.prepared.flair.path)
    let t1w = try NIfTIFile.read(pair.prepared.t1w.path).volume
    #expect(mask.voxels == (try NIfTIFile.read(pair.brainMask.path).volume.voxels))
    #expect(flair.volume.affine == raw.affine && t1w.affine == raw.affine && t1w.shape == raw.shape)
    for n in raw.voxels.indices {
      let isInside = mask.voxels[n] != 0
      guard flair.volume.voxels[n] == (isInside ? raw.voxels[n] : 0), isInside || t1w.voxels[n] == 0 else {
        Issue.record("voxel \(n)")
        break
      }
    }
    // The T1w is what the known transform brings there: the same patient, seen through the other grid.
    let moved = try NIfTIFile.read(pair.t1w.path).volume
    let expected = Resampling.cubic(
      Volume(shape: moved.shape, affine: pair.truth.inverse.affine.composed(with: moved.affine), voxels: moved.voxels),
      onto: raw.shape, raw.affine)
    let inside = mask.voxels.indices.filter { mask.voxels[$0] != 0 }
    let scale = inside.reduce(0.0) { $0 + Double(abs(expected.voxels[$1])) }
    let off = inside.reduce(0.0) { $0 + Double(abs(expected.voxels[$1] - t1w.voxels[$1])) }
    #expect(off < 0.05 * scale, "\(off / scale)")

    // As `run` reads it: no filter, no warning.
    let survey = try BIDSDataset(root: pair.output).survey()
    #expect(survey.entries.count == 1 && survey.skipped.isEmpty)
    let input = try survey.entries[0].input.get()
    #expect(input.synthetic && input.stem == "sub-01_acq-3D")
    let scan = try PatientScan(input, expectsBrainExtracted: true, reslice: false)
    #expect(scan.warnings.isEmpty, "\(scan.warnings.map(\.code))")
    #expect(!scan.showsHead && scan.brainMask.voxels == mask.voxels.map { $0 != 0 ? 1 : 0 })
    #expect(try AuditCheck(output: pair.output).faults.isEmpty)
    #expect(try AuditCheck(output: pair.output).notes.isEmpty)
  }

  @Test func sidecarsSayWhereItComesFrom() throws {
    let pair = try RawPair(hasHead: false)
    _ = try summary(try pair.preparation().single(try pair.input))
    func json(_ name: String) throws -> [String: Any] {
      let data = try Data(
        contentsOf: name.hasPrefix("sub") ? pair.file(name) : pair.output.appendingPathComponent(name))
      return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
    let description = try json("dataset_description.json")
    #expect((description["GeneratedBy"] as? [[String: Any]])?.first?["Name"] as? String == "lesionqc")
    #expect((description["DatasetLinks"] as? [String: String]) == ["raw": "../raw"])
    #expect(description["DatasetType"] as? String == "derivative")
    let flair = try json("sub-01_acq-3D_space-FLAIR_desc-prepared_FLAIR.json")
    #expect(
      flair["Sources"] as? [String] == [
        "bids:raw:sub-01/anat/sub-01_acq-3D_FLAIR.nii.gz",
        "bids::sub-01/anat/sub-01_acq-3D_space-FLAIR_desc-brain_mask.nii.gz",
      ])
    #expect(flair["SkullStripped"] as? Bool == true && flair["Manufacturer"] as? String == "Acme")
    #expect(flair["InstitutionName"] == nil)
    let mask = try json("sub-01_acq-3D_space-FLAIR_desc-brain_mask.json")
    #expect(mask["Type"] as? String == "Brain")
    #expect(mask["SpatialReference"] as? String == "bids:raw:sub-01/anat/sub-01_acq-3D_FLAIR.nii.gz")
    let t1w = try json("sub-01_space-FLAIR_desc-prepared_T1w.json")
    #expect((t1w["Sources"] as? [String])?.count == 3)
  }

  /// What was given one by one names no file and no folder, but in the trail.
  @Test func namesOfGivenFilesStayUntold() throws {
    let pair = try RawPair(hasHead: false)
    let secret = pair.folder.appendingPathComponent("Mueller_acq-Mueller_FLAIR.nii.gz")
    try FileManager.default.copyItem(at: pair.flair, to: secret)
    let preparation = try PatientPreparation(
      output: pair.output, raw: nil, settings: try pair.preparation().settings, options: PreparationOptions(),
      control: RunControl())
    _ = try summary(
      try preparation.single(PatientInput(label: "sub-07", session: "ses-2", flair: secret, mprage: pair.t1w)))
    let names = try FileManager.default.subpathsOfDirectory(atPath: pair.output.path)
    #expect(names.contains("sub-07/ses-2/anat/sub-07_ses-2_space-FLAIR_desc-prepared_FLAIR.nii.gz"))
    for name in names where name.hasSuffix(".json") {
      let text = try String(contentsOf: pair.output.appendingPathComponent(name), encoding: .utf8)
      #expect(!text.contains("Mueller") && !text.contains(pair.folder.lastPathComponent), "\(name)")
    }
    #expect(!names.contains { $0.contains("Mueller") })
  }

  @Test func theSameAgainIsUpToDateAndOtherwiseIsRefused() throws {
    let pair = try RawPair(hasHead: false)
    let first = try summary(try pair.preparation().single(try pair.input))
    let trail = pair.output.appendingPathComponent("audit/sub-01.jsonl")
    let bytes = try Data(contentsOf: trail)
    guard case .upToDate(let again) = try pair.preparation().single(try pair.input) else {
      Issue.record("done again")
      return
    }
    #expect(again.steps == first.steps && again.auditHead == first.auditHead)
    #expect(try Data(contentsOf: trail) == bytes)
    // Another mask is another preparation.
    let other = try pair.command("cp '\(pair.brainMask.path)' \"$2\"")
    #expect(throws: Fault.self) { try pair.preparation({ $0.brain = .command(other) }).single(try pair.input) }
    #expect(try Data(contentsOf: trail) == bytes)
    // An altered image is no finished one.
    try Data("x".utf8).write(to: pair.prepared.t1w)
    let refusal = #expect(throws: Fault.self) { try pair.preparation().single(try pair.input) }
    #expect(refusal?.found.contains("altered") == true)
    #expect(try AuditCheck(output: pair.output).faults.map(\.kind) == [.alteredOutput])
    // Replaced, with the steps kept whose files are as they were.
    let replaced = try summary(try pair.preparation(overwrite: true).single(try pair.input))
    #expect(replaced.stepsOfBefore == [.brain, .registration])
    #expect(try AuditCheck(output: pair.output).faults.isEmpty)
  }

  /// A step that a process finished before it was stopped is not done again, and a folder without its images looks
  /// unfinished.
  @Test func aStoppedPreparationGoesOn() throws {
    let pair = try RawPair(hasHead: false)
    let calls = pair.folder.appendingPathComponent("calls")
    let command = try pair.command("echo call >> '\(calls.path)'; cp '\(pair.brainMask.path)' \"$2\"")
    final class Stop: @unchecked Sendable { var control: RunControl? }
    let stop = Stop()
    let control = RunControl(report: { if $0.stage == .registering { stop.control?.stop() } })
    stop.control = control
    #expect(throws: CancellationError.self) {
      // Stopped while registering; seen at the next step.
      try pair.preparation({ $0.brain = .command(command) }, control: control).single(try pair.input)
    }
    #expect(!FileManager.default.fileExists(atPath: pair.prepared.flair.path))
    #expect(try AuditCheck(output: pair.output).faults.map(\.kind) == [.unfinished])
    #expect(throws: Fault.self) { _ = try BIDSDataset(root: pair.output).survey().entries[0].input.get() }
    let done = try summary(try pair.preparation({ $0.brain = .command(command) }).single(try pair.input))
    #expect(done.stepsOfBefore == [.brain, .registration])
    #expect(try String(contentsOf: calls, encoding: .utf8) == "call\n")
    // The same to the last bit as without a stop.
    let whole = try RawPair(hasHead: false)
    _ = try summary(try whole.preparation().single(try whole.input))
    for (a, b) in [(pair.prepared.t1w, whole.prepared.t1w), (pair.prepared.transform, whole.prepared.transform)] {
      #expect(try Data(contentsOf: a) == Data(contentsOf: b))
    }
  }

  @Test func resultsAndPreparedImagesDoNotMix() throws {
    let pair = try RawPair(hasHead: false)
    _ = try summary(try pair.preparation().single(try pair.input))
    let before = try FileManager.default.subpathsOfDirectory(atPath: pair.output.path)
    let patient = try SmallPatient()
    #expect(throws: Fault(.output, pair.output.path, found: "holds prepared images", remedy: .otherFolder)) {
      try patient.run(output: pair.output).single(patient.input())
    }
    for name in before {
      #expect(FileManager.default.fileExists(atPath: pair.output.appendingPathComponent(name).path))
    }
    // The raw data set is no place for them either.
    let into = try PatientPreparation(
      output: pair.raw, raw: pair.raw, settings: try pair.preparation().settings, options: PreparationOptions(),
      control: RunControl())
    let fault = #expect(throws: Fault.self) { try into.single(try pair.input) }
    #expect(fault?.found == "holds another data set")
    #expect(throws: Fault.self) {
      try pair.preparation().single(
        PatientInput(label: "sub-01", flair: pair.prepared.flair, mprage: pair.prepared.t1w, synthetic: true))
    }
  }
}
