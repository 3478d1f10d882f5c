import Checkpoints
import ErrorScore
package import Lesions
import Networks
package import Results
package import Saliency
package import Volumes

/// Instance SmoothGrad of findings, or of any other regions of a scan, by the settings of the run.
package struct Explanation {
  /// Most that the maps that are made together take.
  package static let memoryBudgetBytes = 2 << 30

  package let model: LoadedModel
  package let settings: RunSettings
  package let input: NetworkInput
  /// Of the patient's grid.
  package let affine: Affine
  /// 1 in every voxel of a lesion, on the patient's grid; rims leave these out.
  package let occupied: [UInt8]
  /// Of the calibration, if error scores are made of as many noise samples and no more.
  package var scoringSamples: Int?

  /// - Parameters:
  ///   - isCancelled: asked before every noise sample.
  ///   - cost: told how many passes of the network it takes, before the first.
  ///   - progress: samples done and in total, and the finding that a gradient was just taken for.
  /// - Returns: in the order of the findings.
  package func explain(
    _ findings: [Finding], savingWholeMaps: Bool, isCancelled: () -> Bool, cost: (SaliencyCost) -> Void,
    progress: (Int, Int, FindingID?) throws -> Void
  ) throws -> [ExplainedFinding] {
    let aggregation = settings.aggregation
    let smoothGrad = SmoothGrad(
      settings: try SmoothGradSettings(
        samples: settings.samples, noiseFactor: settings.noiseFraction, seed: settings.seed, aggregation: aggregation,
        stopping: try settings.stopping), memoryBudgetBytes: Self.memoryBudgetBytes, threads: model.threads)
    let weights = try settings.target.classWeights(of: model)
    guard !findings.isEmpty else { return [] }
    let (network, tensor) = (input.grid, input.standardised)
    let function = input.function(of: model.network)
    let regions = findings.map { network.region(ofPatient: $0.voxels, withMembers: aggregation.comparesParts) }
    cost(
      smoothGrad.cost(
        of: regions, classWeights: weights, model: function, channels: tensor.shape[0],
        spatialShape: Array(tensor.shape.dropFirst())))
    let surroundings = findings.map {
      Surroundings(of: $0.voxels, shape: network.patientShape, affine: affine, occupied: occupied)
    }
    var watched = zip(findings, surroundings).map { finding, around in
      WatchedFinding(
        finding, around, occupied: occupied, network: network,
        threshold: finding.id.kind == .candidate ? settings.candidateThreshold : model.threshold)
    }
    func record(_ index: Int, _ map: SaliencyMap) -> SaliencyRecord {
      let rim = Rim.voxels(
        around: findings[index].voxels, shape: network.patientShape, affine: affine, occupied: occupied)
      let inside = Set(map.region.voxels)
      let features = PeakFeatures(of: map, rim: network.networkIndices(ofPatient: rim).filter { !inside.contains($0) })
      var record = SaliencyRecord(features, network: network, affine: affine)
      record.add(SurroundingMap(map, surroundings[index], network: network), peaks: features)
      record.features?[.sampleStability] = watched[index].stability.value
      return record
    }
    var found = [ExplainedFinding?](repeating: nil, count: findings.count)
    var scoring: [Int: ScoringRecord] = [:]
    try progress(0, settings.samples, nil)
    try smoothGrad.explain(
      regions, classWeights: weights, of: function, at: tensor,
      besides: SmoothGrad.Besides(
        early: scoringSamples.map {
          SmoothGrad.EarlyMaps(samples: $0) { index, map in
            scoring[index] = ScoringRecord(samples: map.samples, saliency: RegionSaliency(record(index, map)))
          }
        },
        logits: SmoothGrad.SampleLogits(at: watched.map(\.voxels)) { index, logits in
          watched[index].add(logits, by: model)
        }),
      progress: { place in
        try progress(place.completedSamples, place.totalSamples, place.currentRegion.map { findings[$0].id })
      }, isCancelled: isCancelled,
      deliver: { index, map in
        let kept = KeptBox.of(map.values, in: map.box, around: map.region.voxels, spatialShape: map.spatialShape)
        var saliency = record(index, map)
        saliency.scoring = scoring[index]
        found[index] = ExplainedFinding(
          saliency: saliency, picture: network.picture(of: map, within: kept, patientAffine: affine),
          stored: network.stored(map, within: kept), whole: savingWholeMaps ? network.stored(map, within: map.box) : nil
        )
      })
    return found.map { $0! }
  }
}

extension RunSettings {
  /// When a finding has been sampled often enough; nil: always after ``samples``.
  package var stopping: StoppingRule? { get throws { try relativeError.map { try StoppingRule(relativeError: $0) } } }

  /// Fewest noise samples that a finding may get.
  package var fewestSamples: Int { get throws { min(samples, try stopping?.minimumSamples ?? samples) } }
}

extension ExplainedScalar {
  /// One coefficient per class of the model. The logit of a sigmoid is the log-odds of the lesion already: there is no
  /// other to subtract.
  func classWeights(of model: LoadedModel) throws -> [Float] {
    if model.isSigmoid {
      return try ExplainedScalar.logit.classWeights(lesionClass: model.lesionClass, classCount: model.classCount)
    }
    return try classWeights(lesionClass: model.lesionClass, classCount: model.classCount)
  }
}
