public import Checkpoints
public import Networks
import Statistics

/// Whether a map stays with the image when the windows move: the image is shifted inside zeros, the map shifted back.
///
/// Zeros in front of every axis move the content against the window grid, as another crop of the scan would.
public struct ShiftCheck: Sendable {
  public static let limit = 0.8

  /// Voxels along each axis: a multiple of what networks of four strided levels divide by, so that only windows move
  /// and not the phase of the strides.
  public let shift: Int

  public init(shift: Int = 16) {
    precondition(shift > 0, "an image that is not moved proves nothing")
    self.shift = shift
  }

  public func outcome(
    of regions: [SaliencyRegion], classWeights: [Float], model: some DifferentiableModel, at image: Tensor
  ) throws -> CheckOutcome {
    guard !regions.isEmpty else { return CheckOutcome(.windowShift, notAssessed: .noLesion) }
    let moved = padded(image)
    let (old, new) = (Array(image.shape[1...]), Array(moved.shape[1...]))
    let movedRegions = regions.map { region in
      let voxels = region.voxels.map { v in
        let p = [v / (old[1] * old[2]), v / old[2] % old[1], v % old[2]].map { $0 + shift }
        return (p[0] * new[1] + p[1]) * new[2] + p[2]
      }
      return SaliencyRegion(voxels: voxels, weights: region.weights, omegaCount: region.omegaCount)
    }
    let here = try PlainGradient.maps(of: regions, classWeights: classWeights, model: model, at: image)
    let there = try PlainGradient.maps(of: movedRegions, classWeights: classWeights, model: model, at: moved)
    let correlations = zip(here, there).map { a, b in
      let box = a.comparedBox
      return pearsonCorrelation(a.values(in: box), b.values(in: box, movedBy: [shift, shift, shift])) ?? 0
    }
    let changes = zip(here, there).map { abs($0.flairPeak - $1.flairPeak) / abs($0.flairPeak) }
    let correlation = median(correlations)!
    return CheckOutcome(
      .windowShift, passed: correlation >= Self.limit,
      measures: [
        .init(.medianCorrelation, correlation), .init(.minimumCorrelation, correlations.min()!),
        .init(.medianChangeOfPeaks, median(changes)!),
      ], basis: .init(lesions: regions.count))
  }

  private func padded(_ image: Tensor) -> Tensor {
    let old = Array(image.shape[1...])
    let new = old.map { $0 + shift }
    var result = Tensor(shape: [image.shape[0]] + new)
    for c in 0..<image.shape[0] {
      for d in 0..<old[0] {
        for h in 0..<old[1] {
          let from = ((c * old[0] + d) * old[1] + h) * old[2]
          let to = ((c * new[0] + d + shift) * new[1] + h + shift) * new[2] + shift
          result.values.replaceSubrange(to..<to + old[2], with: image.values[from..<from + old[2]])
        }
      }
    }
    return result
  }
}
