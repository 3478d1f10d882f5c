public import Checkpoints
public import Networks

/// Instance SmoothGrad: the gradient of a region's summed logits with respect to the image, averaged over noisy copies
/// of it.
///
/// One noise sample is shared by all regions of a scan, and one forward pass by all targets of a piece; where the
/// aggregation compares parts of a region, every part is a target of its own. The result is the same to the last bit
/// for any memory budget and any number of threads: the noise is a pure function, and the pieces of a target come in a
/// fixed order. Source: Spagnolo et al., Scientific Reports 2026, doi 10.1038/s41598-026-36560-9, after Smilkov et al.,
/// arXiv 1706.03825.
public struct SmoothGrad: Sendable {
  public let settings: SmoothGradSettings
  /// Bytes for the maps that are added up at the same time; regions beyond it wait for another pass over the samples.
  public let memoryBudgetBytes: Int
  /// Threads that draw noise.
  public let threads: Int

  public init(settings: SmoothGradSettings, memoryBudgetBytes: Int = 1 << 30, threads: Int = 1) {
    self.settings = settings
    self.memoryBudgetBytes = memoryBudgetBytes
    self.threads = threads
  }

  /// How far a run has come.
  public struct Progress: Hashable, Sendable {
    /// Samples done and to do, over all groups of regions.
    public let completedSamples: Int
    public let totalSamples: Int
    /// The region to whose map a gradient was just added; nil at the end of a sample.
    public let currentRegion: Int?
    /// Regions whose map is finished, and all of them.
    public let finishedRegions: Int
    public let totalRegions: Int
  }

  /// Maps of the first noise samples alone, handed over beside those of all.
  public struct EarlyMaps {
    let samples: Int
    let deliver: (Int, SaliencyMap) throws -> Void

    /// - Parameters:
    ///   - samples: how many noise samples these maps have.
    ///   - deliver: receives the position of a region and its map, before the map of all samples.
    public init(samples: Int, deliver: @escaping (Int, SaliencyMap) throws -> Void) {
      self.samples = samples
      self.deliver = deliver
    }
  }

  /// Logits of every noise sample at some voxels near the regions, read from the forward passes of the gradients.
  public struct SampleLogits {
    let voxels: [[Int]]
    let deliver: (Int, [[Float]]) throws -> Void

    /// - Parameters:
    ///   - voxels: for every region linear indices into `[D, H, W]`, last axis fastest. Where windows are averaged,
    ///     those that hold a voxel of the region count.
    ///   - deliver: receives the position of a region and for every class one value per voxel, once a sample; a value
    ///     is not a number where none of these windows holds the voxel. Never called where the parts of a region are
    ///     compared or the model gives no logits.
    public init(at voxels: [[Int]], deliver: @escaping (Int, [[Float]]) throws -> Void) {
      self.voxels = voxels
      self.deliver = deliver
    }
  }

  /// What is wanted beside the maps of all samples.
  public struct Besides {
    public var early: EarlyMaps?
    public var logits: SampleLogits?

    public init(early: EarlyMaps? = nil, logits: SampleLogits? = nil) { (self.early, self.logits) = (early, logits) }
  }

  /// Explains every region and hands over each map as soon as it is finished.
  ///
  /// - Parameters:
  ///   - regions: on the grid of `image`.
  ///   - classWeights: of the explained scalar, see ``ExplainedScalar/classWeights(lesionClass:classCount:)``.
  ///   - image: normalised, `[C, D, H, W]`, channel 0 FLAIR.
  ///   - besides: asks for the maps of the first samples alone, too (a region that has no more samples has none), and
  ///     for logits.
  ///   - progress: called within a sample with the region that was just worked on, and after every sample.
  ///   - isCancelled: asked before every sample and at every piece, beside the current task.
  ///   - deliver: receives the position of a region in `regions` and its map; not in the order of the regions. Maps are
  ///     large: read what is needed and let them go.
  /// - Throws: ``SaliencyError``, `CancellationError`, and what the model, `progress`, `besides` or `deliver` throw.
  public func explain(
    _ regions: [SaliencyRegion], classWeights: [Float], of model: some DifferentiableModel, at image: Tensor,
    besides: Besides = Besides(), progress: (Progress) throws -> Void = { _ in }, isCancelled: () -> Bool = { false },
    deliver: (Int, SaliencyMap) throws -> Void
  ) throws {
    let sigma = try GaussianNoise.sigma(factor: settings.noiseFactor, of: image)
    let noise = GaussianNoise(seed: settings.seed, sigma: sigma)
    let (channels, spatial) = (image.shape[0], Array(image.shape[1...]))
    for (number, region) in regions.enumerated() where !region.isValid(in: spatial.reduce(1, *)) {
      throw SaliencyError.badRegion(number: number + 1)
    }
    let targets = regions.map { LogitTarget(voxels: $0.voxels, weights: $0.weights, classWeights: classWeights) }
    let boxes = regions.map { support(of: $0, classWeights, model, spatial) }
    let early = besides.early
    let watched = settings.aggregation.comparesParts ? nil : besides.logits
    // What a watched voxel sees must be noisy, too, whatever regions share the samples.
    let noisyBoxes = regions.indices.map { number in
      watched.map { logits in
        let seen = Set(logits.voxels[number]).union(regions[number].voxels).sorted()
        return boxes[number].union(
          model.support(of: LogitTarget(voxels: seen, classWeights: classWeights), spatialShape: spatial))
      } ?? boxes[number]
    }
    let groups = grouped(boxes, channels: channels)
    func stopIfCancelled() throws { if Task.isCancelled || isCancelled() { throw CancellationError() } }

    var finishedRegions = 0
    func tell(_ completedSamples: Int, _ currentRegion: Int? = nil) throws {
      try progress(
        Progress(
          completedSamples: completedSamples, totalSamples: groups.count * settings.samples,
          currentRegion: currentRegion, finishedRegions: finishedRegions, totalRegions: regions.count))
    }
    for (groupIndex, group) in groups.enumerated() {
      var accumulators = group.map { number -> MapAccumulator? in
        MapAccumulator(
          region: regions[number], spatialShape: spatial, channels: channels, box: boxes[number],
          aggregation: settings.aggregation, hasSpread: settings.samples > 1)
      }
      let parts = group.map { self.parts(of: regions[$0], classWeights, model, spatial) }
      var noisy = image
      for sample in 0..<settings.samples {
        try stopIfCancelled()
        let done = groupIndex * settings.samples + sample
        let open = accumulators.indices.filter { accumulators[$0] != nil }
        // Nothing outside the supports can change a gradient of these regions, so no noise is drawn there.
        let noisyBox = open.dropFirst().reduce(noisyBoxes[group[open[0]]]) { $0.union(noisyBoxes[group[$1]]) }
        if sigma > 0 { noise.add(sample: sample, to: image, into: &noisy, within: noisyBox, threads: threads) }
        if settings.aggregation.comparesParts {
          let entries = open.flatMap { index in
            parts[index].map { PartBatch.Entry(region: index, target: $0.target, box: $0.box) }
          }
          for batch in PartBatch.batches(entries, channels: channels) {
            try batch.visitGradients(of: model, at: noisy, channels: channels, check: stopIfCancelled) {
              accumulators[$0.region]!.compare($0.box, $1)
              try tell(done, group[$0.region])
            }
          }
        } else {
          let logits = try model.visitGradients(
            of: open.map { targets[group[$0]] }, at: noisy, watching: open.map { watched?.voxels[group[$0]] ?? [] }
          ) { target, box, gradient in
            try stopIfCancelled()
            accumulators[open[target]]!.add(box, gradient)
            try tell(done, group[open[target]])
          }
          if let watched, let logits {
            for (index, values) in zip(open, logits) { try watched.deliver(group[index], values) }
          }
        }
        for index in open { accumulators[index]!.finishSample() }
        try tell(done + 1)
        for index in open {
          let accumulator = accumulators[index]!
          let isFinished = sample + 1 == settings.samples || settings.stopping.map(accumulator.satisfies) ?? false
          guard isFinished || sample + 1 == early?.samples else { continue }
          let map = accumulator.map()
          guard map.values.values.allSatisfy(\.isFinite) else {
            throw SaliencyError.gradientNotFinite(region: group[index] + 1)
          }
          guard isFinished else {
            try early!.deliver(group[index], map)
            continue
          }
          accumulators[index] = nil
          finishedRegions += 1
          try deliver(group[index], map)
        }
        if accumulators.allSatisfy({ $0 == nil }) { break }
      }
    }
  }

  /// The parts of a region that are compared, each with the box of its gradient; none where nothing is compared.
  func parts(
    of region: SaliencyRegion, _ classWeights: [Float], _ model: some DifferentiableModel, _ spatialShape: [Int]
  ) -> [(target: LogitTarget, box: VoxelBox)] {
    guard let size = settings.aggregation.partVoxels else { return [] }
    return region.parts(of: size).map { part in
      let target = LogitTarget(voxels: part.voxels, weights: part.weights, classWeights: classWeights)
      return (target, model.support(of: target, spatialShape: spatialShape))
    }
  }

  /// The box of a region's map: that of its gradient and, where parts are compared, of theirs, which need not be
  /// nested.
  func support(
    of region: SaliencyRegion, _ classWeights: [Float], _ model: some DifferentiableModel, _ spatialShape: [Int]
  ) -> VoxelBox {
    let target = LogitTarget(voxels: region.voxels, weights: region.weights, classWeights: classWeights)
    return parts(of: region, classWeights, model, spatialShape).reduce(
      model.support(of: target, spatialShape: spatialShape)
    ) { $0.union($1.box) }
  }

  /// Explains every region and returns the maps in the order of the regions. For few or small regions: all maps are
  /// kept.
  public func maps(
    of regions: [SaliencyRegion], classWeights: [Float], model: some DifferentiableModel, at image: Tensor
  ) throws -> [SaliencyMap] {
    var maps = [SaliencyMap?](repeating: nil, count: regions.count)
    try explain(regions, classWeights: classWeights, of: model, at: image) { maps[$0] = $1 }
    return maps.map { $0! }
  }

  /// Splits regions into groups whose maps fit the budget together; at least one region each. Neighbours stay together,
  /// since they share forward passes.
  func grouped(_ boxes: [VoxelBox], channels: Int) -> [[Int]] {
    let order = boxes.indices.sorted { a, b in
      boxes[a].lower == boxes[b].lower ? a < b : boxes[a].lower.lexicographicallyPrecedes(boxes[b].lower)
    }
    var groups: [[Int]] = []
    var bytes = 0
    for index in order {
      let needed = MapAccumulator.bytes(channels: channels, box: boxes[index], hasSpread: settings.samples > 1)
      if groups.isEmpty || bytes + needed > memoryBudgetBytes {
        groups.append([])
        bytes = 0
      }
      groups[groups.count - 1].append(index)
      bytes += needed
    }
    return groups
  }
}
