public import Checkpoints
public import Networks

/// Instance Grad-CAM++: which places of a layer, weighted by how they raise the region's summed logits, are active.
///
/// With y' the sum of the explained scalar over Ω, A_k the layer's channels in a window and g_k = ∂y'/∂A_k:
///
///     α_k[v] = g_k[v]² / (2 g_k[v]² + g_k[v]³ · Σ_u A_k[u])        (0 where the denominator is 0)
///     map[v] = ReLU(Σ_k α_k[v] · ReLU(g_k[v]) · A_k[v])
///
/// with pixel-wise weights (they are not summed over v, as they would be for a class), brought to the window's voxels
/// trilinearly, and windows joined with the importance weights. No noise. One map for both channels, without a unit: it
/// says where, not how much, and no number is read from it. Source: Chattopadhay et al., WACV 2018, arXiv 1710.11063,
/// in the instance form of Spagnolo et al., doi 10.1038/s41598-026-36560-9.
public struct GradCAMPlusPlus: Sendable {
  public init() {}

  /// - Parameters:
  ///   - model: with a tapped layer.
  ///   - image: normalised, `[C, D, H, W]`.
  /// - Returns: for every region `[1, D, H, W]`, not negative.
  /// - Throws: ``SaliencyError``, and what the model throws.
  public func maps(of regions: [SaliencyRegion], classWeights: [Float], model: some LayerModel, at image: Tensor) throws
    -> [Tensor]
  {
    guard image.shape.count == 4, image.shape.allSatisfy({ $0 > 0 }) else {
      throw SaliencyError.notAnImage(shape: image.shape)
    }
    for (number, region) in regions.enumerated() where !region.isValid(in: image.shape[1...].reduce(1, *)) {
      throw SaliencyError.badRegion(number: number + 1)
    }
    let targets = regions.map { LogitTarget(voxels: $0.voxels, weights: $0.weights, classWeights: classWeights) }
    let maps = try model.joinedMaps(of: targets, at: image) { layer, window in
      TrilinearEnlargement(from: layer.spatialShape, to: window).applied(to: Self.map(of: layer))
    }
    for (number, map) in maps.enumerated() where !map.values.allSatisfy(\.isFinite) {
      throw SaliencyError.gradientNotFinite(region: number + 1)
    }
    return maps
  }

  /// The map of one window on the layer's grid.
  static func map(of layer: LayerValues) -> [Float] {
    let voxels = layer.spatialShape.reduce(1, *)
    var sum = [Double](repeating: 0, count: voxels)
    for channel in 0..<layer.channels {
      let values = layer.values[(channel * voxels)..<((channel + 1) * voxels)]
      let gradient = layer.gradient[(channel * voxels)..<((channel + 1) * voxels)]
      let total = values.reduce(0.0) { $0 + Double($1) }
      for (v, (a, g)) in zip(values, gradient).enumerated() where g > 0 {
        let g = Double(g)
        // g² / (2g² + g³·S) with g² taken out, which a small gradient would lose to rounding.
        let denominator = 2 + g * total
        if denominator != 0 { sum[v] += g / denominator * Double(a) }
      }
    }
    return sum.map { Float(max($0, 0)) }
  }
}
