public import Checkpoints
public import Networks

/// SmoothGrad `sum` maps of odd and of even samples, and of both together, from one pass over the samples.
public struct HalvedMaps: Sendable {
  /// Samples 0, 2, 4, … and 1, 3, 5, …, region by region.
  public let halves: [(even: SaliencyMap, odd: SaliencyMap)]
  public let samples: Int

  /// - Parameters:
  ///   - samples: even, at least 2.
  ///   - noiseFactor: σ as a fraction of the range of the FLAIR channel.
  public init(
    of regions: [SaliencyRegion], classWeights: [Float], model: some DifferentiableModel, at image: Tensor,
    samples: Int, noiseFactor: Double, seed: UInt64
  ) throws {
    precondition(samples >= 2 && samples % 2 == 0, "two halves of one size")
    self.samples = samples
    let (channels, spatial) = (image.shape[0], Array(image.shape[1...]))
    let targets = regions.map { LogitTarget(voxels: $0.voxels, weights: $0.weights, classWeights: classWeights) }
    let boxes = targets.map { model.support(of: $0, spatialShape: spatial) }
    let noise = GaussianNoise(seed: seed, sigma: try GaussianNoise.sigma(factor: noiseFactor, of: image))
    var accumulators = (0..<2).map { _ in
      zip(regions, boxes).map {
        MapAccumulator(
          region: $0, spatialShape: spatial, channels: channels, box: $1, aggregation: .sum, hasSpread: false)
      }
    }
    var noisy = image
    if let first = boxes.first {
      let noisyBox = boxes.dropFirst().reduce(first) { $0.union($1) }
      for sample in 0..<samples {
        if noise.sigma > 0 { noise.add(sample: sample, to: image, into: &noisy, within: noisyBox, threads: 2) }
        try model.visitGradients(of: targets, at: noisy) { target, box, gradient in
          accumulators[sample % 2][target].add(box, gradient)
        }
        for index in regions.indices { accumulators[sample % 2][index].finishSample() }
      }
    }
    halves = zip(accumulators[0], accumulators[1]).map { ($0.map(), $1.map()) }
  }

  /// The highest FLAIR value inside each region over all samples.
  public var flairPeaks: [Double] {
    halves.map { even, odd in
      even.region.voxels.reduce(-Double.infinity) { peak, voxel in
        let place = even.position(voxel)
        return max(peak, (Double(even.value(channel: 0, at: place)) + Double(odd.value(channel: 0, at: place))) / 2)
      }
    }
  }
}
