import AuditTrail
import Foundation
import Networks
import Reports
import Results
import Saliency
import Testing
import Volumes

@testable import QualityControl

/// How the saliency methods reach results, files and audit trail.
@Suite(.serialized) struct SaliencyMethodTests {
  private func results(
    _ patient: SmallPatient, _ folder: String, control: RunControl = RunControl(),
    _ change: (inout RunSettings) -> Void
  ) throws -> PatientResults {
    let output = patient.folder.appendingPathComponent(folder)
    guard
      case .done(let summary) = try patient.run(change, output: output, control: control).single(patient.input())
    else { throw QualityControlError.badOutput("not done") }
    #expect(try AuditCheck(output: output).findings.isEmpty)
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
    #expect(chunked.settings.aggregation == "chunked-max" && chunked.settings.method == "smoothgrad")
    #expect(chunked.reviewOrder == sum.reviewOrder && mean.reviewOrder == sum.reviewOrder)
    let all = zip(
      sum.lesions + sum.candidates, zip(chunked.lesions + chunked.candidates, mean.lesions + mean.candidates))
    for (s, (c, m)) in all {
      let peak = try #require(s.flairSumPeak)
      #expect(peak == s.flair.insideHighest.value && s.draws == 2)
      #expect(abs(try #require(c.flairSumPeak) - peak) <= 1e-5 * abs(peak))
      #expect(abs(try #require(m.flairSumPeak) - peak) <= 1e-5 * abs(peak))
      // One chunk is the whole lesion.
      if c.voxelCount <= Aggregation.chunkVoxels {
        #expect(abs(c.flair.insideHighest.value - peak) <= 1e-5 * abs(peak) && c.flair == s.flair)
      }
    }
    #expect((sum.lesions + sum.candidates).contains { $0.voxelCount <= Aggregation.chunkVoxels })
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
    #expect(found.settings.samples == 12)
    #expect(found.settings.stopping == StoppingFacts(relativeError: 0.9, absoluteError: 0.9, minimumSamples: 10))
    #expect(found.settings.layerMap == LayerMapFacts(method: "gradcam++", layer: "model.1.submodule.2.conv"))
    let findings = found.lesions + found.candidates
    #expect(findings.allSatisfy { (10...12).contains($0.draws ?? 0) } && findings.contains { $0.draws == 10 })
    for finding in findings {
      let file = try #require(finding.layerMapFile)
      let map = try NIfTIFile.read(patient.output.appendingPathComponent("sub-t/anat/\(file)").path)
      #expect(map.volume.voxels.allSatisfy { $0 >= 0 } && map.volume.voxels.contains { $0 > 0 })
    }
    let log = AuditLog(url: patient.output.appendingPathComponent("audit/sub-t.jsonl"))
    let record = try #require(try log.records().last { $0.event == "finished" })
    for finding in findings {
      #expect(record.details["draws"]?[finding.id] == .integer(Int64(try #require(finding.draws))))
    }
    #expect(record.details["settings"]?["method"] == .string("gradcam++"))
    #expect(record.details["settings"]?["relativeError"] == .number(0.9))
  }

  @Test func settingsThatDoNotFitTogetherAreNamed() {
    func problems(_ change: (inout RunSettings) -> Void) -> [String] {
      var settings = RunSettings()
      change(&settings)
      return settings.problems
    }
    #expect(problems { $0.layer = "x" }.first?.contains("--method gradcam++") == true)
    #expect(problems { $0.relativeError = 1 }.first?.contains("--relative-error") == true)
    #expect(problems { ($0.relativeError, $0.samples) = (0.1, 9) }.first?.contains("--max-samples") == true)
    #expect(problems { ($0.method, $0.mirror) = (.gradCAMPlusPlus, true) }.first?.contains("--mirror") == true)
    #expect(problems { ($0.samples, $0.noiseFraction) = (1, 0) }.isEmpty)
    #expect {
      _ = try LoadedModel(folder: sampleModel, threads: 1, tapping: .named("nowhere"))
    } throws: {
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
    let text = try #require(pace.warning(about: SaliencyCost(forwards: many, gradients: 0), settings: RunSettings()))
    #expect(text.contains("60 minutes") && text.contains("\(many) forward passes"))
    #expect(pace.warning(about: SaliencyCost(forwards: many / 10, gradients: 0), settings: RunSettings()) == nil)
    #expect(WindowPace.duration(9000) == "2.5 hours")
  }

  /// A grid of 3 voxels whose logits are brought to 6: every patient voxel is a member with its own adjoint, in array order.
  @Test func membersAreTheAdjointsOfSingleVoxels() {
    let layout = AxisLayout(
      shape: GridShape(6, 1, 1), storedAxis: [0, 1, 2], reversed: [true, false, false])
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
