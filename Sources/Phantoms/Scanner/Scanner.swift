import Statistics
import Volumes

/// What an examination does to a brain's true contrasts: tissue contrast, resolution, shading and noise of one
/// patient's scanner and protocol.
package struct Scanner: Sendable {
  let flair: Channel
  let mprage: Channel

  /// One contrast.
  struct Channel: Sendable {
    /// Stretch of the difference of a tissue from white matter.
    let tissueContrast: Float
    /// Deviation of the Gaussian point spread in mm.
    let blurMillimetres: Float
    /// Amplitude of the slow shading that bias correction left.
    let shading: Float
    /// Deviation of the noise relative to white matter.
    let noise: Float
    /// Stored intensity of white matter.
    let gain: Float
    let shadingField: BandNoise
  }

  init(seed: UInt64, patient: Int, box: (low: Point, high: Point), noise: Double) {
    var stream = RandomStream(seed: seed, patient: patient, aspect: .scanner)
    func field() -> BandNoise {
      BandNoise(wavelength: 140, spread: 0.2, waves: 12, finestStep: 10, box: box, stream: &stream)
    }
    let (first, second) = (field(), field())
    flair = Channel(
      tissueContrast: Float(stream.normal(1, 0.14, within: 0.7...1.35)),
      blurMillimetres: Float(stream.uniform(0.42, 0.72)), shading: Float(stream.uniform(0.015, 0.045)),
      noise: Float(stream.uniform(0.032, 0.055) * noise), gain: Float(stream.uniform(130, 190)), shadingField: first)
    mprage = Channel(
      tissueContrast: Float(stream.normal(1, 0.05, within: 0.9...1.1)),
      blurMillimetres: Float(stream.uniform(0.4, 0.62)), shading: Float(stream.uniform(0.008, 0.03)),
      noise: Float(stream.uniform(0.013, 0.024) * noise), gain: Float(stream.uniform(300, 420)), shadingField: second)
  }

  /// True intensities through contrast and point spread, on the drawing lattice. Beyond the mask lies fluid, so that
  /// the surface of the brain does not fade.
  func project(_ values: [Float], fluid: Float, _ channel: Channel, lattice: Lattice, mask: [Bool]) -> [Float] {
    var image = [Float](repeating: 0, count: values.count)
    for n in image.indices {
      let v = mask[n] ? values[n] : fluid
      // Fluid keeps its level: only what is near or above grey matter is stretched.
      let stretched = 1 + (v - 1) * channel.tissueContrast
      let share = smoothStep(0.2, 0.6, v)
      image[n] = v + (stretched - v) * share
    }
    return GaussianBlur(deviation: channel.blurMillimetres / lattice.spacing).apply(image, shape: lattice.shape)
  }
}

/// Separable Gaussian smoothing; the border's values continue outside.
struct GaussianBlur {
  private let weights: [Float]
  private var radius: Int { weights.count - 1 }

  /// - Parameter deviation: in voxels.
  init(deviation: Float) {
    let reach = max(1, Int(saturating: (3 * deviation).rounded(.up)))
    let raw = (0...reach).map { exponential(-Float($0 * $0) / (2 * max(deviation * deviation, 1e-4))) }
    let total = raw[0] + 2 * raw.dropFirst().reduce(0, +)
    weights = raw.map { $0 / total }
  }

  func apply(_ image: [Float], shape: GridShape) -> [Float] {
    var current = image
    for (count, stride) in [(shape.ni, 1), (shape.nj, shape.ni), (shape.nk, shape.ni * shape.nj)] {
      var next = [Float](repeating: 0, count: current.count)
      current.withUnsafeBufferPointer { source in
        next.withUnsafeMutableBufferPointer { target in
          for n in source.indices {
            let at = (n / stride) % count
            var sum = weights[0] * source[n]
            for w in 1..<weights.count {
              sum += weights[w] * (source[n - min(w, at) * stride] + source[n + min(w, count - 1 - at) * stride])
            }
            target[n] = sum
          }
        }
      }
      current = next
    }
    return current
  }
}
