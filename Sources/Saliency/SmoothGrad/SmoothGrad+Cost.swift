public import Networks

/// Passes of a network over one piece (a window of a sliding window) that a run takes.
public struct SaliencyCost: Hashable, Sendable {
  public var forwards = 0
  public var gradients = 0

  public init(forwards: Int = 0, gradients: Int = 0) {
    self.forwards = forwards
    self.gradients = gradients
  }

  /// Seconds when a forward pass takes so long and a gradient as many times that.
  public func seconds(forward: Double, gradientRatio: Double) -> Double {
    (Double(forwards) + Double(gradients) * gradientRatio) * forward
  }
}

extension SmoothGrad {
  /// The passes that ``explain(_:classWeights:of:at:besides:progress:isCancelled:deliver:)`` takes; with a stopping
  /// rule the most of them.
  public func cost(
    of regions: [SaliencyRegion], classWeights: [Float], model: some DifferentiableModel, channels: Int,
    spatialShape: [Int]
  ) -> SaliencyCost {
    let targets = regions.map { LogitTarget(voxels: $0.voxels, weights: $0.weights, classWeights: classWeights) }
    let boxes = regions.map { support(of: $0, classWeights, model, spatialShape) }
    var cost = SaliencyCost()
    func add(_ targets: [LogitTarget]) {
      let pieces = targets.map { model.pieces(of: $0, spatialShape: spatialShape) }
      cost.forwards += Set(pieces.joined()).count
      cost.gradients += pieces.reduce(0) { $0 + $1.count }
    }
    for group in grouped(boxes, channels: channels) {
      guard settings.aggregation.comparesParts else {
        add(group.map { targets[$0] })
        continue
      }
      let entries = group.flatMap { number in
        parts(of: regions[number], classWeights, model, spatialShape).map {
          PartBatch.Entry(region: number, target: $0.target, box: $0.box)
        }
      }
      for batch in PartBatch.batches(entries, channels: channels) { add(batch.targets) }
    }
    return SaliencyCost(forwards: cost.forwards * settings.samples, gradients: cost.gradients * settings.samples)
  }
}
