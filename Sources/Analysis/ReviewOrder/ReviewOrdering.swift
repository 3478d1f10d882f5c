package import ErrorScore
import Lesions
package import Results
package import Saliency

/// The review order of a patient's findings: by the probabilities of a calibration, else by the best that there is.
package struct ReviewOrdering {
  package let basis: OrderBasis
  /// The numbers of ``OrderBasis/saliency``; nil for any other basis.
  package let features: UncalibratedOrder?
  package let entries: [ReviewEntry]
  /// Nil without a calibration.
  package let calibration: CalibrationUse?
  package let warnings: [Warning]

  /// Without a calibration findings are ordered by the saliency of the `sum` map (``UncalibratedOrder``), or of the
  /// run's own map where that is neither sum nor mean; where a finding has no map of a network, by given maps, mean
  /// probability or size. A calibration scores the features that it was fitted on.
  ///
  /// - Parameters:
  ///   - aggregation: of the maps of a network.
  ///   - external: what is known of a mask that no network made; nil for one of a network.
  ///   - patientIsSynthetic: as the data set says.
  ///   - scanner: from the sidecar of the patient's FLAIR.
  ///   - flairDigest: SHA-256 of the patient's FLAIR file.
  package init(
    _ findings: [FindingRecord], aggregation: Aggregation, external: ExternalSegmentation? = nil,
    calibration: LoadedCalibration?, patientIsSynthetic: Bool, scanner: ScannerIdentity? = nil, flairDigest: String
  ) throws {
    guard let calibration, external == nil else {
      let basis: OrderBasis =
        if let external {
          // Small lesions are the likelier errors.
          external.hasSaliency ? .givenPeak : external.hasProbability ? .meanProbability : .volume
        } else { .saliency }
      self.basis = basis
      features = basis == .saliency ? .byEvidence : nil
      entries = try ReviewOrder(
        uncalibrated: findings.map {
          RankedFinding(
            finding: $0.id, value: basis == .saliency ? Self.likeness($0, aggregation) : Self.value($0, basis))
        }
      ).entries
      (self.calibration, warnings) = (nil, [])
      return
    }
    let judged = try findings.map { finding in
      guard let features = RegionFeatures(scoring: finding, aggregation: aggregation) else {
        throw ErrorScoreError.notANumber(what: "saliency of \(finding.id)")
      }
      return (id: finding.id, features: features, model: calibration.calibration.kind(finding.kind).model)
    }
    let order = try ReviewOrder(
      calibrated: judged.map { RankedFinding(finding: $0.id, value: $0.model.probability(of: $0.features)) })
    (basis, features) = (.errorScore, nil)
    entries = order.entries
    let use = CalibrationUse(
      calibration.calibration, sha256: calibration.sha256, order: order,
      extrapolated: judged.filter { !$0.model.extrapolated($0.features).isEmpty }.map(\.id), flairDigest: flairDigest,
      scoringSamples: findings.compactMap(\.saliency?.scoring?.samples).first,
      unlike: CalibrationKinship.unlike(
        calibration.calibration.cohort, patientIsSynthetic: patientIsSynthetic, scanner: scanner,
        features: judged.map { ($0.features, $0.model) }))
    self.calibration = use
    warnings = calibration.warnings(use, samples: findings.compactMap(\.saliency?.samples).max() ?? 0)
  }

  /// NaN without a map, which is refused.
  private static func likeness(_ finding: FindingRecord, _ aggregation: Aggregation) -> Double {
    let order = UncalibratedOrder.byEvidence
    let feature = finding.kind == .lesion ? order.lesions : order.candidates
    guard let region = RegionFeatures(finding, aggregation: aggregation), let peak = finding.saliency?.flairSumPeak
    else { return .nan }
    return UncalibratedOrder.likeness(feature == .flairPeak ? peak.value : feature.value(of: region), by: feature)
  }

  private static func value(_ finding: FindingRecord, _ basis: OrderBasis) -> Double {
    switch basis {
    case .errorScore, .saliency, .flairSumPeak: .nan
    case .givenPeak: finding.saliency?.flair.inside.maximum.value ?? .nan
    case .meanProbability: finding.measurements.probability?.mean ?? .nan
    case .volume: finding.measurements.volumeMillimetres3
    }
  }
}

extension RegionFeatures {
  /// The whole map of a finding; nil without map or probability.
  package init?(_ finding: FindingRecord, aggregation: Aggregation) {
    guard let saliency = finding.saliency else { return nil }
    self.init(
      RegionSaliency(saliency), aggregation: aggregation.rawValue, measurements: finding.measurements,
      measured: finding.features)
  }

  /// What a calibration judges: the finding after as many noise samples as the calibrating cohort had.
  init?(scoring finding: FindingRecord, aggregation: Aggregation) {
    guard let scored = finding.saliency?.scoring?.saliency else {
      self.init(finding, aggregation: aggregation)
      return
    }
    self.init(scored, aggregation: aggregation.rawValue, measurements: finding.measurements, measured: finding.features)
  }

  package init?(_ region: ControlRecord.Region, aggregation: Aggregation) {
    self.init(RegionSaliency(region.saliency), aggregation: aggregation.rawValue, measurements: region.measurements)
  }
}
