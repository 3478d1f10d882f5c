import Archive
import AuditTrail
import Foundation
import Networks
import QualityControl
import Results
import Saliency
import SharedPatients
import Testing
import Volumes

@testable import Analysis

/// How the saliency methods reach results, files and audit trail.
@Suite(.serialized) struct SaliencyMethodTests {
  private func results(
    _ patient: SmallPatient, _ folder: String, control: RunControl = RunControl(), _ change: (inout RunSettings) -> Void
  ) throws -> PatientResults {
    let output = patient.folder.appendingPathComponent(folder)
    guard case .done(let summary) = try patient.run(change, output: output, control: control).single(patient.input())
    else { throw Fault(.output, "sub-t", found: "not done") }
    #expect(try AuditCheck(output: output).faults.isEmpty)
    return summary.results
  }

  @Test func comparedPartsChangeTheMapsAndNeverTheOrder() throws {
    let patient = try SmallPatient()
    defer { try? FileManager.default.removeItem(at: patient.folder) }
    let sum = try results(patient, "sum") { $0.maximumCandidates = 3 }
    let chunked = try results(patient, "chunked") {
      $0.maximumCandidates = 3
      $0.aggregation = .chunkedMax
    }
    let mean = try results(patient, "mean") {
      $0.maximumCandidates = 3
      $0.aggregation = .mean
    }
    #expect(chunked.settings?.aggregation == .chunkedMax && chunked.settings?.method == .smoothgrad)
    #expect(chunked.reviewOrder == sum.reviewOrder && mean.reviewOrder == sum.reviewOrder)
    for (finding, (c, m)) in zip(sum.findings, zip(chunked.findings, mean.findings)) {
      let (s, c, m) = (try #require(finding.saliency), try #require(c.saliency), try #require(m.saliency))
      let peak = try #require(s.flairSumPeak).value
      #expect(peak == s.flair.inside.maximum.value && s.samples == 2)
      #expect(abs(try #require(c.flairSumPeak).value - peak) <= 1e-5 * abs(peak))
      #expect(abs(try #require(m.flairSumPeak).value - peak) <= 1e-5 * abs(peak))
      // One chunk is the whole lesion.
      if finding.measurements.voxelCount <= Aggregation.chunkVoxels {
        #expect(abs(c.flair.inside.maximum.value - peak) <= 1e-5 * abs(peak) && c.flair == s.flair)
      }
    }
    #expect(sum.findings.contains { $0.measurements.voxelCount <= Aggregation.chunkVoxels })
  }

  @Test func automaticSamplingAndGradCAMAreRecorded() throws {
    let patient = try SmallPatient()
    defer { try? FileManager.default.removeItem(at: patient.folder) }
    let found = try results(patient, "out") {
      $0.maximumCandidates = 1
      $0.samples = 12
      $0.relativeError = 0.9
      $0.method = .gradCAMPlusPlus
    }
    #expect(found.settings?.samples == 12 && found.settings?.method == .gradCAMPlusPlus)
    let explanation = try #require(found.explanation)
    #expect(try explanation.stopping == StoppingRule(relativeError: 0.9, absoluteError: 0.9, minimumSamples: 10))
    #expect(explanation.layer == "model.1.submodule.2.conv")
    let samples = found.findings.compactMap(\.saliency?.samples)
    #expect(samples.count == found.findings.count)
    #expect(samples.allSatisfy { (10...12).contains($0) } && samples.contains(10))
    for finding in found.findings {
      let file = try #require(finding.files.layerMap)
      let map = try NIfTIFile.read(patient.output.appendingPathComponent("sub-t/anat/\(file)").path)
      #expect(map.volume.voxels.allSatisfy { $0 >= 0 } && map.volume.voxels.contains { $0 > 0 })
    }
    let log = AuditLog(url: patient.output.appendingPathComponent("audit/sub-t.jsonl"))
    let record = try #require(try log.records().last { $0.event == "finished" })
    for finding in found.findings {
      let noted = record.details["samples"]?[finding.id.description]
      #expect(noted == .integer(try #require(finding.saliency?.samples)))
    }
    #expect(record.details["settings"]?["method"] == .string("gradcam++"))
    #expect(record.details["settings"]?["relativeError"] == .number(0.9))
  }

  @Test func settingsThatDoNotFitTogetherAreNamed() {
    func problems(_ change: (inout RunSettings) -> Void) -> [RunSettings.Problem] {
      var settings = RunSettings()
      change(&settings)
      return settings.problems
    }
    let layer = problems { $0.layer = "x" }
    #expect(layer.map(\.setting) == ["layer"] && layer[0].method == .gradCAMPlusPlus)
    #expect(problems { $0.relativeError = 1 }.map(\.setting) == ["relativeError"])
    #expect(problems { ($0.relativeError, $0.samples) = (0.1, 9) }.map(\.setting) == ["maximumSamples"])
    #expect(problems { ($0.method, $0.mirror) = (.gradCAMPlusPlus, true) }.map(\.setting) == ["mirror"])
    #expect(problems { ($0.samples, $0.noiseFraction) = (1, 0) }.isEmpty)
    #expect { _ = try LoadedModel(folder: sampleModel, threads: 1, tapping: .named("nowhere")) } throws: {
      "\($0)".contains("\"nowhere\"") && "\($0)".contains("model.1.submodule.2.conv")
    }
  }

  @Test func aLongRunIsAnnounced() throws {
    var pace = WindowPace()
    // So that the window took some time by any clock.
    Thread.sleep(forTimeInterval: 0.002)
    pace.windowDone()
    let seconds = try #require(pace.secondsPerWindow)
    let many = Int(3600 / seconds)
    func estimate(_ forwards: Int) -> RunEstimate? {
      pace.estimate(of: SaliencyCost(forwards: forwards, gradients: 0), settings: RunSettings())
    }
    let long = try #require(estimate(many))
    #expect(long.duration == "60 minutes" && long.forwards == many && long.gradients == 0)
    #expect(long.subject == "the saliency maps" && long.advice == .adaptiveSamples && !long.isUpperBound)
    #expect(estimate(many / 10) == nil)
    #expect(try #require(estimate(Int(9000 / seconds))).duration == "2.5 hours")
  }

  /// A grid of 3 voxels whose logits are brought to 6: every patient voxel is a member with its own adjoint, in array
  /// order.
  @Test func membersAreTheAdjointsOfSingleVoxels() {
    let layout = AxisLayout(shape: GridShape(6, 1, 1), storedAxis: [0, 1, 2], reversed: [true, false, false])
    let box = VoxelBox(lower: [0, 0, 0], upper: [6, 1, 1])
    let grid = NetworkGrid(
      layout: layout, box: box, images: GridResize(from: [6, 1, 1], to: [3, 1, 1], .linear),
      logits: GridResize(from: [3, 1, 1], to: [6, 1, 1], .linear))
    // Stored voxels 2 and 1 are 3 and 4 along the reversed axis: places 1.25 and 1.75 of the network's voxels.
    let region = grid.region(ofPatient: [1, 2], withMembers: true)
    let expected = SaliencyRegion(
      voxels: [1, 2], weights: [1, 1], omegaCount: 2,
      members: [
        SaliencyRegion.Part(voxels: [1, 2], weights: [0.75, 0.25]),
        SaliencyRegion.Part(voxels: [1, 2], weights: [0.25, 0.75]),
      ])
    #expect(region == expected)
  }
}
