import Checkpoints
import Foundation
import Networks
import Testing

@testable import Saliency

struct PeakFeaturesTests {
  /// A map on a 3 × 4 × 5 grid; `values` are per channel, over the box, last axis fastest.
  private func map(_ box: VoxelBox, _ values: [[Float]], region: [Int], squares: [Float]? = nil) -> SaliencyMap {
    SaliencyMap(
      spatialShape: [3, 4, 5], box: box,
      values: Tensor(shape: [values.count] + box.shape, values: values.flatMap { $0 }), aggregation: .sum,
      region: SaliencyRegion(voxels: region), spread: squares.map { MapSpread(squaredDeviations: $0, samples: 2) },
      samples: squares == nil ? 1 : 2)
  }

  @Test func insideAndAnywhereAreReadSeparately() {
    // A row of four along the last axis at (1, 2, 1…4): linear indices 31…34.
    let box = VoxelBox(lower: [1, 2, 1], upper: [2, 3, 5])
    let features = PeakFeatures(
      of: map(box, [[5, 1, 3, -4], [-1, -2, 2, 1]], region: [32, 33], squares: [8, 2, 18, 32, 50, 72, 98, 128]),
      rim: [31, 34, 0])
    let flair = features.channels[0]
    #expect(flair.maximumInside == Extremum(value: 3, position: [1, 2, 3], standardError: 3))
    #expect(flair.minimumInside == Extremum(value: 1, position: [1, 2, 2], standardError: 1))
    #expect(flair.maximumAnywhere == Extremum(value: 5, position: [1, 2, 1], standardError: 2))
    #expect(flair.minimumAnywhere == Extremum(value: -4, position: [1, 2, 4], standardError: 4))
    #expect(flair.meanInside == 2 && flair.meanInRim! == 1.0 / 3)
    let mprage = features.channels[1]
    #expect(mprage.maximumInside.value == 2 && mprage.minimumInside.value == -2)
    #expect(mprage.maximumInside.standardError == 7 && mprage.minimumInside.standardError == 6)
    #expect(mprage.maximumAnywhere.standardError == 7 && mprage.minimumAnywhere.standardError == 6)
    #expect(features.flairFraction == 13.0 / 19)
    #expect(features.flairPeak == 3)
  }

  @Test func tiesGoToTheLowestIndexFirstAxisFastest() {
    // Equal values at (0, 1, 0) and (2, 0, 0): indices 3 and 2 with the first axis fastest, the other way round in
    // memory.
    let box = VoxelBox(lower: [0, 0, 0], upper: [3, 4, 5])
    var values = [Float](repeating: 0, count: 60)
    values[5] = 7
    values[40] = 7
    let features = PeakFeatures(of: map(box, [values], region: [5, 40]), rim: [])
    #expect(features.channels[0].maximumInside.position == [2, 0, 0])
    #expect(features.channels[0].maximumAnywhere.position == [2, 0, 0])
    #expect(features.channels[0].minimumAnywhere == Extremum(value: 0, position: [0, 0, 0]))
    #expect(features.channels[0].meanInRim == nil && features.channels[0].maximumInside.standardError == nil)
  }

  @Test func zerosAroundTheBoxBelongToTheMap() {
    // All values negative, so the highest anywhere is the first zero outside.
    let corner = VoxelBox(lower: [0, 0, 0], upper: [3, 4, 1])
    let negative = PeakFeatures(of: map(corner, [Array(repeating: -1, count: 12)], region: [0]), rim: [])
    #expect(negative.channels[0].maximumAnywhere == Extremum(value: 0, position: [0, 0, 1]))
    #expect(negative.channels[0].maximumInside.value == -1)
    let column = VoxelBox(lower: [0, 0, 0], upper: [3, 1, 1])
    // Zero in every sample.
    let certain = PeakFeatures(
      of: map(corner, [Array(repeating: -1, count: 12)], region: [0], squares: Array(repeating: 1, count: 12)), rim: [])
    #expect(certain.channels[0].maximumAnywhere.standardError == 0)
    let next = PeakFeatures(of: map(column, [[-1, -1, -1]], region: [0]), rim: [])
    #expect(next.channels[0].maximumAnywhere.position == [0, 1, 0])
    let inner = VoxelBox(lower: [1, 1, 1], upper: [2, 2, 2])
    let positive = PeakFeatures(of: map(inner, [[4]], region: [26]), rim: [])
    #expect(positive.channels[0].minimumAnywhere == Extremum(value: 0, position: [0, 0, 0]))
    let everywhere = VoxelBox(lower: [0, 0, 0], upper: [3, 4, 5])
    let full = PeakFeatures(of: map(everywhere, [Array(repeating: -1, count: 60)], region: [0]), rim: [])
    #expect(full.channels[0].maximumAnywhere == Extremum(value: -1, position: [0, 0, 0]))
  }

  @Test func aRegionOutsideTheBoxReadsZero() {
    let box = VoxelBox(lower: [1, 1, 1], upper: [2, 2, 2])
    let features = PeakFeatures(of: map(box, [[4], [0]], region: [0, 59]), rim: [26])
    #expect(features.channels[0].maximumInside == Extremum(value: 0, position: [0, 0, 0]))
    #expect(features.channels[0].meanInside == 0 && features.channels[0].meanInRim == 4)
    #expect(features.flairFraction == 1)
  }

  @Test func aZeroMapHasNoShare() {
    let box = VoxelBox(lower: [0, 0, 0], upper: [1, 1, 2])
    #expect(PeakFeatures(of: map(box, [[0, 0], [0, 0]], region: [0]), rim: []).flairFraction == nil)
  }

  @Test func featuresSurviveJSON() throws {
    let box = VoxelBox(lower: [1, 2, 1], upper: [2, 3, 5])
    let features = PeakFeatures(of: map(box, [[5, 1, 3, -4], [-1, -2, 2, 1]], region: [32, 33]), rim: [31])
    #expect(try JSONDecoder().decode(PeakFeatures.self, from: JSONEncoder().encode(features)) == features)
  }
}
