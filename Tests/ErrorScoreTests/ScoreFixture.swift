import Foundation

@testable import ErrorScore
@testable import Lesions

/// `Fixtures/score.json`, written by tools/fixtures/make_score_fixtures.py.
struct ScoreFixture: Decodable {
  struct QuantileCase: Decodable {
    let values: [Double]
    let quantiles: [Double]
  }
  struct MannWhitneyCase: Decodable {
    let first: [Double]
    let second: [Double]
    let u: Double
    let p: Double
    let method: MannWhitney.Method
    let superiority: Double
  }
  struct Bootstrap: Decodable {
    let patient: [Int]
    let isError: [Bool]
    let scores: [Double]
    let other: [Double]
    let untied: [Double]
    let areaUnderRetention: Double
    let replicates: Int
    let seed: UInt64
    let intervals: [String: [Double]]
  }
  struct LogisticCase: Decodable {
    let rows: [[Double]]
    let isError: [Bool]
    let inversePenalty: Double
    let weights: [Double]
    let intercept: Double
    let probability: [Double]
    let brier: Double
  }
  let quantiles: [QuantileCase]
  let mannWhitney: [MannWhitneyCase]
  let bootstrap: Bootstrap
  let logistic: [LogisticCase]

  static func read() throws -> ScoreFixture {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/score.json")
    return try JSONDecoder().decode(ScoreFixture.self, from: Data(contentsOf: file))
  }
}

extension RegionFeatures {
  /// A region of which only what a test is about is said.
  static func sample(
    peak: Double, mpragePeak: Double = 1, fraction: Double? = 0.8, rim: Double? = -0.1, volume: Double = 50,
    probability: Double = 0.5
  ) -> RegionFeatures {
    RegionFeatures(
      saliency: RegionSaliency(
        flairMaximum: peak, flairMinimum: -1, mprageMaximum: mpragePeak, mprageMinimum: -1, flairFraction: fraction,
        meanInside: 0.5, meanRim: rim), volumeMillimetres3: volume,
      probability: ProbabilityMeasurements(mean: probability, maximum: probability, meanEntropyNats: 0.3))
  }
}
