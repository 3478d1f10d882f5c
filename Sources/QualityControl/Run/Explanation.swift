import Lesions
import Networks
import Reports
import Results
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
  /// Of the map of the first draws alone, where the error score is made of these.
  let scoring: PeakFeatures?
  /// The part of the map that is kept, see ``KeptBox``, on the patient's grid for pictures.
  let picture: SaliencyPicture
  /// The same part as it is stored, see ``NetworkGrid/stored(_:within:)``.
  let stored: SaliencyPicture
  /// The whole map as it is stored, only when it is to be written.
  let whole: SaliencyPicture?
  let network: NetworkGrid
  let affine: Affine

  func facts(of subject: FindingSubject, truthStatus: String?, saliencyFile: String, layerMapFile: String?)
    -> FindingFacts
  {
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
      saliencyFile: saliencyFile, flairSumPeak: features.flairSumPeak,
      flairSumPeakStandardError: features.standardErrorOfFlairSumPeak, draws: features.draws,
      scoring: scoring.map(ScoringFacts.init), layerMapFile: layerMapFile)
  }

  private func peaks(_ channel: Int) -> ChannelPeaks {
    let c = features.channels[channel]
    return ChannelPeaks(
      insideHighest: peak(c.highestInside, c.standardErrorOfHighestInside),
      insideLowest: peak(c.lowestInside, c.standardErrorOfLowestInside),
      mapHighest: peak(c.highestAnywhere, c.standardErrorOfHighestAnywhere),
      mapLowest: peak(c.lowestAnywhere, c.standardErrorOfLowestAnywhere))
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
  private static let memoryBudgetBytes = 2 << 30

  struct All {
    let findings: [FindingExplanation]
    let noiseStandardDeviation: Double
  }

  /// - Parameters:
  ///   - occupied: 1 in every voxel of a lesion, on the patient's grid; rims leave these out.
  ///   - scoringDraws: of the calibration, if error scores are made of as many draws and no more.
  ///   - cost: told how many passes of the network it takes, before the first.
  static func all(
    of subjects: [FindingSubject], at tensor: Tensor, network: NetworkGrid, grid: Volume<Float>, occupied: [UInt8],
    model: LoadedModel, settings: RunSettings, scoringDraws: Int?, isCancelled: () -> Bool,
    cost: (SaliencyCost) -> Void,
    progress: (Int, Int) throws -> Void
  ) throws -> All {
    let aggregation = settings.aggregation.method
    let smoothGrad = SmoothGrad(
      settings: try SmoothGradSettings(
        samples: settings.samples, noiseFactor: settings.noiseFraction, seed: settings.seed, aggregation: aggregation,
        stopping: try settings.stopping),
      memoryBudgetBytes: memoryBudgetBytes, threads: model.threads)
    let weights = try settings.target.classWeights(of: model)
    let sigma = try GaussianNoise.sigma(factor: settings.noiseFraction, of: tensor)
    guard !subjects.isEmpty else { return All(findings: [], noiseStandardDeviation: sigma) }

    let regions = subjects.map { network.region(ofPatient: $0.voxels, withMembers: aggregation.comparesParts) }
    cost(
      smoothGrad.cost(
        of: regions, classWeights: weights, model: model.network, channels: tensor.shape[0],
        spatialShape: Array(tensor.shape.dropFirst())))
    func features(_ index: Int, _ map: SaliencyMap) -> PeakFeatures {
      let rim = Rim.voxels(around: subjects[index].voxels, shape: grid.shape, affine: grid.affine, occupied: occupied)
      let inside = Set(map.region.voxels)
      return PeakFeatures(of: map, rim: network.networkIndices(ofPatient: rim).filter { !inside.contains($0) })
    }
    var found = [FindingExplanation?](repeating: nil, count: subjects.count)
    var scoring: [Int: PeakFeatures] = [:]
    try progress(0, settings.samples)
    try smoothGrad.explain(
      regions, classWeights: weights, of: model.network, at: tensor, earlyDraws: scoringDraws,
      progress: { try progress($0.completedDraws, $0.totalDraws) }, isCancelled: isCancelled,
      deliver: { index, map in
        let kept = KeptBox.of(
          map.values, in: map.box, around: map.region.voxels, spatialShape: map.spatialShape)
        found[index] = FindingExplanation(
          features: features(index, map), scoring: scoring[index],
          picture: network.picture(of: map, within: kept, patientAffine: grid.affine),
          stored: network.stored(map, within: kept),
          whole: settings.saveMaps ? network.stored(map, within: map.box) : nil, network: network, affine: grid.affine)
      }, deliverEarly: { scoring[$0] = features($0, $1) })
    return All(findings: found.map { $0! }, noiseStandardDeviation: sigma)
  }
}

extension RunSettings.Aggregation {
  var method: Aggregation {
    switch self {
    case .sum: .sum
    case .mean: .mean
    case .signedMax: .signedMax
    case .chunkedMax: .chunkedMax
    }
  }
}

extension RunSettings.Target {
  /// One coefficient per class of the model.
  func classWeights(of model: LoadedModel) throws -> [Float] {
    let scalar: ExplainedScalar = self == .logit ? .logit : .margin
    return try scalar.classWeights(lesionClass: model.lesionClass, classCount: model.classCount)
  }
}

extension ScoringFacts {
  init(_ features: PeakFeatures) {
    let (flair, mprage) = (features.channels[0], features.channels[1])
    self.init(
      draws: features.draws, flairHighest: Double(flair.highestInside.value),
      flairLowest: Double(flair.lowestInside.value), mprageHighest: Double(mprage.highestInside.value),
      mprageLowest: Double(mprage.lowestInside.value), flairSumPeak: features.flairSumPeak,
      flairShare: features.flairShare, signBalance: SignBalance(meanInside: flair.meanInside, meanRim: flair.meanInRim))
  }
}
