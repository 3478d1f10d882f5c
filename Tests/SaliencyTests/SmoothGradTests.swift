import Checkpoints
import Networks
import Testing

@testable import Saliency

struct SmoothGradTests {
  struct Fixture: Decodable {
    struct Result: Decodable {
      let map: [Float]
      let standardErrors: [[Double]]
    }
    let shape: [Int]
    let hidden: Int
    let samples: Int
    let noiseFactor: Double
    let noiseSeed: UInt64
    let image: [Float]
    let regions: [[Int]]
    let firstWeight: [Float]
    let firstBias: [Float]
    let secondWeight: [Float]
    let secondBias: [Float]
    let logits: [Float]
    let sigma: Double
    let results: [String: [Result]]

    var model: ConvolutionalToy {
      ConvolutionalToy(
        first: NaiveConvolution(inputs: 2, outputs: hidden, weight: firstWeight, bias: firstBias),
        second: NaiveConvolution(inputs: hidden, outputs: 2, weight: secondWeight, bias: secondBias))
    }
    var tensor: Tensor { Tensor(shape: shape, values: image) }
    var saliencyRegions: [SaliencyRegion] { regions.map { SaliencyRegion(voxels: $0) } }
    func settings(_ scalar: ExplainedScalar = .logit, _ aggregation: Aggregation = .sum) throws -> SmoothGradSettings {
      try SmoothGradSettings(
        samples: samples, noiseFactor: noiseFactor, seed: noiseSeed, aggregation: aggregation, scalar: scalar)
    }
  }

  let fixture: Fixture
  init() throws { fixture = try networkFixture() }

  @Test(arguments: ExplainedScalar.allCases) func agreesWithPyTorch(scalar: ExplainedScalar) throws {
    #expect(relativeL2(fixture.model.logits(fixture.tensor).values, fixture.logits) < 1e-5)
    #expect(abs(try GaussianNoise.sigma(factor: fixture.noiseFactor, of: fixture.tensor) - fixture.sigma) < 1e-12)
    let maps = try SmoothGrad(settings: fixture.settings(scalar)).maps(
      of: fixture.saliencyRegions, classWeights: scalar.classWeights(lesionClass: 1, classCount: 2),
      model: fixture.model, at: fixture.tensor)
    for (map, expected) in zip(maps, fixture.results[scalar.rawValue]!) {
      // Both sides differ by single-precision rounding only; a ReLU that switches on the other side of zero would show
      // at 1e-2.
      #expect(relativeL2(whole(map).values, expected.map) < 1e-5)
      for (found, wanted) in zip(map.errorsInside!, expected.standardErrors) {
        for (a, b) in zip(found, wanted) { #expect(abs(a - b) <= 1e-5 * abs(b) + 1e-7) }
      }
    }
  }

  @Test func groupingAndThreadsDoNotChangeABit() throws {
    func run(budget: Int, threads: Int) throws -> ([SaliencyMap], Int) {
      let model = fixture.model
      var maps = [SaliencyMap?](repeating: nil, count: 3)
      try SmoothGrad(settings: fixture.settings(), memoryBudgetBytes: budget, threads: threads).explain(
        fixture.saliencyRegions, classWeights: [0, 1], of: model, at: fixture.tensor
      ) { maps[$0] = $1 }
      return (maps.map { $0! }, model.forwardPasses)
    }
    let (together, passes) = try run(budget: .max, threads: 1)
    #expect(passes == fixture.samples)
    for (budget, expectedGroups) in [(0, 3), (8000, 2)] {
      let (apart, passes) = try run(budget: budget, threads: 2)
      #expect(passes == expectedGroups * fixture.samples, "budget \(budget)")
      #expect(apart == together, "budget \(budget)")
    }
  }

  @Test func oneDrawWithoutNoiseIsTheGradient() throws {
    let settings = try SmoothGradSettings(samples: 1, noiseFactor: 0)
    let (model, image) = (fixture.model, fixture.tensor)
    let region = fixture.saliencyRegions[0]
    let map = try SmoothGrad(settings: settings).maps(of: [region], classWeights: [0, 1], model: model, at: image)[0]
    #expect(map.errorsInside == nil)
    func target(_ image: Tensor) -> Double {
      let y = model.logits(image).values.suffix(image.values.count / 2)
      return region.voxels.reduce(0.0) { $0 + Double(y[y.startIndex + $1]) }
    }
    // Piecewise linear, so central differences are exact but for a ReLU within the step; few inputs are that close.
    var agreeing = 0
    let step: Float = 1e-2
    let gradient = whole(map)
    for index in image.values.indices {
      var (up, down) = (image, image)
      up.values[index] += step
      down.values[index] -= step
      let slope = (target(up) - target(down)) / Double(up.values[index] - down.values[index])
      if abs(slope - Double(gradient.values[index])) < 1e-3 { agreeing += 1 }
    }
    #expect(agreeing >= image.values.count * 95 / 100, "\(agreeing) of \(image.values.count)")
  }

  @Test func quadraticModelGivesTheMeanNoisyImage() throws {
    let shape = [2, 4, 3, 5]
    let image = Tensor(shape: shape, values: testNumbers(120, seed: 4))
    let settings = try SmoothGradSettings(samples: 6, noiseFactor: 0.2, seed: 8)
    let region = SaliencyRegion(voxels: [7, 8, 23, 59])
    let map = try SmoothGrad(settings: settings).maps(
      of: [region], classWeights: [0, 1], model: QuadraticToy(coefficients: [2, -3]), at: image)[0]
    let noise = GaussianNoise(seed: 8, sigma: try GaussianNoise.sigma(factor: 0.2, of: image))
    let samples = (0..<6).map { sample in
      var noisy = image
      noise.add(
        sample: sample, to: image, into: &noisy, within: VoxelBox(lower: [0, 0, 0], upper: [4, 3, 5]), threads: 1)
      return noisy.values.map(Double.init)
    }
    for (channel, a) in [2.0, -3.0].enumerated() {
      for voxel in 0..<60 {
        let found = Double(map.value(channel: channel, at: [voxel / 15, voxel / 5 % 3, voxel % 5]))
        guard let index = region.voxels.firstIndex(of: voxel) else {
          #expect(found == 0)
          continue
        }
        let values = samples.map { a * $0[channel * 60 + voxel] }
        let mean = values.reduce(0, +) / 6
        #expect(abs(found - mean) < 1e-6)
        let error = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 5 / 6).squareRoot()
        #expect(abs(map.errorsInside![channel][index] - error) < 1e-6)
      }
    }
  }

  @Test(arguments: [Aggregation.sum, .mean, .signedMax], [1, 4]) func earlyMapsAreThoseOfARunWithAsManySamples(
    aggregation: Aggregation, early: Int
  ) throws {
    func run(samples: Int, earlySamples: Int?, budget: Int = .max) throws -> (
      whole: [SaliencyMap], early: [Int: SaliencyMap]
    ) {
      var whole = [SaliencyMap?](repeating: nil, count: 3)
      var first: [Int: SaliencyMap] = [:]
      let settings = try SmoothGradSettings(
        samples: samples, noiseFactor: fixture.noiseFactor, seed: 3, aggregation: aggregation)
      try SmoothGrad(settings: settings, memoryBudgetBytes: budget).explain(
        fixture.saliencyRegions, classWeights: [0, 1], of: fixture.model, at: fixture.tensor,
        besides: .init(early: earlySamples.map { SmoothGrad.EarlyMaps(samples: $0) { first[$0] = $1 } }),
        deliver: { whole[$0] = $1 })
      return (whole.map { $0! }, first)
    }
    let short = try run(samples: early, earlySamples: nil)
    #expect(short.early.isEmpty)
    for budget in [Int.max, 0] {
      let long = try run(samples: 6, earlySamples: early, budget: budget)
      #expect(long.whole == (try run(samples: 6, earlySamples: nil).whole))
      for (index, map) in short.whole.enumerated() {
        let found = try #require(long.early[index])
        #expect(found.values == map.values && found.samples == early)
        // A run of one sample has no spread to speak of.
        #expect(early == 1 || found == map)
      }
    }
    // With no more samples than that, the map itself is the early one.
    #expect(try run(samples: early, earlySamples: early).early.isEmpty)
  }

  /// Of every sample, at the region and beside it, as if noise had been drawn everywhere, whatever shares a pass.
  @Test func logitsOfTheSamplesAreThoseOfTheNoisyImages() throws {
    let settings = try SmoothGradSettings(samples: 3, noiseFactor: fixture.noiseFactor, seed: 3)
    let image = fixture.tensor
    let count = image.shape[1...].reduce(1, *)
    let regions = fixture.saliencyRegions
    // The finding's first voxel and the next along the last axis, which need not be its own.
    let voxels = regions.map { [$0.voxels[0], min($0.voxels.last! + 1, count - 1)] }
    let noise = GaussianNoise(seed: 3, sigma: try GaussianNoise.sigma(factor: fixture.noiseFactor, of: image))
    let expected = (0..<3).map { sample in
      var noisy = image
      noise.add(sample: sample, to: image, into: &noisy, within: VoxelBox(shape: Array(image.shape[1...])), threads: 1)
      return fixture.model.logits(noisy)
    }
    for budget in [Int.max, 0] {
      var found = [[[[Float]]]](repeating: [], count: regions.count)
      try SmoothGrad(settings: settings, memoryBudgetBytes: budget).explain(
        regions, classWeights: [0, 1], of: fixture.model, at: image,
        besides: .init(logits: .init(at: voxels) { found[$0].append($1) }), deliver: { _, _ in })
      for (region, own) in voxels.enumerated() {
        #expect(found[region].count == 3)
        for (sample, logits) in expected.enumerated() {
          #expect(
            found[region][sample] == (0..<2).map { k in own.map { logits.values[k * count + $0] } },
            "region \(region), sample \(sample)")
        }
      }
    }
  }

  @Test func noLogitsWherePartsAreCompared() throws {
    let settings = try SmoothGradSettings(samples: 2, noiseFactor: 0.1, aggregation: .signedMax)
    try SmoothGrad(settings: settings).explain(
      fixture.saliencyRegions, classWeights: [0, 1], of: fixture.model, at: fixture.tensor,
      besides: .init(logits: .init(at: fixture.saliencyRegions.map(\.voxels)) { _, _ in Issue.record("logits") }),
      deliver: { _, _ in })
  }

  @Test func aRegionThatEndsEarlyHasNoEarlyMap() throws {
    let settings = try SmoothGradSettings(
      samples: 30, noiseFactor: fixture.noiseFactor, stopping: StoppingRule(relativeError: 0.9, absoluteError: 1e9))
    var (whole, early) = (0, 0)
    try SmoothGrad(settings: settings).explain(
      fixture.saliencyRegions, classWeights: [0, 1], of: fixture.model, at: fixture.tensor,
      besides: .init(early: SmoothGrad.EarlyMaps(samples: 10) { _, _ in early += 1 }),
      deliver: { _, map in
        whole += 1
        #expect(map.samples == 10)
      })
    #expect(whole == 3 && early == 0)
  }

  @Test func aGradientThatIsNoNumberIsNoticedBeforeAnEarlyMapIsHandedOver() throws {
    let image = Tensor(shape: [1, 1, 1, 4], values: [1, 2, 3, 4])
    for aggregation in Aggregation.allCases {
      let settings = try SmoothGradSettings(samples: 3, noiseFactor: 0.1, aggregation: aggregation)
      #expect(throws: SaliencyError.self, "\(aggregation)") {
        try SmoothGrad(settings: settings).explain(
          [SaliencyRegion(voxels: [0, 1])], classWeights: [0, 1], of: QuadraticToy(coefficients: [.nan]), at: image,
          besides: .init(early: SmoothGrad.EarlyMaps(samples: 2) { _, _ in Issue.record("early") }),
          deliver: { _, _ in Issue.record("delivered") })
      }
    }
  }

  @Test func meanIsSumOverTheNumberOfVoxelsAndEqualForOne() throws {
    func maps(_ aggregation: Aggregation) throws -> [SaliencyMap] {
      try SmoothGrad(settings: fixture.settings(.logit, aggregation)).maps(
        of: fixture.saliencyRegions, classWeights: [0, 1], model: fixture.model, at: fixture.tensor)
    }
    let (sums, means) = (try maps(.sum), try maps(.mean))
    for (sum, mean) in zip(sums, means) {
      let count = Float(sum.region.voxels.count)
      for (s, m) in zip(sum.values.values, mean.values.values) { #expect(abs(m * count - s) <= 2 * s.ulp) }
      #expect(relativeL2(sum.aggregated(.mean)!.values.values, mean.values.values) < 1e-7)
    }
    // |Ω| = 1: bit for bit the same map.
    #expect(sums[1].region.voxels.count == 1)
    #expect(sums[1].values == means[1].values && wholeErrors(sums[1]) == wholeErrors(means[1]))
    let (errors, ofMeans) = (wholeErrors(sums[0]).values, wholeErrors(means[0]).values)
    #expect(relativeL2(ofMeans.map { $0 * Float(means[0].region.voxels.count) }, errors) < 1e-6)
    #expect(wholeErrors(sums[0].aggregated(.mean)!) == wholeErrors(means[0]))
  }

  @Test func weightsAndOmegaOfAnotherGridEnterTheMap() throws {
    let plain = fixture.saliencyRegions[0]
    let halved = SaliencyRegion(voxels: plain.voxels, weights: plain.voxels.map { _ in 0.5 }, omegaCount: 8)
    func map(_ region: SaliencyRegion, _ aggregation: Aggregation) throws -> SaliencyMap {
      try SmoothGrad(settings: fixture.settings(.logit, aggregation)).maps(
        of: [region], classWeights: [0, 1], model: fixture.model, at: fixture.tensor)[0]
    }
    let whole = try map(plain, .sum).values.values
    #expect(relativeL2(try map(halved, .sum).values.values, whole.map { $0 / 2 }) < 1e-6)
    #expect(relativeL2(try map(halved, .mean).values.values, whole.map { $0 / 16 }) < 1e-6)
  }

  @Test func progressCountsAndCancellationStops() throws {
    var seen: [SmoothGrad.Progress] = []
    try SmoothGrad(settings: fixture.settings(), memoryBudgetBytes: 0).explain(
      fixture.saliencyRegions, classWeights: [0, 1], of: fixture.model, at: fixture.tensor,
      progress: { seen.append($0) }, deliver: { _, _ in })
    #expect(seen.allSatisfy { $0.totalSamples == 36 && $0.totalRegions == 3 })
    // Without a budget one region after the other: each has a gradient before each of its samples ends.
    let within = seen.compactMap { place in place.currentRegion.map { (place.completedSamples, $0) } }
    #expect(Set(within.map(\.1)) == [0, 1, 2] && Set(within.map(\.0)) == Set(0..<36))
    let samples = seen.filter { $0.currentRegion == nil }
    #expect(samples.map(\.completedSamples) == Array(1...36))
    #expect(
      samples.map(\.finishedRegions) == Array(repeating: 0, count: 12) + Array(repeating: 1, count: 12)
        + Array(repeating: 2, count: 12))

    var (asked, delivered) = (0, 0)
    #expect(throws: CancellationError.self) {
      try SmoothGrad(settings: fixture.settings()).explain(
        fixture.saliencyRegions, classWeights: [0, 1], of: fixture.model, at: fixture.tensor,
        isCancelled: {
          asked += 1
          return asked > 10
        }, deliver: { _, _ in delivered += 1 })
    }
    #expect(asked == 11 && delivered == 0)
  }

  @Test func nonsenseIsRefused() throws {
    #expect(throws: SaliencyError.self) { try SmoothGradSettings(samples: 0) }
    #expect(throws: SaliencyError.self) { try SmoothGradSettings(noiseFactor: -1) }
    #expect(throws: SaliencyError.self) { try SmoothGradSettings(noiseFactor: .nan) }
    #expect(throws: SaliencyError.marginNeedsTwoClasses(found: 3)) {
      try ExplainedScalar.margin.classWeights(lesionClass: 1, classCount: 3)
    }
    #expect(throws: SaliencyError.self) { try ExplainedScalar.logit.classWeights(lesionClass: 2, classCount: 2) }
    #expect(try ExplainedScalar.margin.classWeights(lesionClass: 1, classCount: 2) == [-1, 1])
    for voxels in [[], [-1], [210], [4, 4], [5, 4]] {
      #expect(throws: SaliencyError.badRegion(number: 2)) {
        _ = try SmoothGrad(settings: fixture.settings()).maps(
          of: [fixture.saliencyRegions[0], SaliencyRegion(voxels: voxels)], classWeights: [0, 1], model: fixture.model,
          at: fixture.tensor)
      }
    }
    #expect(throws: SaliencyError.gradientNotFinite(region: 1)) {
      _ = try SmoothGrad(settings: fixture.settings()).maps(
        of: [SaliencyRegion(voxels: [0])], classWeights: [0, 1], model: QuadraticToy(coefficients: [.infinity, 1]),
        at: fixture.tensor)
    }
  }
}

func networkFixture() throws -> SmoothGradTests.Fixture {
  try fixture("smoothgrad.json", as: SmoothGradTests.Fixture.self)
}
