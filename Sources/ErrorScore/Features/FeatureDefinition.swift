/// What a feature is besides its value: `docs/features.md` has the formula and the source of each.
public struct FeatureDefinition: Hashable, Sendable {
  public enum Unit: String, Hashable, Sendable {
    /// Logit per standard deviation of the non-zero intensities.
    case saliency
    case millimetres
    case millimetres3
    /// Robust standard deviations of the patient's own brain (1.4826 × MAD).
    case brainDeviations
    case nats
    case count
    /// A probability, a ratio or a correlation.
    case none
  }

  /// The fixed scale on which an error model is linear: strictly increasing, so that no order changes.
  public enum Scale: Hashable, Sendable {
    case identity
    /// Inverse hyperbolic sine, for what spans orders of magnitude on both sides of zero.
    case asinh
    /// Of what is above 0.
    case logarithm
    /// Of a probability, held off 0 and 1 by 1e-6.
    case logOdds
  }

  /// Which way a value is expected to speak, before any fit.
  public enum Sign: Int, Hashable, Sendable {
    /// The higher, the likelier a lesion.
    case lesion = 1
    /// The higher, the less likely a lesion.
    case noLesion = -1
    case open = 0
  }

  public let unit: Unit
  public let scale: Scale
  public let sign: Sign

  init(_ unit: Unit, _ scale: Scale, _ sign: Sign) {
    self.unit = unit
    self.scale = scale
    self.sign = sign
  }
}

extension ScoreFeature {
  public var definition: FeatureDefinition {
    switch self {
    case .flairPeak, .rimBalance: .init(.saliency, .asinh, .lesion)
    case .negativePeak, .mpragePeak, .mprageRim: .init(.saliency, .asinh, .open)
    case .mapMinimum, .rimMean: .init(.saliency, .asinh, .noLesion)
    case .rimToPeak: .init(.none, .asinh, .noLesion)
    case .flairFraction: .init(.none, .identity, .open)
    case .zeroCrossingMillimetres: .init(.millimetres, .identity, .noLesion)
    case .sampleAgreement, .sampleStability, .thresholdStability: .init(.none, .identity, .lesion)
    case .volume: .init(.millimetres3, .logarithm, .lesion)
    case .diameterMillimetres: .init(.millimetres, .asinh, .lesion)
    case .compactness: .init(.none, .identity, .open)
    case .slices: .init(.count, .logarithm, .lesion)
    case .meanProbability, .maximumProbability, .softDice: .init(.none, .logOdds, .lesion)
    case .meanEntropy: .init(.nats, .identity, .noLesion)
    case .haloRatio: .init(.none, .asinh, .noLesion)
    case .flairInside, .flairContrast: .init(.brainDeviations, .identity, .lesion)
    case .mprageInside, .mprageContrast: .init(.brainDeviations, .identity, .noLesion)
    case .flairRingSpread, .mprageRingSpread: .init(.brainDeviations, .identity, .noLesion)
    case .mirrorContrast: .init(.brainDeviations, .identity, .lesion)
    case .brainEdgeMillimetres: .init(.millimetres, .asinh, .lesion)
    case .ventricleMillimetres: .init(.millimetres, .asinh, .noLesion)
    case .nearestLesionMillimetres: .init(.millimetres, .asinh, .open)
    }
  }
}
