public import Checkpoints
public import Networks

/// Whether the gradient is the derivative of what it is said to be: central differences of F(x) = Σ_Ω w·Y(x).
///
/// Two directions d: along the gradient g itself, where a wrong length or sign shows, and normal noise over the whole
/// support of the gradient, where a missing part shows. The error is
///
///     |(F(x + h·d) − F(x − h·d)) / 2h − g·d| / |g|
///
/// with d = g/|g| or d ~ N(0, 1) per voxel, for which g·d is of the size of |g| as well.
public struct FiniteDifferenceCheck: Sendable {
  /// F is a sum of hundreds of single-precision logits, right to some 1e-7 of Σ|Y|: with the changes below the
  /// quotients are right to some 1e-4 and some 1e-3; kinks of the activations inside the step add to it. A window that
  /// goes missing costs its whole share.
  public static let limit = 0.02
  /// h·|g| as a part of max(|F|, Σ|w|), along the gradient.
  public static let relativeChange = 1e-3
  /// The same for the random direction, which moves every voxel of the support and so crosses many more kinks.
  public static let relativeChangeAtRandom = 5e-5
  /// No step is longer, in standard deviations of the intensities per voxel along noise: where the gradient is small
  /// beside the logits, as in an untrained network, the change above would take a step that crosses kinks all over, and
  /// a right gradient would fail.
  public static let longestStep = 0.005
  /// Along noise shorter steps follow until the error is within the limit: crossing a kink costs less the shorter the
  /// step, and a gradient that is wrong is wrong at every step.
  static let shorter = [1, 0.25, 0.0625]
  /// A smaller change is lost in single precision: then nothing is said.
  static let smallestChange = 5e-6

  public init() {}

  /// - Parameters:
  ///   - image: normalised, `[C, D, H, W]`.
  ///   - seed: of the random direction.
  public func outcome(
    of region: SaliencyRegion, classWeights: [Float], model: some DifferentiableModel, at image: Tensor, seed: UInt64
  ) throws -> CheckOutcome {
    let target = LogitTarget(voxels: region.voxels, weights: region.weights, classWeights: classWeights)
    let map = try PlainGradient.maps(of: [region], classWeights: classWeights, model: model, at: image)[0]
    let gradient = map.values.values.map(Double.init)
    let length = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0 else {
      // A gradient of zero explains nothing.
      return CheckOutcome(
        .finiteDifferences, passed: false, measures: [.init(.gradientLength, 0)],
        basis: .init(voxels: region.omegaCount))
    }
    let value = try model.value(of: target, at: image)
    let scale = max(abs(value), region.weights.reduce(0) { $0 + abs(Double($1)) })
    let random = min(Self.relativeChangeAtRandom * scale / length, Self.longestStep)
    guard random * length >= Self.smallestChange * scale else {
      return CheckOutcome(.finiteDifferences, notAssessed: .gradientTooSmall)
    }
    let box = map.box
    var noise = Tensor(shape: image.shape)
    GaussianNoise(seed: seed, sigma: 1).add(
      sample: 0, to: Tensor(shape: image.shape), into: &noise, within: box, threads: 1)
    func error(along direction: [Double], step: Double) throws -> Double {
      let ahead = try model.value(of: target, at: image.moved(by: step, along: direction, in: box))
      let back = try model.value(of: target, at: image.moved(by: -step, along: direction, in: box))
      let predicted = zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
      return abs((ahead - back) / (2 * step) - predicted) / length
    }
    let along = try error(along: gradient.map { $0 / length }, step: Self.relativeChange * scale / length)
    let direction = image.elements(of: noise, in: box)
    var best = (error: Double.infinity, step: random)
    for factor in Self.shorter where best.error > Self.limit && factor * random * length >= Self.smallestChange * scale
    {
      let found = try error(along: direction, step: factor * random)
      if found < best.error { best = (found, factor * random) }
    }
    return CheckOutcome(
      .finiteDifferences, passed: along <= Self.limit && best.error <= Self.limit,
      measures: [.init(.errorAlongGradient, along), .init(.errorAlongRandomDirection, best.error)],
      basis: .init(voxels: region.omegaCount))
  }
}

extension Tensor {
  /// Values of a tensor of this shape in a spatial box, `[C, box]`.
  fileprivate func elements(of other: Tensor, in box: VoxelBox) -> [Double] {
    var found: [Double] = []
    visitRows(of: box) { start, count in found += other.values[start..<start + count].map(Double.init) }
    return found
  }

  /// This image with a step along a direction `[C, box]` added.
  fileprivate func moved(by step: Double, along direction: [Double], in box: VoxelBox) -> Tensor {
    var copy = self
    var next = 0
    visitRows(of: box) { start, count in
      for n in 0..<count { copy.values[start + n] = Float(Double(copy.values[start + n]) + step * direction[next + n]) }
      next += count
    }
    return copy
  }

  private func visitRows(of box: VoxelBox, _ body: (_ start: Int, _ count: Int) -> Void) {
    let whole = VoxelBox(shape: Array(shape[1...]))
    for c in 0..<shape[0] {
      whole.visitRows(sharedWith: box) { here, _, count in body(c * whole.voxelCount + here, count) }
    }
  }
}
