import Networks

/// The gradient at the image itself: one draw without noise, the cheapest map there is.
enum PlainGradient {
  static func maps(
    of regions: [SaliencyRegion], classWeights: [Float], model: some DifferentiableModel, at image: Tensor,
    aggregation: Aggregation = .sum
  ) throws -> [SaliencyMap] {
    let settings = try SmoothGradSettings(samples: 1, noiseFactor: 0, aggregation: aggregation)
    return try SmoothGrad(settings: settings).maps(of: regions, classWeights: classWeights, model: model, at: image)
  }
}
