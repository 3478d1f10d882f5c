/// What there is to show: a mask of another program comes with or without a probability and maps.
extension PatientResults {
  /// At least one finding has a saliency map, or a network was run that would have made them.
  package var hasMaps: Bool { external == nil || (lesions + candidates).contains(where: \.hasSaliency) }

  /// There is a lesion probability, so that missed lesions were looked for.
  package var looksForCandidates: Bool { external?.hasProbability ?? true }

  /// The peaks have Monte-Carlo standard errors.
  package var hasStandardErrors: Bool {
    (lesions + candidates).contains { $0.hasSaliency && $0.flair.insideHighest.standardError != nil }
  }
}

extension FindingFacts {
  package var hasProbability: Bool { meanProbability.isFinite }

  /// Mean saliency below which no sign is told: 2 % of the larger of inside and rim, or its Monte-Carlo error. The error of a mean is
  /// not kept; that of the peak, relative to the peak, stands for it.
  package var smallestMeanSaliency: Double {
    let largest = max(abs(signBalance.meanInside), abs(signBalance.meanRim ?? 0))
    let peak = flair.insideHighest
    let relative = peak.value == 0 ? 0 : abs((peak.standardError ?? 0) / peak.value)
    return largest * max(0.02, min(relative, 1))
  }
}
