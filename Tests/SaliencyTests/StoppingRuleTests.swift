import Checkpoints
import Networks
import Testing

@testable import Saliency

@Suite struct StoppingRuleTests {
  @Test func ruleWeighsTheErrorAgainstThePeakAndTheFloor() throws {
    let rule = try StoppingRule(relativeError: 0.1, absoluteError: 0.05)
    #expect(rule.isSatisfied(samples: 10, peak: -2, standardError: 0.2))
    #expect(!rule.isSatisfied(samples: 10, peak: 2, standardError: 0.21))
    #expect(!rule.isSatisfied(samples: 9, peak: 2, standardError: 0))
    #expect(rule.isSatisfied(samples: 10, peak: 0.001, standardError: 0.05))
    // A peak counts as at least 1.
    #expect(try StoppingRule(relativeError: 0.01).absoluteError == 0.01)
    for make in [
      { try StoppingRule(relativeError: 0) }, { try StoppingRule(relativeError: 1) },
      { try StoppingRule(absoluteError: -1) }, { try StoppingRule(minimumSamples: 9) },
    ] { #expect(throws: SaliencyError.self) { _ = try make() } }
    #expect(throws: SaliencyError.self) { _ = try SmoothGradSettings(samples: 9, stopping: rule) }
  }

  /// The gradient is a · x on the region, so its spread over samples is a · σ and the peak is a · x.
  @Test(arguments: Aggregation.allCases) func everyRegionEndsWithItsOwnPeakAndKeepsItsDraws(aggregation: Aggregation)
    throws
  {
    var image = Tensor(shape: [2, 1, 1, 4], values: [10, 1, 0, 0.01, 1, 1, 1, 1])
    image.values[2] = -10
    // σ = 0.15 · 20 = 3: at 10 the error after n samples is about 3/√n, a tenth of the peak from 10 samples on; at 1
    // never before 50.
    let regions = [[0], [1], [3]].map { SaliencyRegion(voxels: $0) }
    let stopping = try StoppingRule(relativeError: 0.1, absoluteError: 0)
    func run(_ stopping: StoppingRule?, samples: Int, budget: Int = .max) throws -> ([SaliencyMap], drawn: Int) {
      var maps = [SaliencyMap?](repeating: nil, count: regions.count)
      var drawn = 0
      let settings = try SmoothGradSettings(
        samples: samples, noiseFactor: 0.15, aggregation: aggregation, stopping: stopping)
      try SmoothGrad(settings: settings, memoryBudgetBytes: budget).explain(
        regions, classWeights: [0, 1], of: QuadraticToy(coefficients: [1, 1]), at: image,
        progress: { drawn += $0.currentRegion == nil ? 1 : 0 }, deliver: { maps[$0] = $1 })
      return (maps.map { $0! }, drawn)
    }
    let (maps, drawn) = try run(stopping, samples: 50)
    let first = maps[0].samples
    #expect((10..<30).contains(first) && maps[1].samples == 50 && maps[2].samples == 50 && drawn == 50)
    let error = maps[0].errorsInside![0][0]
    #expect(error <= 0.1 * Double(maps[0].values.values[0]))
    #expect(PeakFeatures(of: maps[0], rim: []).samples == first)
    // The map is that of a run with as many samples, and one sample fewer was not enough.
    #expect(try run(nil, samples: first).0[0] == maps[0])
    if first > 10 {
      let before = try run(nil, samples: first - 1).0[0]
      #expect(before.errorsInside![0][0] > 0.1 * Double(before.values.values[0]))
    }
    #expect(try run(stopping, samples: 50, budget: 0).0 == maps)
    // A floor above every error ends all at the least number.
    let early = try run(StoppingRule(absoluteError: 10), samples: 50)
    #expect(early.0.allSatisfy { $0.samples == 10 } && early.drawn == 10)
  }
}
