import Analysis
import AuditTrail
import Digests
import Foundation
import Lesions
import Results
import SharedPatients
import Testing
import Volumes

@testable import Archive

/// Findings are read from the numbered masks that the run left; nothing is detected again.
@Suite(.serialized) struct StoredFindingsTests {
  private struct Stored {
    let patient: SmallPatient
    let stored: StoredPatient
    var layout: OutputLayout { stored.layout }

    init() throws {
      patient = try SmallPatient()
      _ = try patient.run().single(patient.input())
      stored = try StoredPatient("sub-t", in: patient.output)
    }

    func url(_ path: String) -> URL { layout.url(path) }
    func read(_ path: String) throws -> NIfTIImage { try NIfTIFile.read(url(path).path) }
  }

  @Test func candidatesAreStoredAsNumbersBesideTheLesions() throws {
    let stored = try Stored()
    let results = stored.stored.results
    #expect(results.candidates.count >= 2)
    #expect(stored.layout.candidates == "sub-t/anat/sub-t_desc-candidate_dseg.nii.gz")
    let labels = try stored.read(stored.layout.candidates)
    let (lesions, flair) = (try stored.read(stored.layout.segmentation), try NIfTIFile.read(stored.patient.flair.path))
    #expect(labels.volume.affine == flair.volume.affine && labels.volume.shape == flair.volume.shape)
    #expect(Set(labels.volume.voxels) == Set((0...results.candidates.count).map(Float.init)))
    #expect(zip(labels.volume.voxels, lesions.volume.voxels).allSatisfy { $0 == 0 || $1 == 0 })
    for candidate in results.candidates {
      let voxels = labels.volume.voxels.indices.filter { labels.volume.voxels[$0] == Float(candidate.id.number) }
      #expect(voxels.count == candidate.measurements.voxelCount)
      #expect(GridBox(enclosing: voxels, shape: labels.volume.shape) == candidate.measurements.boundingBox)
    }
    let table = try String(contentsOf: stored.url(stored.layout.candidateTable), encoding: .utf8)
    let rows = table.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(rows.count == 1 + results.candidates.count && rows[0][0] == "index" && rows[1][0] == "1")
    // All of it is vouched for.
    for path in [stored.layout.candidates, stored.layout.candidateTable] {
      #expect(stored.stored.outputs.contains { $0.path == path })
    }
  }

  @Test func whatIsReadIsWhatWasDetected() throws {
    let stored = try Stored()
    let results = stored.stored.results
    let found = try StoredFindings(stored.stored)
    #expect(found.findings.map(\.id) == results.findings.map(\.id))
    #expect(found.findings.map(\.measurements) == results.findings.map(\.measurements))
    #expect(found.findings.map(\.wasDroppedSmallComponent) == results.findings.map(\.wasDroppedSmallComponent))
    // By the rules of detection, from the stored probability.
    let probability = try stored.read(stored.layout.probability).volume
    let lesions = Components(of: try stored.read(stored.layout.mask).volume) { $0 != 0 }
    #expect(found.components(results.rules.lesions).kept == lesions.kept)
    let detected = try MissedLesionCandidates(
      in: probability, besides: lesions, rule: try #require(results.rules.candidates))
    #expect(found.findings.filter { $0.id.kind == .candidate }.map(\.voxels) == detected.candidates.map(\.voxels))
    #expect(
      found.labels(.candidate).voxels.map(Float.init) == (try stored.read(stored.layout.candidates)).volume.voxels)
    #expect(found.voxels(of: FindingID(kind: .readerMark, number: 1)).isEmpty)
  }

  /// Another probability, vouched for by the trail: a new detection would find nothing, the labels say what was found.
  @Test func theProbabilityIsNotLookedAtForFindings() throws {
    let stored = try Stored()
    let before = try StoredFindings(stored.stored).findings
    try blank(stored, stored.layout.probability)
    #expect(try StoredFindings(stored.stored).findings == before)
    // It is altered all the same, and who judges a patient is told so.
    #expect { try stored.stored.requireIntactVolumes() } throws: {
      "\($0)".contains("_probseg.nii.gz") && "\($0)".contains("altered or removed") && !"\($0)".contains("\n")
    }
    #expect(try AuditCheck(output: stored.patient.output).faults.map(\.kind) == [.alteredOutput])
  }

  @Test func alteredLabelsAreRefused() throws {
    let stored = try Stored()
    try blank(stored, stored.layout.candidates)
    #expect { try StoredFindings(stored.stored) } throws: {
      "\($0)".contains("_desc-candidate_dseg.nii.gz") && "\($0)".contains("altered or removed")
    }
    try FileManager.default.removeItem(at: stored.url(stored.layout.candidates))
    #expect { try StoredFindings(stored.stored) } throws: { "\($0)".contains("altered or removed") }
  }

  /// Labels that the trail vouches for and the results do not list.
  @Test func labelsThatAreNotTheResultsAreRefused() throws {
    let stored = try Stored()
    for path in [stored.layout.candidates, stored.layout.segmentation] {
      let original = try Data(contentsOf: stored.url(path))
      try blank(stored, path)
      let other = try vouched(stored, path)
      #expect { try StoredFindings(other) } throws: {
        "\($0)".contains("does not hold the findings that the results list") && !"\($0)".contains("\n")
      }
      try original.write(to: stored.url(path))
    }
  }

  @Test func resultsOfAnotherSchemaVersionAreRefusedInOneLineThatSaysToRunAgain() throws {
    let stored = try Stored()
    let url = stored.url(stored.layout.results)
    var json = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    json["schemaVersion"] = 1
    try JSONSerialization.data(withJSONObject: json).write(to: url)
    let log = stored.stored.log
    try log.append(event: "finished", details: try details(stored, stored.layout.results))
    #expect { try StoredPatient("sub-t", in: stored.patient.output) } throws: {
      "\($0)".contains("_results.json") && "\($0)".contains("run the patient again") && !"\($0)".contains("\n")
    }
  }

  /// Every voxel of a stored volume set to 0.
  private func blank(_ stored: Stored, _ path: String) throws {
    let image = try stored.read(path)
    try NIfTIWriter.write(image.volume.map { _ in Float(0) }, like: image.header, to: stored.url(path).path)
  }

  /// Details of the finished run with the digest that a file has now.
  private func details(_ stored: Stored, _ path: String) throws -> AuditValue {
    let digest = try Digest.sha256(file: stored.url(path))
    guard case .object(let all) = stored.stored.finished.content else { return [:] }
    var members = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0.value) })
    members["outputs"] = .files(
      try stored.stored.outputs.map {
        $0.path == path ? try OutputTransaction.File(path: path, sha256: digest, byteCount: $0.byteCount) : $0
      })
    return AuditValue(members)
  }

  /// The patient after the trail took a file as it is now.
  private func vouched(_ stored: Stored, _ path: String) throws -> StoredPatient {
    try stored.stored.log.append(event: "finished", details: try details(stored, path))
    return try StoredPatient("sub-t", in: stored.patient.output)
  }
}
