import ErrorScore
import Foundation
import Lesions
import Results
import SharedPatients
import Testing
import Volumes

@testable import Analysis

/// What a reference segmentation says of a lesion and of a candidate: the same, whoever made the mask.
@Suite struct ReferenceLabelsTests {
  enum Source: CaseIterable { case network, files }

  /// Voxels from the first to before the last along each axis.
  typealias Block = (i: Range<Int>, j: Range<Int>, k: Range<Int>)

  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let reference: [Block]
    let lesion: RegionGroup
    let candidate: RegionGroup
    /// Of the reference lesions.
    let missed: Int
  }

  static let lesion: Block = (6..<9, 6..<9, 6..<9)
  static let candidate: Block = (12..<15, 6..<9, 6..<9)

  static let cases: [Case] = [
    Case(
      testDescription: "no reference lesion", reference: [], lesion: .falsePositive, candidate: .otherCandidate,
      missed: 0),
    Case(
      testDescription: "a reference lesion elsewhere", reference: [(20..<23, 20..<23, 20..<23)], lesion: .falsePositive,
      candidate: .otherCandidate, missed: 1),
    Case(
      testDescription: "one that touches the lesion alone", reference: [(4..<7, 6..<9, 6..<9)], lesion: .truePositive,
      candidate: .otherCandidate, missed: 0),
    Case(
      testDescription: "one that touches both, and is found by the lesion", reference: [(7..<13, 6..<9, 6..<9)],
      lesion: .truePositive, candidate: .partOfFoundCandidate, missed: 0),
    Case(
      testDescription: "one that touches the candidate alone", reference: [(13..<17, 6..<9, 6..<9)],
      lesion: .falsePositive, candidate: .missedCandidate, missed: 1),
    Case(
      testDescription: "one for each", reference: [(4..<7, 6..<9, 6..<9), (13..<17, 6..<9, 6..<9)],
      lesion: .truePositive, candidate: .missedCandidate, missed: 1),
    Case(
      testDescription: "the candidate touches a found one and a missed one",
      reference: [(7..<13, 6..<7, 6..<7), (14..<18, 8..<10, 8..<10)], lesion: .truePositive,
      candidate: .missedCandidate, missed: 1),
    Case(
      testDescription: "what touches the candidate is too small to be a lesion", reference: [(14..<16, 8..<9, 8..<9)],
      lesion: .falsePositive, candidate: .otherCandidate, missed: 0),
  ]

  @Test(arguments: Source.allCases, cases) func aCandidateIsJudgedByWhatItTouches(_ source: Source, _ row: Case) throws
  {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("labels-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let results = try Self.analysis(source, reference: row.reference, in: folder).results
    #expect(results.findings.map(\.id.description) == ["L001", "C001"])
    #expect(results.findings.map(\.measurements.voxelCount) == [27, 27])
    #expect(results.lesions.map(\.reference) == [row.lesion])
    #expect(results.candidates.map(\.reference) == [row.candidate])
    let detection = try #require(results.reference).detection
    #expect(detection.falseNegatives == row.missed)
    #expect(detection.truePositives == (row.lesion == .truePositive ? 1 : 0))
    #expect((results.model == nil) == (source == .files) && (results.external == nil) == (source == .network))
  }

  @Test func withoutAReferenceNothingIsSaid() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("labels-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for source in Source.allCases {
      let results = try Self.analysis(source, reference: nil, in: folder).results
      #expect(results.reference == nil && results.findings.allSatisfy { $0.reference == nil })
    }
  }

  // MARK: - A scan in which brightness alone says what is lesion

  private static let shape = GridShape(32, 32, 32)

  private static func volume(_ value: (VoxelIndex) -> Float) -> Volume<Float> {
    Volume(shape: shape, affine: .scaling(1, 1, 1), voxels: (0..<shape.voxelCount).map { value(shape.voxel(at: $0)) })
  }

  private static func contains(_ block: Block, _ v: VoxelIndex) -> Bool {
    block.i.contains(v.i) && block.j.contains(v.j) && block.k.contains(v.k)
  }

  /// Tissue of 90 and 110 in turn: one standard deviation to either side of 100, where the network's probability is at
  /// most 0.06. The lesion lies 3.8 standard deviations above the mean (probability 1), the candidate 1.3 (0.17, below
  /// the threshold of 0.3).
  private static func analysis(_ source: Source, reference: [Block]?, in folder: URL) throws -> PatientAnalysis {
    func write(_ name: String, _ volume: Volume<Float>) throws -> URL {
      let url = folder.appendingPathComponent("\(name).nii.gz")
      try NIfTIWriter.write(volume, to: url.path)
      return url
    }
    func isBrain(_ v: VoxelIndex) -> Bool { [v.i, v.j, v.k].allSatisfy { (4..<28).contains($0) } }
    let flair = volume { v in
      contains(lesion, v)
        ? 140 : contains(candidate, v) ? 114 : isBrain(v) ? ((v.i + v.j + v.k) % 2 == 0 ? 90 : 110) : 0
    }
    let mprage = volume { v in isBrain(v) ? ((v.i + v.j + v.k) % 2 == 0 ? 110 : 90) : 0 }
    let input = PatientInput(
      label: "sub-t", flair: try write("flair", flair), mprage: try write("mprage", mprage),
      reference: try reference.map { blocks in
        try write("reference", volume { v in blocks.contains { contains($0, v) } ? 1 : 0 })
      }, synthetic: true)
    var settings = RunSettings()
    settings.samples = 1
    let context = AnalysisContext(
      settings: settings, calibration: nil, trainingIntensities: nil, control: RunControl(), mapFiles: { _ in .init() })
    let mask: MaskSource
    switch source {
    case .network: mask = .network(try LoadedModel(folder: BrightnessNetwork.write(to: folder, window: 32), threads: 1))
    case .files:
      mask = .files(
        ExternalFiles(
          mask: try write("mask", volume { contains(lesion, $0) ? 1 : 0 }),
          probability: try write(
            "probability", volume { contains(lesion, $0) ? 0.9 : contains(candidate, $0) ? 0.2 : 0.02 }), saliency: nil,
          tool: "a hand"))
    }
    let scan = try PatientScan(input, expectsBrainExtracted: mask.expectsBrainExtracted, reslice: false)
    return try PatientAnalysis(
      scan, of: input, mask: mask, networkInput: try mask.model.map { try NetworkInput(scan, model: $0) },
      context: context)
  }
}
