import Testing

@testable import Volumes

/// The table of docs/input.md: what the values of a mask look like, and what follows.
@Suite struct MaskRuleTests {
  enum Outcome: Equatable, Sendable {
    case read(MaskReading, marked: Int)
    case refused(MaskRefusal)
  }

  struct Row: Sendable {
    let name: String
    /// Values and how many voxels have them; the rest of 1000 is 0.
    let values: [(Float, Int)]
    var labels: [Int]?
    var storageStep: Double?
    let outcome: Outcome
  }

  static func voxels(_ values: [(Float, Int)]) -> [Float] {
    let marks = values.flatMap { Array(repeating: $0.0, count: $0.1) }
    // The marks in the middle, background around.
    let before = (1000 - marks.count) / 2
    return Array(repeating: 0, count: before) + marks + Array(repeating: 0, count: 1000 - marks.count - before)
  }

  /// One half, then a ramp: 100 voxels of 0.01, 0.02, …, 1.
  static let ramp: [(Float, Int)] = (1...100).map { (Float($0) / 100, 1) }

  static let rows: [Row] = [
    Row(name: "0 and 1", values: [(1, 30)], outcome: .read(.binary, marked: 30)),
    Row(name: "0 and 255", values: [(255, 30)], outcome: .read(.binary, marked: 30)),
    Row(name: "nothing marked", values: [], outcome: .read(.binary, marked: 0)),
    Row(name: "nothing marked, a label named", values: [], labels: [99], outcome: .read(.binary, marked: 0)),
    Row(name: "nearly 1", values: [(0.9999, 10), (1.0005, 20)], outcome: .read(.binary, marked: 30)),
    Row(
      name: "rounding around 0 is background", values: [(1, 30), (0.0008, 100), (-0.0008, 5)],
      outcome: .read(.binary, marked: 30)),
    Row(
      name: "half a storage step", values: [(0.0018, 600), (1.0018, 30)], storageStep: 1.0 / 255,
      outcome: .read(.binary, marked: 30)),
    Row(
      name: "a whole storage step is a value", values: [(1.0 / 255, 30)], storageStep: 1.0 / 255,
      outcome: .refused(.faint)), Row(name: "every voxel", values: [(1, 1000)], outcome: .refused(.wholeImage)),
    Row(name: "every voxel is 255", values: [(255, 1000)], outcome: .refused(.wholeImage)),
    Row(name: "every voxel of a named label", values: [(2, 1000)], labels: [2], outcome: .refused(.wholeImage)),
    Row(
      name: "every voxel of two named labels", values: [(2, 600), (3, 400)], labels: [2, 3],
      outcome: .refused(.wholeImage)),
    Row(name: "every voxel reaches the cut", values: [(0.75, 500), (0.5, 500)], outcome: .refused(.wholeImage)),

    Row(name: "one other label", values: [(2, 30)], outcome: .refused(.oneLabel(2))),
    Row(name: "label 1000", values: [(1000, 30)], outcome: .refused(.oneLabel(1000))),
    Row(name: "1 and 255", values: [(1, 30), (255, 3)], outcome: .refused(.severalLabels)),
    Row(
      name: "like SAMSEG", values: [(2, 300), (3, 200), (41, 300), (42, 100), (99, 7)],
      outcome: .refused(.severalLabels)),
    Row(name: "lesion and other pathology", values: [(1, 30), (2, 20)], outcome: .refused(.severalLabels)),
    Row(name: "eight bits of a ramp", values: (1...255).map { (Float($0), 1) }, outcome: .refused(.severalLabels)),
    Row(name: "-1 outside", values: [(-1, 500), (1, 30)], outcome: .refused(.negativeLabels)),
    Row(name: "-1 alone", values: [(-1, 30)], outcome: .refused(.negativeLabels)),
    Row(
      name: "a distance in whole numbers", values: [(-3, 100), (-2, 100), (2, 10), (3, 10)],
      outcome: .refused(.negativeLabels)),

    Row(
      name: "a label of several", values: [(2, 300), (3, 200), (41, 300), (99, 7)], labels: [99],
      outcome: .read(.labels([99]), marked: 7)),
    Row(
      name: "two labels of several", values: [(2, 300), (3, 200), (41, 300), (99, 7)], labels: [2, 41],
      outcome: .read(.labels([2, 41]), marked: 600)),
    Row(name: "the one other label", values: [(2, 30)], labels: [2], outcome: .read(.labels([2]), marked: 30)),
    Row(name: "1 beside -1", values: [(-1, 500), (1, 30)], labels: [1], outcome: .read(.labels([1]), marked: 30)),
    Row(name: "-1 by name", values: [(-1, 500), (1, 30)], labels: [-1], outcome: .read(.labels([-1]), marked: 500)),
    Row(name: "1 of a binary mask", values: [(1, 30)], labels: [1], outcome: .read(.binary, marked: 30)),
    Row(name: "255 of a binary mask", values: [(255, 30)], labels: [255], outcome: .read(.binary, marked: 30)),
    Row(name: "1 where 255 is", values: [(255, 30)], labels: [1], outcome: .refused(.absentLabels([1]))),
    Row(
      name: "a label that is not there", values: [(2, 30), (3, 9)], labels: [77], outcome: .refused(.absentLabels([77]))
    ),
    Row(
      name: "one label of two is not there", values: [(2, 30), (3, 9)], labels: [2, 77],
      outcome: .refused(.absentLabels([77]))),
    Row(
      name: "a label beyond single precision's steps", values: [(16_777_216, 30), (5, 2)], labels: [16_777_216],
      outcome: .read(.labels([16_777_216]), marked: 30)),

    // 0.50, 0.51, …, 1: 51 of 100.
    Row(
      name: "resampled linearly", values: ramp, outcome: .read(.soft(voxelsBefore: 100, voxelsAfter: 51), marked: 51)),
    Row(
      name: "swings of a cubic spline within the limits", values: ramp + [(-0.3, 20), (-0.004, 100), (1.3, 5)],
      outcome: .read(.soft(voxelsBefore: 225, voxelsAfter: 56), marked: 56)),
    Row(
      name: "a single fraction", values: [(0.8, 30)],
      outcome: .read(.soft(voxelsBefore: 30, voxelsAfter: 30), marked: 30)),
    Row(name: "a label of fractions", values: ramp, labels: [1], outcome: .refused(.labelOfFractions)),
    Row(
      name: "labels resampled linearly, one named", values: [(2, 30), (1.5, 4), (3, 9)], labels: [2],
      outcome: .refused(.labelOfFractions)),
    Row(name: "fractions below the cut", values: [(0.3, 30), (0.1, 40)], outcome: .refused(.faint)),
    Row(
      name: "a half is taken", values: [(0.5, 3), (0.4999, 40)],
      outcome: .read(.soft(voxelsBefore: 43, voxelsAfter: 3), marked: 3)),

    // SciPy's ndimage.shift by half a voxel of a real lesion mask: cubic -0.32 to 1.55, quintic -0.44 to 1.65.
    Row(name: "cubic swings beyond the limits", values: ramp + [(-0.32, 20), (1.55, 5)], outcome: .refused(.ringing)),
    Row(name: "quintic swings", values: ramp + [(-0.44, 20), (1.65, 5)], outcome: .refused(.ringing)),
    Row(
      name: "a signed distance", values: [(-7.5, 300), (-0.5, 20), (0.5, 20), (4.25, 10)], outcome: .refused(.distances)
    ),
    Row(
      name: "a signed distance cut to ±1", values: [(-1, 300), (-0.25, 20), (0.5, 20), (1, 10)],
      outcome: .refused(.intensities)),
    Row(name: "a distance without sign", values: [(0.5, 20), (4.25, 10)], outcome: .refused(.intensities)),
    Row(name: "per cent", values: [(12.5, 20), (99.5, 10)], outcome: .refused(.intensities)),
    Row(name: "labels resampled linearly", values: [(1, 20), (1.4, 3), (2, 30)], outcome: .refused(.intensities)),
    Row(name: "logits", values: [(-8.5, 900), (3.25, 30)], outcome: .refused(.distances)),
  ]

  @Test(arguments: rows.indices) func row(_ index: Int) {
    let row = Self.rows[index]
    let voxels = Self.voxels(row.values)
    let values = MaskValues(voxels, storageStep: row.storageStep)
    let found: Outcome
    do {
      let (reading, mask) = try MaskRule.read(voxels, values, labels: row.labels)
      #expect(mask.count == 1000 && mask.allSatisfy { $0 <= 1 }, "\(row.name)")
      found = .read(reading, marked: mask.reduce(0) { $0 + Int($1) })
    } catch {
      let text = error.found(values) + "; " + error.expected
      #expect(!text.contains("\n") && text.count < 400, "\(text)")
      found = .refused(error)
    }
    #expect(found == row.outcome, "\(row.name)")
  }

  @Test func atMostTenValuesAreListedWithTheirCounts() {
    func text(_ values: [(Float, Int)]) -> String { "\(MaskValues(Self.voxels(values)))" }
    #expect(text([(2, 30), (41, 1)]) == "0 (969 voxels), 2 (30), 41 (1)")
    #expect(text([(-1, 999), (0.25, 1)]) == "-1 (999 voxels), 0.25 (1)")
    let many = text((1...40).map { (Float($0), 2) })
    #expect(many.hasPrefix("0 (920 voxels), 1 (2), 2 (2)") && many.hasSuffix("9 (2) and 31 more"))
    // More values than are counted: memory stays small, and the text short.
    let noise = (0..<40_000).map { Float($0) + 0.5 }
    let values = MaskValues(noise)
    #expect(values.levels.count == 10_000 && values.uncountedVoxels == 30_000 && !values.areWhole)
    #expect("\(values)".hasSuffix("and thousands more") && "\(values)".count < 200)
  }

  @Test func theEvidenceNamesWhatIsThere() throws {
    let values = MaskValues(Self.voxels([(2, 300), (99, 7)]))
    #expect(MaskRefusal.severalLabels.found(values) == "is a label image: 0 (693 voxels), 2 (300), 99 (7)")
    #expect(MaskRefusal.absentLabels([5, 6]).found(values).hasPrefix("has no voxel of label 5, 6: 0 (693 voxels)"))
    let distances = MaskValues(Self.voxels([(-7.5, 300), (4.25, 10)]))
    #expect(MaskRefusal.distances.found(distances) == "is a distance map: values from -7.5 to 4.25")
    for refusal in [MaskRefusal.oneLabel(2), .severalLabels, .negativeLabels, .absentLabels([1])] {
      #expect(refusal.isSettledByLabel)
    }
    for refusal in [MaskRefusal.wholeImage, .labelOfFractions, .distances, .ringing, .faint, .intensities] {
      #expect(!refusal.isSettledByLabel)
    }
  }
}
