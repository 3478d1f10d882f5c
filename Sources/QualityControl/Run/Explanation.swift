import Lesions
import Networks
import Reports
import Saliency
import Volumes

/// A lesion or candidate that is to be explained.
struct FindingSubject {
  let id: FindingID
  /// Ascending linear indices on the patient's grid, axis 0 fastest.
  let voxels: [Int]
  let measurements: Measurements
  let wasDropped: Bool
}

/// Saliency of one finding.
struct FindingExplanation {
  let features: PeakFeatures
  /// The part of the map that is kept, see ``Explanation/keptShare``, on the patient's grid for pictures.
  let picture: SaliencyPicture
  /// The same part as it is stored, see ``NetworkGrid/stored(_:within:)``.
  let stored: SaliencyPicture
  /// The whole map as it is stored, only when it is to be written.
  let whole: SaliencyPicture?
  let network: NetworkGrid
  let affine: Affine

  func facts(of subject: FindingSubject, truthStatus: String?, saliencyFile: String) -> FindingFacts {
    let m = subject.measurements
    return FindingFacts(
      kind: subject.id.kind, number: subject.id.number, id: "\(subject.id)", voxelCount: m.voxelCount,
      volumeMillimetres3: m.volumeMillimetres3, volumeMillilitres: m.volumeMillilitres,
      centroidVoxel: [m.centroidVoxel.i, m.centroidVoxel.j, m.centroidVoxel.k],
      centroidWorldMillimetres: [m.centroidMillimetres.x, m.centroidMillimetres.y, m.centroidMillimetres.z],
      boxLower: [m.boundingBox.lower.i, m.boundingBox.lower.j, m.boundingBox.lower.k],
      boxUpper: [m.boundingBox.upper.i + 1, m.boundingBox.upper.j + 1, m.boundingBox.upper.k + 1],
      extentMillimetres: m.extentMillimetres, meanProbability: m.meanProbability ?? 0,
      maximumProbability: m.maximumProbability ?? 0, meanEntropy: m.meanEntropyNats ?? 0,
      wasDroppedSmallComponent: subject.wasDropped, truthStatus: truthStatus, flair: peaks(0), mprage: peaks(1),
      flairShare: features.flairShare,
      signBalance: SignBalance(meanInside: features.channels[0].meanInside, meanRim: features.channels[0].meanInRim),
      saliencyFile: saliencyFile)
  }

  private func peaks(_ channel: Int) -> ChannelPeaks {
    let c = features.channels[channel]
    return ChannelPeaks(
      insideHighest: peak(c.highestInside, c.standardErrorOfHighestInside),
      insideLowest: peak(c.lowestInside, c.standardErrorOfLowestInside), mapHighest: peak(c.highestAnywhere, nil),
      mapLowest: peak(c.lowestAnywhere, nil))
  }

  private func peak(_ extremum: Extremum, _ standardError: Double?) -> PeakFacts {
    let place = network.patientPlace(of: extremum.position.map(Double.init))
    return PeakFacts(
      value: Double(extremum.value), voxel: network.patientVoxel(nearestTo: extremum.position),
      worldMillimetres: affine.world(place[0], place[1], place[2]), standardError: standardError)
  }
}

/// Instance SmoothGrad of all findings of a scan.
enum Explanation {
  /// Voxels below this share of a map's largest magnitude do not enlarge the box that is kept.
  ///
  /// A map is not zero over the whole receptive field of its windows, hundreds of megabytes per patient for values that no
  /// picture shows. Peaks and shares are read from the whole map before.
  static let keptShare: Float = 0.01
  /// Voxels kept around the finding on all sides at least.
  private static let keptMargin = 8
  private static let memoryBudgetBytes = 2 << 30

  struct All {
    let findings: [FindingExplanation]
    let noiseStandardDeviation: Double
  }

  /// - Parameter occupied: 1 in every voxel of a lesion, on the patient's grid; rims leave these out.
  static func all(
    of subjects: [FindingSubject], at tensor: Tensor, network: NetworkGrid, grid: Volume<Float>, occupied: [UInt8],
    model: LoadedModel, settings: RunSettings, isCancelled: () -> Bool, progress: (Int, Int) throws -> Void
  ) throws -> All {
    let smoothGrad = SmoothGrad(
      settings: try SmoothGradSettings(
        samples: settings.samples, noiseFactor: settings.noiseFraction, seed: settings.seed,
        aggregation: settings.aggregation == .sum ? .sum : .mean),
      memoryBudgetBytes: memoryBudgetBytes, threads: model.threads)
    let scalar: ExplainedScalar = settings.target == .logit ? .logit : .margin
    let weights = try scalar.classWeights(lesionClass: model.lesionClass, classCount: model.classCount)
    let sigma = try GaussianNoise.sigma(factor: settings.noiseFraction, of: tensor)
    guard !subjects.isEmpty else { return All(findings: [], noiseStandardDeviation: sigma) }

    let regions = subjects.map { network.region(ofPatient: $0.voxels) }
    var found = [FindingExplanation?](repeating: nil, count: subjects.count)
    try progress(0, settings.samples)
    try smoothGrad.explain(
      regions, classWeights: weights, of: model.network, at: tensor,
      progress: { try progress($0.completedDraws, $0.totalDraws) }, isCancelled: isCancelled,
      deliver: { index, map in
        let rim = Rim.voxels(
          around: subjects[index].voxels, shape: grid.shape, affine: grid.affine, occupied: occupied)
        let inside = Set(map.region.voxels)
        let kept = keptBox(of: map)
        found[index] = FindingExplanation(
          features: PeakFeatures(of: map, rim: network.networkIndices(ofPatient: rim).filter { !inside.contains($0) }),
          picture: network.picture(of: map, within: kept, patientAffine: grid.affine),
          stored: network.stored(map, within: kept),
          whole: settings.saveMaps ? network.stored(map, within: map.box) : nil, network: network, affine: grid.affine)
      })
    return All(findings: found.map { $0! }, noiseStandardDeviation: sigma)
  }

  /// The smallest box with every value of at least `keptShare` of the largest magnitude, and the finding with a margin.
  private static func keptBox(of map: SaliencyMap) -> VoxelBox {
    let values = map.values.values
    let limit = keptShare * values.reduce(0) { max($0, abs($1)) }
    let n = map.box.shape
    var box: VoxelBox?
    func include(_ lower: [Int], _ upper: [Int]) {
      let clamped = VoxelBox(
        lower: zip(lower, map.box.lower).map { max($0, $1) }, upper: zip(upper, map.box.upper).map { min($0, $1) })
      box = box.map { $0.union(clamped) } ?? clamped
    }
    for voxel in [map.region.voxels.first!, map.region.voxels.last!] + map.region.voxels {
      let plane = map.spatialShape[1] * map.spatialShape[2]
      let p = [voxel / plane, voxel / map.spatialShape[2] % map.spatialShape[1], voxel % map.spatialShape[2]]
      include(p.map { $0 - keptMargin }, p.map { $0 + keptMargin + 1 })
    }
    guard limit > 0 else { return box! }
    values.withUnsafeBufferPointer { values in
      for channel in 0..<map.values.shape[0] {
        for d in 0..<n[0] {
          for h in 0..<n[1] {
            let row = ((channel * n[0] + d) * n[1] + h) * n[2]
            guard let first = (0..<n[2]).first(where: { abs(values[row + $0]) >= limit }),
              let last = (0..<n[2]).last(where: { abs(values[row + $0]) >= limit })
            else { continue }
            let origin = [map.box.lower[0] + d, map.box.lower[1] + h, map.box.lower[2]]
            include([origin[0], origin[1], origin[2] + first], [origin[0] + 1, origin[1] + 1, origin[2] + last + 1])
          }
        }
      }
    }
    return box!
  }
}
