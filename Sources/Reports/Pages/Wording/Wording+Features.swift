import ErrorScore

extension Wording {
  /// A feature's name on a page.
  static func feature(_ feature: ScoreFeature) -> String {
    switch feature {
    case .flairPeak: "FLAIR peak"
    case .negativePeak: "minimum FLAIR saliency"
    case .mapMinimum: "minimum FLAIR saliency of the map"
    case .rimMean: "FLAIR rim mean"
    case .rimToPeak: "rim ÷ peak"
    case .rimBalance: "inside minus rim"
    case .mpragePeak: "MPRAGE peak"
    case .mprageRim: "MPRAGE rim mean"
    case .flairFraction: "FLAIR fraction"
    case .zeroCrossingMillimetres: "distance at which saliency turns negative"
    case .sampleAgreement: "agreement between noise samples"
    case .meanProbability: "mean probability"
    case .maximumProbability: "maximum probability"
    case .meanEntropy: "mean entropy"
    case .softDice: "soft Dice confidence"
    case .haloRatio: "halo ÷ inside probability"
    case .thresholdStability: "stability between thresholds"
    case .sampleStability: "stability over noise samples"
    case .volume: "volume"
    case .diameterMillimetres: "diameter"
    case .compactness: "compactness"
    case .slices: "slices"
    case .flairInside: "FLAIR intensity"
    case .mprageInside: "MPRAGE intensity"
    case .flairContrast: "FLAIR contrast to the surroundings"
    case .mprageContrast: "MPRAGE contrast to the surroundings"
    case .flairRingSpread: "unevenness of the surroundings on FLAIR"
    case .mprageRingSpread: "unevenness of the surroundings on MPRAGE"
    case .mirrorContrast: "FLAIR contrast to the other side"
    case .brainEdgeMillimetres: "distance to the brain's edge"
    case .ventricleMillimetres: "distance to the lateral ventricles"
    case .nearestLesionMillimetres: "distance to the nearest other lesion"
    }
  }
}
