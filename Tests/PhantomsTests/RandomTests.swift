import Testing

@testable import Phantoms

struct RandomTests {
  @Test func aspectsSeedsAndPatientsHaveStreamsOfTheirOwn() {
    var keys: Set<UInt64> = []
    for seed: UInt64 in [0, 1, .max] {
      for patient in 0..<4 {
        for aspect: RandomStream.Aspect in [.build, .warp, .folding, .texture, .lesions, .mimics, .scanner] {
          keys.insert(RandomStream.key(seed: seed, patient: patient, aspect: aspect))
        }
      }
    }
    #expect(keys.count == 3 * 4 * 7)
  }

  /// Mean and variance of 40 000 normal numbers within five standard errors.
  @Test func normalNumbers() {
    var stream = RandomStream(seed: 3, patient: 0, aspect: .scanner)
    let count = 40_000
    let values = (0..<count).map { _ in stream.normal() }
    let mean = values.reduce(0, +) / Double(count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
    #expect(abs(mean) < 5 / Double(count).squareRoot())
    #expect(abs(variance - 1) < 5 * (2 / Double(count)).squareRoot())
  }

  /// A band of wavelength λ changes sign about every λ/2 along a line that runs along its waves, and every λ/√3 or so
  /// along any line through waves in random directions (Rice: crossings per mm = √⟨kₓ²⟩/π, ⟨kₓ²⟩ = k²/3).
  @Test func bandNoiseHasItsWavelength() {
    var stream = RandomStream(seed: 9, patient: 0, aspect: .folding)
    let noise = BandNoise(
      wavelength: 20, spread: 0.05, waves: 60, box: (Point(0, 0, 0), Point(400, 40, 40)), stream: &stream)
    var crossings = 0
    var sum = 0.0
    var squares = 0.0
    var count = 0.0
    for y in stride(from: Float(0), through: 40, by: 8) {
      for z in stride(from: Float(0), through: 40, by: 8) {
        var before = noise(Point(0, y, z))
        for x in stride(from: Float(0.5), through: 400, by: 0.5) {
          let value = noise(Point(x, y, z))
          if (value < 0) != (before < 0) { crossings += 1 }
          before = value
          sum += Double(value)
          squares += Double(value * value)
          count += 1
        }
      }
    }
    let perMillimetre = Double(crossings) / (36 * 400)
    let expected = 2 / (20 * 3.0.squareRoot())
    #expect(abs(perMillimetre / expected - 1) < 0.15)
    #expect(abs(sum / count) < 0.1)
    // Trilinear reading at a tenth of the wavelength loses a few per cent of the variance.
    #expect(abs(squares / count - 1) < 0.2)
  }
}
