import Checkpoints
import Foundation
import Networks
import Testing

@testable import Saliency

struct NoiseTests {
  private struct Fixture: Decodable {
    struct Words: Decodable {
      let counter: [UInt32]
      let key: [UInt32]
      let words: [UInt32]
    }
    struct Case: Decodable {
      let seed: String
      let sample: Int
      let shape: [Int]
      let sigma: Double
      let values: [Float]
    }
    let philox: [Words]
    let noise: [Case]
  }

  private func all(_ shape: [Int]) -> VoxelBox { VoxelBox(lower: [0, 0, 0], upper: Array(shape[1...])) }

  @Test func philoxKnownAnswer() {
    let words = Philox4x32(key: (0, 0)).words(0, 0, 0, 0)
    #expect(words == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    // From the authors' test vectors: all bits set, and the digits of pi.
    let ones = Philox4x32(key: (.max, .max)).words(.max, .max, .max, .max)
    #expect(ones == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    let pi = Philox4x32(key: (0xa409_3822, 0x299f_31d0)).words(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344)
    #expect(pi == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func wordsAndNoiseEqualNumPy() throws {
    let fixture = try fixture("noise.json", as: Fixture.self)
    for expected in fixture.philox {
      let c = expected.counter
      let words = Philox4x32(key: (expected.key[0], expected.key[1])).words(c[0], c[1], c[2], c[3])
      #expect([words.0, words.1, words.2, words.3] == expected.words)
    }
    for expected in fixture.noise {
      let noise = GaussianNoise(seed: UInt64(expected.seed)!, sigma: expected.sigma)
      var found = Tensor(shape: expected.shape)
      noise.add(
        sample: expected.sample, to: Tensor(shape: expected.shape), into: &found, within: all(expected.shape),
        threads: 1)
      // Two mathematical libraries may differ in the last bit of a double, and then rarely in that of the float.
      for (a, b) in zip(found.values, expected.values) { #expect(abs(a - b) <= b.ulp, "\(a) against \(b)") }
    }
  }

  @Test func logarithmCosineAndSineAgreeWithTheMathematicalLibrary() {
    let philox = Philox4x32(seed: 12)
    var words: [UInt32] = [0, 1, 2, 1 << 30, 1 << 31, 3 << 30, .max / 2, .max - 1, .max]
    for turn in 1...8 { words += [UInt32(UInt64(turn) << 29 - 1), UInt32(truncatingIfNeeded: UInt64(turn) << 29)] }
    for index in 0..<50_000 { words.append(philox.words(UInt32(index), 0, 0, 0).0) }
    for word in words {
      let u = (Double(word) + 0.5) * 0x1p-32
      let angle = 2 * Double.pi * u
      let (cosine, sine) = BoxMuller.cosineAndSine(angle)
      #expect(abs(BoxMuller.naturalLogarithm(u) - log(u)) <= 4 * log(u).ulp, "ln \(u)")
      #expect(abs(cosine - cos(angle)) <= 4 * cos(angle).ulp, "cos \(angle)")
      #expect(abs(sine - sin(angle)) <= 4 * sin(angle).ulp, "sin \(angle)")
    }
  }

  @Test func firstAxisIsFastestAndChannelAndSampleSelectTheStream() {
    let shape = [2, 3, 2, 2]
    let noise = GaussianNoise(seed: 5, sigma: 1)
    var found = Tensor(shape: shape)
    noise.add(sample: 3, to: found, into: &found, within: all(shape), threads: 1)
    for channel in 0..<2 {
      var drawn = [Float](repeating: 0, count: 12)
      noise.draw(blocks: 0..<3, channel: channel, sample: 3, into: &drawn)
      for i0 in 0..<3 {
        for i1 in 0..<2 {
          for i2 in 0..<2 {
            let v = i0 + 3 * (i1 + 2 * i2)
            #expect(found.values[((channel * 3 + i0) * 2 + i1) * 2 + i2] == drawn[v])
          }
        }
      }
    }
  }

  @Test(arguments: [1, 2, 3, 8]) func neitherThreadsNorBoxChangeAValue(threads: Int) {
    let shape = [2, 9, 7, 21]
    let image = Tensor(shape: shape, values: testNumbers(shape.reduce(1, *), seed: 3))
    let noise = GaussianNoise(seed: 77, sigma: 0.3)
    var whole = image
    noise.add(sample: 2, to: image, into: &whole, within: all(shape), threads: 1)
    let box = VoxelBox(lower: [1, 2, 3], upper: [8, 6, 20])
    var part = image
    noise.add(sample: 2, to: image, into: &part, within: box, threads: threads)
    for index in part.values.indices {
      let position = [index / (7 * 21) % 9, index / 21 % 7, index % 21]
      let isInside = (0..<3).allSatisfy { position[$0] >= box.lower[$0] && position[$0] < box.upper[$0] }
      #expect(part.values[index] == (isInside ? whole.values[index] : image.values[index]))
    }
  }

  @Test func sigmaIsAFractionOfTheRangeOfTheFirstChannel() throws {
    let image = Tensor(shape: [2, 1, 2, 2], values: [0, 3, -1, 2, 100, -100, 0, 0])
    #expect(try GaussianNoise.sigma(factor: 0.05, of: image) == 0.05 * 4)
    let positive = Tensor(shape: [1, 1, 1, 2], values: [0, 8])
    #expect(try GaussianNoise.sigma(factor: 0.5, of: positive) == 4)
    #expect(throws: SaliencyError.imageNotFinite) {
      try GaussianNoise.sigma(factor: 1, of: Tensor(shape: [1, 1, 1, 2], values: [1, .nan]))
    }
    #expect(throws: SaliencyError.notAnImage(shape: [4])) { try GaussianNoise.sigma(factor: 1, of: Tensor(shape: [4])) }
  }

  @Test func momentsAreThoseOfANormalDistribution() {
    let shape = [1, 64, 64, 64]
    var values = Tensor(shape: shape)
    GaussianNoise(seed: 9, sigma: 2).add(sample: 0, to: values, into: &values, within: all(shape), threads: 2)
    let n = Double(values.values.count)
    let mean = values.values.reduce(0.0) { $0 + Double($1) } / n
    let variance = values.values.reduce(0.0) { $0 + Double($1) * Double($1) } / n - mean * mean
    let within = Double(values.values.count { abs($0) < 2 }) / n
    // Five standard errors of each: 2/√n, 4·√(2/n), √(p(1−p)/n).
    #expect(abs(mean) < 5 * 2 / n.squareRoot())
    #expect(abs(variance - 4) < 5 * 4 * (2 / n).squareRoot())
    #expect(abs(within - 0.682689) < 5 * (0.682689 * 0.317311 / n).squareRoot())
  }

  @Test func aScanSizedDrawIsQuick() {
    let shape = [2, 182, 218, 182]
    let image = Tensor(shape: shape)
    var noisy = image
    let noise = GaussianNoise(seed: 1, sigma: 1)
    let time = ContinuousClock().measure {
      noise.add(sample: 0, to: image, into: &noisy, within: all(shape), threads: 2)
    }
    print("noise of one sample, 2×182×218×182, 2 threads: \(time)")
    #expect(time < .seconds(5))
  }
}
