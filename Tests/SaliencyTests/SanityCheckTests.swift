import Checkpoints
import Networks
import Testing

@testable import Saliency

/// Every sanity check passes on a sound function and fails on a fault that was planted for it.
@Suite struct SanityCheckTests {
  private let shape = [12, 12, 12]
  private var image: Tensor { Tensor(shape: [2] + shape, values: testNumbers(2 * 12 * 12 * 12, seed: 5)) }
  /// A block that several windows of 8 voxels share.
  private var region: SaliencyRegion { block([4, 4, 4], [7, 7, 7]) }
  private let weights: [Float] = [0, 1]

  private func block(_ lower: [Int], _ upper: [Int]) -> SaliencyRegion {
    var voxels: [Int] = []
    for d in lower[0]..<upper[0] {
      for h in lower[1]..<upper[1] { for w in lower[2]..<upper[2] { voxels.append((d * 12 + h) * 12 + w) } }
    }
    return SaliencyRegion(voxels: voxels)
  }

  private func toy(seed: UInt64 = 1) -> ConvolutionalToy {
    ConvolutionalToy(
      first: NaiveConvolution(inputs: 2, outputs: 3, weight: testNumbers(162, seed: seed), bias: [0.1, 0.2, -0.1]),
      second: NaiveConvolution(inputs: 3, outputs: 2, weight: testNumbers(162, seed: seed + 100), bias: [0, 0.5]))
  }

  private func windows(seed: UInt64 = 1) -> SlidingWindow {
    SlidingWindow(ConvolutionalWindow(toy(seed: seed)), window: [8, 8, 8], overlap: 0.25, importance: .gaussian)
  }

  // MARK: gradient

  private func gradient(_ model: some DifferentiableModel, _ region: SaliencyRegion? = nil) throws -> CheckOutcome {
    try FiniteDifferenceCheck().outcome(
      of: region ?? self.region, classWeights: weights, model: model, at: image, seed: 3)
  }

  @Test func aSoundGradientIsTheDerivative() throws {
    #expect(try gradient(toy()).passed == true)
    #expect(try gradient(windows()).passed == true)
  }

  @Test func aFlippedSignIsNoDerivative() throws {
    let outcome = try gradient(FaultyModel(windows(), .flippedSign))
    #expect(outcome.passed == false)
    // Along g/|g| the quotient is −|g| where |g| is expected: an error of 2.
    #expect(abs(outcome.measures[0].value - 2) < 0.02)
  }

  @Test func aDroppedWindowIsNoDerivative() throws {
    // The toy gives a quarter of its gradient in its first piece: without it 3/4 g is reported, and along it g·d = |g|,
    // so that the error is (|g| − 3/4 |g|) / (3/4 |g|) = 1/3.
    let piece = try gradient(FaultyModel(toy(), .droppedPiece))
    #expect(piece.passed == false)
    #expect(abs(piece.measures[0].value - 1.0 / 3) < 0.01)
    #expect(try gradient(FaultyModel(windows(), .droppedPiece)).passed == false)
  }

  @Test func aGradientOfZeroExplainsNothing() throws {
    let nothing = NaiveConvolution(inputs: 2, outputs: 3, weight: Array(repeating: 0, count: 162), bias: [1, 1, 1])
    #expect(try gradient(ConvolutionalToy(first: nothing, second: toy().second)).passed == false)
  }

  @Test func theExplainedSumIsThatOfTheMask() throws {
    let model = windows()
    let logits = try model.logits(image)
    func outcome(_ model: some DifferentiableModel) throws -> CheckOutcome {
      try WindowAverageCheck().outcome(of: region, classWeights: weights, logits: logits, model: model, at: image)
    }
    #expect(try outcome(model).passed == true)
    // The toy on the whole volume sees no window borders: another function.
    #expect(try outcome(toy()).passed == false)
  }

  @Test func valueOfATargetIsTheSumOfItsLogits() throws {
    let target = LogitTarget(voxels: region.voxels, classWeights: [-1, 1])
    let model = windows()
    let expected = target.value(in: try model.logits(image))
    #expect(abs(try model.value(of: target, at: image) - expected) < 1e-4 * abs(expected))
    let count = shape.reduce(1, *)
    var logits = Tensor(shape: [2] + shape)
    for (n, voxel) in region.voxels.enumerated() {
      logits.values[voxel] = 1
      logits.values[count + voxel] = Float(n)
    }
    // Σ n − 27 for n = 0 … 26.
    #expect(target.value(in: logits) == 26 * 27 / 2 - 27)
  }

  // MARK: aggregations

  @Test func aSingleVoxelHasOneMap() throws {
    let single = SaliencyRegion(voxels: [(6 * 12 + 6) * 12 + 6])
    func outcome(_ model: some DifferentiableModel) throws -> CheckOutcome {
      try SingleVoxelCheck().outcome(of: single, classWeights: weights, model: model, at: image)
    }
    #expect(try outcome(windows()).passed == true)
    let faulty = try outcome(FaultyModel(windows(), .everySecondCallHalved))
    #expect(faulty.passed == false)
    #expect(faulty.measures.contains { abs($0.value - 0.5) < 1e-6 || abs($0.value - 1) < 1e-6 })
  }

  // MARK: randomised weights

  @Test func aMapOfLearnedWeightsDoesNotSurviveRandomising() throws {
    func outcome(_ model: some DifferentiableModel, _ other: any DifferentiableModel) throws -> CheckOutcome {
      try RandomisationCheck().outcome(
        of: [region], classWeights: weights, model: model, stages: [.init(fraction: 1) { other }], at: image)
    }
    let sound = try outcome(toy(), toy(seed: 40))
    #expect(sound.passed == true)
    // A map that is the image itself, whatever the weights: what a network that detects edges by its wiring would show.
    let wiring = try outcome(FaultyModel(toy(), .imageAsGradient), FaultyModel(toy(seed: 40), .imageAsGradient))
    #expect(wiring.passed == false)
    #expect(wiring.measures[0].value == 1)
    // A weight file that was not changed.
    #expect(try outcome(toy(), toy()).passed == false)
    #expect(
      try RandomisationCheck().outcome(
        of: [], classWeights: weights, model: toy(), stages: [.init(fraction: 1) { toy() }], at: image
      ).passed == nil)
  }

  // MARK: window shift

  @Test func aMapStaysWithTheImageWhenWindowsMove() throws {
    func outcome(_ model: some DifferentiableModel) throws -> CheckOutcome {
      try ShiftCheck(shift: 2).outcome(of: [region], classWeights: weights, model: model, at: image)
    }
    // Without windows the shift changes nothing: exactly the same sums.
    #expect(try outcome(toy()).measures[0].value > 1 - 1e-9)
    #expect(try outcome(windows()).passed == true)
    #expect(try outcome(FaultyModel(windows(), .droppedLaterWindows)).passed == false)
  }

  // MARK: Samples

  private func halves(_ model: some DifferentiableModel, noise: Double, seed: UInt64 = 1) throws -> HalvedMaps {
    try HalvedMaps(
      of: [region], classWeights: weights, model: model, at: image, samples: 6, noiseFactor: noise, seed: seed)
  }

  @Test func halvesAreTheDrawsOfSmoothGrad() throws {
    let maps = try halves(toy(), noise: 0.05)
    let whole = try SmoothGrad(settings: SmoothGradSettings(samples: 6, noiseFactor: 0.05, seed: 1)).maps(
      of: [region], classWeights: weights, model: toy(), at: image)[0]
    let mean = zip(maps.halves[0].even.values.values, maps.halves[0].odd.values.values).map { ($0 + $1) / 2 }
    #expect(relativeL2(mean, whole.values.values) < 1e-6)
    #expect(abs(maps.flairPeaks[0] - whole.flairPeak) < 1e-5 * abs(whole.flairPeak))
  }

  @Test func halvesAgreeUnlessNoiseDrownsTheMap() throws {
    // So little noise that hardly a unit of the toy changes its side; 2 % of the range already moves its peak by half.
    let quiet = RepeatabilityCheck.outcome(of: try halves(toy(), noise: 0.0005))
    #expect(quiet.passed == true, "\(quiet.measures)")
    // The gradient of a quadratic is a·x: with noise of five times the image's range the halves show noise.
    let drowned = try halves(QuadraticToy(coefficients: [1, 1]), noise: 5)
    #expect(RepeatabilityCheck.outcome(of: drowned).passed == false)
  }

  @Test func standardErrorsSayWhetherPeaksRepeat() {
    func outcome(_ error: Double, samples: Int = 50) -> Bool? {
      RepeatabilityCheck.outcome(peaks: [(2, error), (4, 2 * error), (1, 9)], samples: samples).passed
    }
    // Relative errors e/2, e/2 and 9: the median is e/2.
    #expect(outcome(0.3) == true)
    #expect(outcome(0.31) == false)
    #expect(outcome(0.1, samples: 9) == nil)
    #expect(RepeatabilityCheck.outcome(peaks: [], samples: 50).passed == nil)
    #expect(outcome(.nan) == false)
  }

  @Test func seedsAndNoiseMoveDrownedPeaksOnly() throws {
    let quadratic = QuadraticToy(coefficients: [1, 1])
    func seeds(noise: Double) throws -> CheckOutcome {
      SensitivityCheck.seed(
        peaks: try halves(quadratic, noise: noise).flairPeaks,
        other: try halves(quadratic, noise: noise, seed: 2).flairPeaks)
    }
    #expect(try seeds(noise: 0.01).passed == true)
    #expect(SensitivityCheck.seed(peaks: [1, 2, 3, 4], other: [1.2, 2.2, 3.1, 4.1]).passed == true)
    #expect(SensitivityCheck.seed(peaks: [1, 2, 3, 4], other: [1.6, 2.9, 4.1, 4.1]).passed == false)
    // Of fewer than four nothing is said, and the values stay; what is not about most lesions still fails.
    let few = SensitivityCheck.seed(peaks: [1, 2], other: [1.6, 2.9]).toleratingFewLesions
    #expect(few.passed == nil && few.limitation == .tooFewLesions && few.measures.count == 2)
    #expect(
      SensitivityCheck.seed(peaks: [1, 2, 3, 4], other: [1.6, 2.9, 4.1, 4.1]).toleratingFewLesions.passed == false)
    #expect(
      CheckOutcome(.windowShift, passed: false, measures: [], basis: .init(lesions: 1)).toleratingFewLesions.passed
        == false)
    // Each changes by 10 % at most, but the order is turned round: ranks 1 2 3 4 against 4 3 2 1.
    let turned = SensitivityCheck.seed(peaks: [1, 1.01, 1.02, 1.03], other: [1.03, 1.02, 1.01, 1])
    #expect(turned.passed == false)
    #expect(turned.measures.last?.value == -1)
    #expect(SensitivityCheck.noise(peaks: [1, 2, 3, 4], others: [(0.5, [2, 3, 4, 5])]).passed == true)
    #expect(
      SensitivityCheck.noise(peaks: [1, 2, 3, 4], others: [(0.5, [2, 3, 4, 5]), (2, [4, 3, 2, 1])]).passed == false)
    #expect(SensitivityCheck.noise(peaks: [1, 2, 3], others: []).passed == nil)
  }

  /// σ = 0 keeps the order of four regions of growing intensity; noise of ten times the image's range is all that is
  /// left of it.
  @Test func anOrderThatHangsOnTheNoiseFails() throws {
    let regions = (0..<4).map { block([3 * $0, 0, 0], [3 * $0 + 1, 1, 1]) }
    var image = Tensor(shape: [2] + shape)
    for (n, region) in regions.enumerated() { image.values[region.voxels[0]] = Float(n + 1) }
    func peaks(_ noise: Double) throws -> [Double] {
      try HalvedMaps(
        of: regions, classWeights: weights, model: QuadraticToy(coefficients: [1, 1]), at: image, samples: 2,
        noiseFactor: noise, seed: 1
      ).flairPeaks
    }
    #expect(SensitivityCheck.noise(peaks: try peaks(0), others: [(0.5, try peaks(0.001))]).passed == true)
    let drowned = SensitivityCheck.noise(peaks: try peaks(0), others: [(2, try peaks(10))])
    #expect(drowned.passed == false, "\(drowned.measures)")
    #expect(SensitivityCheck.seed(peaks: try peaks(0), other: try peaks(10)).passed == false)
  }

  // MARK: regions

  /// A network that answers to bright voxels alone, bright lesion or none, has the same map for every place of one
  /// shape.
  @Test func aMapThatIsTheSameEverywhereDoesNotStandOut() throws {
    let (lesion, control) = (block([4, 4, 4], [6, 6, 6]), block([7, 7, 7], [9, 9, 9]))
    var image = image
    for voxel in lesion.voxels { image.values[voxel] += 5 }
    func check(_ model: some DifferentiableModel) throws -> CheckOutcome {
      let maps = try PlainGradient.maps(of: [lesion, control], classWeights: weights, model: model, at: image)
      let peaks = maps.map { Double(PeakFeatures(of: $0, rim: []).flairPeak) }
      return RegionChecks.control(peaks: [(peaks[0], peaks[1])])
    }
    // The gradient of x²/2 is x: higher where it is bright. That of a sum is 1 everywhere.
    #expect(try check(QuadraticToy(coefficients: [1, 1])).passed == true)
    let even = NaiveConvolution(inputs: 2, outputs: 2, weight: Array(repeating: 1, count: 108), bias: [100, 100])
    #expect(try check(ConvolutionalToy(first: even, second: even)).passed == false)
  }

  @Test func lesionsStandOutFromHealthyTissue() {
    #expect(RegionChecks.control(peaks: [(3, 1), (2, 1), (5, 1), (1, 2)]).passed == true)
    #expect(RegionChecks.control(peaks: [(3, 1), (2, 1), (1, 5), (1, 2)]).passed == false)
    #expect(RegionChecks.control(peaks: []).passed == nil)
  }

  @Test func aFlippedSignShowsInsideLesions() {
    let sound: [(inside: Double, rim: Double?)] = [(1, -0.1), (2, nil), (0.5, 0.1), (-0.2, -1)]
    let outcome = RegionChecks.sign(balances: sound)
    #expect(outcome.passed == true)
    #expect(outcome.measures.map(\.value) == [0.75, 2.0 / 3])
    #expect(RegionChecks.sign(balances: sound.map { (-$0.inside, $0.rim.map { -$0 }) }).passed == false)
    #expect(RegionChecks.modality(flairFractions: [0.9, 0.6, 0.51, 0.2]).passed == true)
    // Channels swapped: what was FLAIR's share is MPRAGE's.
    #expect(RegionChecks.modality(flairFractions: [0.1, 0.4, 0.49, 0.8]).passed == false)
  }

  @Test func aValueThatIsNoNumberCannotPass() {
    let outcome = CheckOutcome(.splitHalf, passed: true, measures: [.init(.medianCorrelation, .nan)])
    #expect(outcome.passed == false)
  }
}
