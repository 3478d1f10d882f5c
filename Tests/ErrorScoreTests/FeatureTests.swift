import Foundation
import Lesions
import Testing
import Volumes

@testable import ErrorScore

/// Each feature on numbers whose answer is worked out by hand.
struct FeatureTests {
  private static let cube = GridShape(7, 7, 7)

  private static func voxels(_ indices: [(Int, Int, Int)], _ shape: GridShape = cube) -> [Int] {
    indices.map { shape.linearIndex(VoxelIndex($0.0, $0.1, $0.2)) }.sorted()
  }

  @Test func softDiceAndHalo() throws {
    // Σ_Ω p = 1.5, Σ_halo p = 0.5: 2 · 1.5 / (1.5 + 0.5 + 2) = 0.75; 0.5 / 1.5.
    let halo = try #require(ProbabilityHalo(inside: [0.5, 1], halo: [0.25, 0.25, 0]))
    #expect(halo.softDice == 0.75 && abs(halo.haloRatio - 1 / 3) < 1e-15)
    #expect(ProbabilityHalo(inside: [1, 1], halo: [0, 0])?.softDice == 1)
    #expect(ProbabilityHalo(inside: [0], halo: [0.5]) == nil)
  }

  @Test func thresholdsLieOneUnitOfLogOddsToEitherSide() {
    let around = ThresholdStability.thresholds(around: 0.5)
    #expect(abs(around.lower - 1 / (1 + M_E)) < 1e-15 && abs(around.upper - M_E / (1 + M_E)) < 1e-15)
  }

  @Test func stabilityBetweenThresholdsIsStrictOverLenient() {
    // A row of five voxels, of which the middle three are the finding at 0.5: p of 0.3 joins at the lower threshold
    // (0.269), 0.2 does not; of the finding 0.9 alone exceeds the upper one (0.731): 1 of 4.
    let finding = Self.voxels([(2, 3, 3), (3, 3, 3), (4, 3, 3)])
    var probability = [Float](repeating: 0, count: Self.cube.voxelCount)
    for (i, p) in [(1, 0.3), (2, 0.6), (3, 0.9), (4, 0.7), (5, 0.2)] as [(Int, Float)] {
      probability[Self.voxels([(i, 3, 3)])[0]] = p
    }
    var occupied = [UInt8](repeating: 0, count: Self.cube.voxelCount)
    func value() -> Double? {
      let around = Surroundings(of: finding, shape: Self.cube, affine: .scaling(1, 1, 1), occupied: occupied)
      return ThresholdStability.value(of: around, probability: probability, threshold: 0.5, shape: Self.cube)
    }
    #expect(value() == 0.25)
    // What belongs to another lesion does not join.
    occupied[Self.voxels([(1, 3, 3)])[0]] = 1
    #expect(value() == 1.0 / 3)
    probability[Self.voxels([(3, 3, 3)])[0]] = 0.7
    #expect(value() == 0, "nothing reaches the upper threshold: 0, which is a value")
  }

  @Test func stabilityOverSamples() {
    var stability = SampleStability()
    #expect(stability.value == nil)
    // 2 of 2 kept, none gained: 1. Then 1 kept and 2 gained of 4 in the union: 1/4.
    stability.add(inside: [0.6, 0.7], halo: [0.1, 0.2], threshold: 0.5)
    stability.add(inside: [0.6, 0.5], halo: [0.9, 0.8, .nan], threshold: 0.5)
    #expect(stability.value == 0.625)
  }

  @Test func profileBinsAndItsZeroCrossing() throws {
    let profile = RadialProfile(
      distances: [-1, 0, 1, 1.5, 2, 9.99, 10.5, -3.5], flair: [1, 3, 2, 0, -3, -1, 50, 50], mprage: nil)
    #expect(profile.bins.map(\.fromMillimetres) == [-1, 0, 1, 2, 9])
    #expect(profile.bins.map(\.voxels) == [1, 1, 2, 1, 1])
    #expect(profile.bins.map(\.flair) == [1, 3, 1, -3, -1] && profile.bins.allSatisfy { $0.mprage == nil })
    // From 1 at 1.25 mm to −3 at 2 mm: a quarter of the way.
    #expect(profile.zeroCrossingMillimetres == 1.4375)
  }

  @Test func noZeroCrossingWhereNothingTurnsNegative() {
    #expect(RadialProfile(distances: [0, 1, 2], flair: [2, 1, 0.5], mprage: nil).zeroCrossingMillimetres == nil)
    #expect(RadialProfile(distances: [0, 1, 2], flair: [-2, 1, -1], mprage: nil).zeroCrossingMillimetres == nil)
    #expect(RadialProfile(distances: [], flair: [], mprage: nil).zeroCrossingMillimetres == nil)
    // A map that was negative in the middle and positive at the border still turns outside.
    #expect(RadialProfile(distances: [-1, 0, 1], flair: [-5, 1, -1], mprage: nil).zeroCrossingMillimetres == 0.5)
  }

  @Test func agreementOfSamplesByHand() {
    // Two samples, (1, 3) and (3, 5) over two voxels: means 2 and 4, variance between samples 2 in both voxels.
    // MS_b = 2 · 2 = 4, MS_w = 2: (4 − 2) / (4 + 2) = 1/3. Standard errors: √(2 / 2) = 1.
    let value = SampleAgreement.value(means: [2, 4], standardErrors: [1, 1], samples: 2)
    #expect(value.map { abs($0 - 1.0 / 3) < 1e-15 } ?? false)
    #expect(SampleAgreement.value(means: [2, 4], standardErrors: [0, 0], samples: 2) == 1)
    #expect(SampleAgreement.value(means: [2, 2], standardErrors: [0, 0], samples: 2) == nil)
    #expect(SampleAgreement.value(means: [2, 4], standardErrors: [0, 0], samples: 1) == nil)
  }

  @Test func compactnessOfACubeAndOfABar() {
    let unit = Affine.scaling(1, 1, 1)
    let all = (0..<8).map { ($0 % 2 + 2, $0 / 2 % 2 + 2, $0 / 4 + 2) }
    let cube = RegionShape(Self.voxels(all), shape: Self.cube, affine: unit)
    #expect(abs(cube.compactness - .pi / 6) < 1e-15 && cube.slices == 2)
    // One voxel of 1 × 1 × 4 mm: V = 4, S = 18.
    let bar = RegionShape(Self.voxels([(0, 0, 0)]), shape: Self.cube, affine: .scaling(1, 1, 4))
    #expect(abs(bar.compactness - 36 * .pi * 16 / 5832) < 1e-15 && bar.slices == 1)
  }

  @Test func slicesAreThoseAlongTheAxisThatRunsUp() {
    // Stored axis 0 runs to superior.
    let affine = Affine(rows: [[0, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, 0]])
    let row = Self.voxels([(1, 3, 3), (2, 3, 3), (3, 3, 3)])
    #expect(RegionShape(row, shape: Self.cube, affine: affine).slices == 3)
    #expect(RegionShape(row, shape: Self.cube, affine: .scaling(1, 1, 1)).slices == 1)
  }

  @Test func contrastIsToldInSpreadsOfTheBrain() throws {
    // Median 10, deviations 2, 1, 0, 1, 2: MAD 1. What is 0, or outside, does not count.
    let brain = try #require(BrainIntensities([8, 9, 10, 11, 12, 0, 500], brain: [1, 1, 1, 1, 1, 1, 0]))
    #expect(brain.median == 10 && abs(brain.deviation - 1.4826) < 1e-6)
    let contrast = RegionContrast(inside: [13, 15], ring: [9, 11], brain: brain)
    #expect(abs(contrast.inside - 4 / 1.4826) < 1e-6 && abs(contrast.contrast! - 4 / 1.4826) < 1e-6)
    #expect(abs(contrast.ringSpread! - 2.0.squareRoot() / 1.4826) < 1e-6)
    let alone = RegionContrast(inside: [13], ring: [9], brain: brain)
    #expect(alone.contrast == nil && alone.ringSpread == nil)
    #expect(BrainIntensities([5, 5, 5], brain: [1, 1, 1]) == nil)
  }

  @Test func theMirrorLiesInTheMiddleOfTheBrain() throws {
    // Brain at i = 1 … 5: the plane is i = 3.
    var brain = Volume<UInt8>(shape: Self.cube, affine: .scaling(1, 1, 1), repeating: 0)
    for index in brain.voxels.indices where (1...5).contains(index % 7) { brain.voxels[index] = 1 }
    let mirror = try #require(MirrorContrast(brain: brain))
    let (own, other) = (Self.voxels([(1, 3, 3)]), Self.voxels([(5, 3, 3)]))
    #expect(mirror.mirrored(own[0]) == other[0])
    // Columns of 8, 9, 10, 11 and 12, so that something varies.
    var flair = (0..<Self.cube.voxelCount).map { Float($0 % 7 + 7) }
    flair[own[0]] = 16
    flair[other[0]] = 11
    let intensities = try #require(BrainIntensities(flair, brain: brain.voxels))
    let value = mirror.value(of: own, flair: flair, brain: brain.voxels, intensities: intensities)
    #expect(abs(value! - 5 / intensities.deviation) < 1e-9)
    // In the midline a region is its own mirror image.
    #expect(
      mirror.value(of: Self.voxels([(3, 3, 3)]), flair: flair, brain: brain.voxels, intensities: intensities) == nil)
    #expect(MirrorContrast(brain: Volume(shape: Self.cube, affine: .scaling(1, 1, 1), repeating: 0)) == nil)
  }

  @Test func distancesToOtherLesionsAreMillimetres() {
    let regions = [Self.voxels([(0, 0, 0)]), Self.voxels([(1, 1, 1)]), Self.voxels([(0, 0, 4), (0, 0, 5)])]
    // The third is a candidate: it sees the lesions, they do not see it.
    let found = NearestDistance.toOtherLesions(
      regions, areLesions: [true, true, false], shape: Self.cube, affine: .scaling(1, 2, 3))
    let diagonal = 14.0.squareRoot()
    #expect(found[0] == diagonal && found[1] == diagonal)
    #expect(found[2] == (1 + 4 + 81).squareRoot())
    #expect(
      NearestDistance.toOtherLesions([regions[0]], areLesions: [true], shape: Self.cube, affine: .scaling(1, 1, 1)) == [
        nil
      ])
    #expect(NearestDistance.least(over: [0, 2], of: [.infinity, 1, 4]) == 4)
    #expect(NearestDistance.least(over: [0], of: [.infinity]) == nil)
  }

  @Test func whatIsNotFiniteIsNotKept() throws {
    var values = FeatureValues()
    values[.softDice] = 0.5
    values[.slices] = 3
    (values[.compactness], values[.haloRatio]) = (.nan, .infinity)
    #expect(values[.compactness] == nil && values[.haloRatio] == nil)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let bytes = try encoder.encode(values)
    #expect(String(decoding: bytes, as: UTF8.self) == #"{"slices":3,"softDice":0.5}"#)
    #expect(try JSONDecoder().decode(FeatureValues.self, from: bytes) == values)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(FeatureValues.self, from: Data(#"{"taste":1}"#.utf8))
    }
  }

  @Test func rimToPeakIsNotDefinedForAPeakOfZeroOrLess() {
    func saliency(_ peak: Double, rim: Double?) -> RegionSaliency {
      RegionSaliency(
        flairMaximum: peak, flairMinimum: -1, mprageMaximum: nil, mprageMinimum: nil, flairFraction: nil, meanInside: 0,
        meanRim: rim)
    }
    #expect(saliency(4, rim: -1).rimToPeak == -0.25)
    #expect(saliency(0, rim: -1).rimToPeak == nil && saliency(-2, rim: 1).rimToPeak == nil)
    #expect(saliency(4, rim: nil).rimToPeak == nil)
  }

  /// A `mean` map becomes a `sum` map: saliency is multiplied by the voxels, everything else stays.
  @Test func aggregationScalesSaliencyAlone() throws {
    var saliency = RegionSaliency(
      flairMaximum: 2, flairMinimum: -1, mprageMaximum: nil, mprageMinimum: nil, flairFraction: nil, meanInside: 1,
      meanRim: -0.5)
    saliency.features = FeatureValues()
    saliency.features?[.mapMinimum] = -3
    saliency.features?[.zeroCrossingMillimetres] = 2.5
    let voxels = Array(0..<10)
    let measurements = Measurements(
      voxels: voxels, shape: GridShape(10, 1, 1), affine: .scaling(1, 1, 1),
      probability: Array(repeating: 0.5, count: 10))
    let features = try #require(RegionFeatures(saliency, aggregation: "mean", measurements: measurements))
    #expect(ScoreFeature.mapMinimum.value(of: features) == -30)
    #expect(ScoreFeature.rimMean.value(of: features) == -5)
    #expect(ScoreFeature.rimToPeak.value(of: features) == -0.25)
    #expect(ScoreFeature.zeroCrossingMillimetres.value(of: features) == 2.5)
  }
}
