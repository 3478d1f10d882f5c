import Analysis
import Archive
import Foundation
import Lesions
import PageLint
import Results
import SharedPatients
import Testing
import Volumes

@testable import QualityControl

@Suite(.serialized) struct ExternalRunTests {
  /// The files that a run of the sample model left, taken for those of another program.
  private struct OtherTool {
    let patient: SmallPatient
    let stored: StoredPatient
    var mask: URL { stored.layout.url(stored.layout.mask) }
    var probability: URL { stored.layout.url(stored.layout.probability) }
    var maps: URL { stored.layout.url(stored.layout.folder) }
    let output: URL

    init() throws {
      patient = try SmallPatient()
      _ = try patient.run().single(patient.input())
      stored = try StoredPatient("sub-t", in: patient.output)
      output = patient.folder.appendingPathComponent("external")
    }

    func run(
      probability: URL? = nil, saliency: URL? = nil, mask: URL? = nil, tool: String? = "Segmenter 2.0",
      overwrite: Bool = false
    ) throws -> CohortRun.Outcome {
      var options = RunOptions()
      options.overwrite = overwrite
      return try PatientRun(output: output, settings: RunSettings(), options: options, control: RunControl()).single(
        patient.input(reference: true),
        files: ExternalFiles(mask: mask ?? self.mask, probability: probability, saliency: saliency, tool: tool))
    }

    func results() throws -> PatientResults { try StoredPatient("sub-t", in: output).results }
    func page() throws -> String {
      try String(contentsOf: output.appendingPathComponent("sub-t.html"), encoding: .utf8)
    }
  }

  @Test func aMaskAloneGivesLesionsBySizeAndSaysSo() throws {
    let other = try OtherTool()
    guard case .done = try other.run() else {
      Issue.record("not done")
      return
    }
    let results = try other.results()
    let own = other.stored.results
    #expect(results.lesions.map(\.measurements.voxelCount) == own.lesions.map(\.measurements.voxelCount))
    #expect(
      results.lesions.map(\.measurements.centroidMillimetres) == own.lesions.map(\.measurements.centroidMillimetres))
    #expect(results.lesions.allSatisfy { [.truePositive, .falsePositive].contains($0.reference) })
    #expect(results.reference != nil)
    #expect(results.candidates.isEmpty)
    #expect(results.lesions.allSatisfy { $0.saliency == nil && $0.measurements.probability == nil })
    #expect(results.model == nil && results.settings == nil && results.explanation == nil && results.checks == nil)
    #expect(results.external?.tool == "Segmenter 2.0" && results.rules.order == .volume)
    // Smallest first: lesions are numbered by size, so the order is that of the numbers, backwards, but for equal
    // sizes.
    let volumes = results.reviewOrder.compactMap { results.finding($0.finding)?.measurements.volumeMillimetres3 }
    #expect(volumes == volumes.sorted() && volumes.count == results.lesions.count)
    #expect(results.reviewOrder.allSatisfy { $0.errorScore == nil })
    let page = try other.page()
    for text in [
      "Segmenter 2.0", "no network was run here", "ordered by lesion size alone", "There are no saliency maps",
      "not looked for: no probability map", "<span>Mask</span> Segmenter 2.0",
    ] { #expect(page.contains(text), "\(text)") }
    #expect(!page.contains("raw saliency peak") && !page.contains(">nan") && !page.contains(" nan"))
    #expect(try AuditCheck(output: other.output).faults.isEmpty)
    #expect(
      try ReportLint.leaks(in: other.output.appendingPathComponent("sub-t.html"), identifiers: [], dates: []) == [])
    // Drawn again, and run again, it is the same.
    let rendering = try ReportRendering(output: other.output, moved: nil, overwrite: false, control: RunControl())
    #expect(try rendering.render("sub-t") == .unchanged)
    guard case .upToDate = try other.run() else {
      Issue.record("ran again")
      return
    }
    #expect { try other.run(probability: other.probability) } throws: {
      ($0 as? Fault)?.remedy == .replaceOrOtherFolder
    }
  }

  @Test func aProbabilityGivesCandidatesAndTheOrder() throws {
    let other = try OtherTool()
    _ = try other.run(probability: other.probability)
    let results = try other.results()
    let own = other.stored.results
    #expect(results.candidates.map(\.measurements) == own.candidates.map(\.measurements))
    #expect(!results.candidates.isEmpty && results.rules.order == .meanProbability)
    func means(_ kind: FindingKind) -> [Double] {
      results.reviewOrder.filter { $0.finding.kind == kind }.compactMap {
        results.finding($0.finding)?.measurements.probability?.mean
      }
    }
    let (lesions, candidates) = (means(.lesion), means(.candidate))
    #expect(lesions.count == results.lesions.count && candidates.count == results.candidates.count)
    #expect(lesions == lesions.sorted() && candidates == candidates.sorted(by: >))
    #expect(try other.page().contains("ordered by mean lesion probability alone"))
    let rendering = try ReportRendering(output: other.output, moved: nil, overwrite: false, control: RunControl())
    #expect(try rendering.render("sub-t") == .unchanged)
  }

  @Test func mapsGiveThePeaksThatTheRunReadFromThem() throws {
    let other = try OtherTool()
    _ = try other.run(probability: other.probability, saliency: other.maps)
    let results = try other.results()
    #expect(results.external?.hasSaliency == true)
    for (given, own) in zip(results.lesions, other.stored.results.lesions) {
      // Values inside a finding are all in its stored box; only the Monte-Carlo error needs the samples.
      let (given, own) = (try #require(given.saliency), try #require(own.saliency))
      #expect(given.flair.inside.maximum.value == own.flair.inside.maximum.value)
      #expect(given.flair.inside.maximum.voxel == own.flair.inside.maximum.voxel)
      #expect(given.mprage?.inside.minimum.value == own.mprage?.inside.minimum.value)
      #expect(given.flair.inside.maximum.standardError == nil && given.samples == nil)
      #expect(abs(given.signBalance.meanInside - own.signBalance.meanInside) < 1e-12)
    }
    #expect(results.rules.order == .givenPeak)
    func peaks(_ kind: FindingKind) -> [Double] {
      results.reviewOrder.filter { $0.finding.kind == kind }.compactMap {
        results.finding($0.finding)?.saliency?.flair.inside.maximum.value
      }
    }
    let (lesions, candidates) = (peaks(.lesion), peaks(.candidate))
    #expect(lesions.count == results.lesions.count && candidates.count == results.candidates.count)
    #expect(lesions == lesions.sorted() && candidates == candidates.sorted(by: >))
    let rendering = try ReportRendering(output: other.output, moved: nil, overwrite: false, control: RunControl())
    #expect(try rendering.render("sub-t") == .unchanged)
  }

  @Test func whatDoesNotFitIsRefusedAndLeavesNothing() throws {
    let other = try OtherTool()
    func expectRefused(_ text: String, _ run: () throws -> CohortRun.Outcome) {
      #expect { try run() } throws: { "\($0)".contains(text) && !"\($0)".contains("\n") }
      #expect(!FileManager.default.fileExists(atPath: other.output.path), "\(text)")
    }
    expectRefused("no such file") { try other.run(mask: other.patient.folder.appendingPathComponent("none.nii.gz")) }
    let image = try NIfTIFile.read(other.mask.path)
    let box = GridBox(lower: VoxelIndex(0, 0, 0), upper: VoxelIndex(50, 60, 50))
    let small = other.patient.folder.appendingPathComponent("small.nii.gz")
    try NIfTIWriter.write(image.volume.cropped(to: box), like: image.header.cropped(to: box), to: small.path)
    expectRefused("does not lie on the grid") { try other.run(mask: small) }
    expectRefused("softmax") { try other.run(probability: other.patient.flair) }
    expectRefused("no saliency map of a finding") { try other.run(saliency: other.patient.folder) }
    let wrong = other.patient.folder.appendingPathComponent("wrong")
    try FileManager.default.createDirectory(at: wrong, withIntermediateDirectories: true)
    let corner = GridBox(lower: VoxelIndex(0, 0, 0), upper: VoxelIndex(2, 2, 2))
    let part = image.volume.cropped(to: corner)
    try NIfTIWriter.write(
      channels: [part, part], like: image.header.cropped(to: corner),
      to: wrong.appendingPathComponent("x_L001_saliency.nii.gz").path)
    expectRefused("does not cover all of L001") { try other.run(saliency: wrong) }
  }

  @Test func theAcquisitionIsLookedAt() throws {
    let other = try OtherTool()
    // Brain of 45 × 45 voxels on the first and the last slice, of which one is the top.
    let image = try NIfTIFile.read(other.patient.flair.path)
    var flair = image.volume
    let last = flair.shape.nk - 1
    for j in 5..<50 { for i in 5..<50 { for k in [0, last] { flair[VoxelIndex(i, j, k)] = 1 } } }
    try NIfTIWriter.write(flair, like: image.header, to: other.patient.flair.path)
    _ = try other.run()
    let expected = "The top slice of the FLAIR still shows brain: lesions above it are not in this report."
    let warning = try #require(other.results().warnings.first { $0.code == .brainCutAtTop })
    #expect(warning.sentence == expected)
    #expect(try other.page().contains(expected))
  }

  @Test func anEmptyMaskIsNoError() throws {
    let other = try OtherTool()
    let image = try NIfTIFile.read(other.mask.path)
    let empty = other.patient.folder.appendingPathComponent("empty.nii.gz")
    try NIfTIWriter.write(image.volume.map { _ in UInt8(0) }, like: image.header, to: empty.path)
    _ = try other.run(mask: empty, tool: nil)
    #expect(try other.results().reviewOrder.isEmpty)
    #expect(try other.page().contains("external segmentation, tool not named"))
  }
}
