import Foundation
import Models
import Results
import Testing

@testable import Analysis

/// MONAI's results (tools/fixtures/make_intensity_fixtures.py), which it computes in single precision.
@Suite("Intensity transforms against MONAI") struct IntensityTransformTests {
  private struct Fixture: Decodable {
    struct Item: Decodable {
      let stated: String
      let expected: [[Float]]
    }

    let image: [[Float]]
    let cases: [Item]
  }

  private static func stored() throws -> Fixture {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Fixtures/intensities.json")
    return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
  }

  private static let names = [(file: "f.nii", role: "FLAIR"), (file: "t.nii", role: "MPRAGE")]

  @Test("Every transform, by channel and of all channels together", arguments: 0..<15) func monai(index: Int) throws {
    let fixture = try Self.stored()
    #expect(fixture.cases.count == 15)
    let item = fixture.cases[index]
    let stated = try ModelDescription.IntensityNormalisation(stated: item.stated, origin: "fixture")
    let found: [[Float]]
    if case .monai(let steps) = stated {
      found = try IntensityTransforms.apply(steps, to: fixture.image, names: Self.names)
    } else {
      found = try zip(fixture.image, Self.names).map {
        try Normalisation.zScoreOfNonZero($0, file: $1.file, channel: $1.role)
      }
    }
    for (channel, expected) in zip(found, item.expected) {
      let range = (expected.max()! - expected.min()!)
      let largest = zip(channel, expected).map { abs($0 - $1) }.max()!
      #expect(largest <= 2e-6 * range, "\(item.stated): \(largest / range)")
    }
  }

  static let constant: [(stated: String, image: [Float])] = [
    ("zscore", [5, 5, 5, 5]), ("zero-to-one", [0, 0, 0, 0]),
    // Nearly everything is 0: both percentiles are, too.
    (
      #"{"name": "ScaleIntensityRangePercentiles", "lower": 1, "upper": 50, "b_min": 0, "b_max": 1}"#,
      [0, 0, 0, 0, 0, 0, 0, 9]
    ),
    (
      #"[{"name": "ClipIntensityPercentiles", "lower": 0, "upper": 50}, {"name": "NormalizeIntensity"}]"#, [0, 0, 0, 9]
    ),
  ]

  @Test("A scale that cannot be had is a fault that names the image", arguments: constant.indices) func flat(index: Int)
  {
    let item = Self.constant[index]
    #expect {
      guard case .monai(let steps) = try ModelDescription.IntensityNormalisation(stated: item.stated, origin: "o")
      else { return }
      _ = try IntensityTransforms.apply(steps, to: [item.image], names: Self.names)
    } throws: { "\($0)".hasPrefix("f.nii: FLAIR: has one value") }
  }
}
