import Results

/// What a self-test found, in words that count and do not praise.
extension Wording {
  static func planted(_ kind: String) -> String {
    switch kind {
    case "lesion": "lesion"
    case "streak": "mimic: thin streak, FLAIR alone"
    case "spot": "mimic: spot, FLAIR alone"
    default: kind
    }
  }

  /// Length and width, or one diameter.
  static func size(_ thing: PlantedFacts) -> String {
    let (length, width) = (
      Formatting.fixed(thing.lengthMillimetres, 1), Formatting.fixed(thing.widthMillimetres, 1)
    )
    return length == width ? length : "\(length) × \(width)"
  }

  static func outcome(_ thing: PlantedFacts) -> String {
    let isLesion = thing.kind == "lesion"
    switch thing.markedAs {
    case "lesion": return isLesion ? "found as lesion" : "marked as lesion (false alarm)"
    case "candidate": return isLesion ? "found as candidate only" : "marked as candidate"
    default: return isLesion ? "not found" : "ignored"
    }
  }

  /// In one line, for the summary.
  static func selfTestLine(_ test: SelfTestFacts) -> String {
    let (lesions, mimics) = (test.lesions, test.mimics)
    guard lesions.planted + mimics.planted > 0 else { return "nothing could be planted in this scan" }
    return "\(lesions.asLesion) of \(Formatting.counted(lesions.planted, "planted lesion", "planted lesions")) found, "
      + "\(mimics.asLesion) of \(Formatting.counted(mimics.planted, "mimic", "mimics")) marked as lesion"
  }

  static func selfTest(_ test: SelfTestFacts, calibrated: Bool) -> [String] {
    let (lesions, mimics) = (test.lesions, test.mimics)
    var sentences: [String] = []
    if lesions.planted + mimics.planted > 0 {
      sentences.append(
        "Of \(Formatting.counted(lesions.planted, "planted lesion", "planted lesions")), \(lesions.asLesion) "
          + "\(lesions.asLesion == 1 ? "was" : "were") found as lesion, \(lesions.asCandidate) as candidate only and "
          + "\(lesions.notMarked) not at all. Of \(Formatting.counted(mimics.planted, "planted mimic", "planted mimics")), "
          + "\(mimics.asLesion) \(mimics.asLesion == 1 ? "was" : "were") marked as lesion (false alarms), "
          + "\(mimics.asCandidate) as candidate and \(mimics.notMarked) ignored.")
      sentences.append(
        ranking(
          test.lesionPairs, marked: "marked as lesion", first: "mimic", lesions: lesions.asLesion,
          mimics: mimics.asLesion))
      sentences.append(
        ranking(
          test.candidatePairs, marked: "marked as candidate", first: "lesion", lesions: lesions.asCandidate,
          mimics: mimics.asCandidate))
      sentences.append(
        "The order is that of these findings among themselves, "
          + "\(calibrated ? "by the calibration of this report" : "uncalibrated as in this report"). "
          + contrast(test))
    }
    if let limitation = test.limitation {
      sentences.append(
        "\(Formatting.counted(lesions.wanted, "lesion", "lesions")) and "
          + "\(Formatting.counted(mimics.wanted, "mimic", "mimics")) were wanted: \(limitation).")
    }
    return sentences
  }

  private static func ranking(
    _ pairs: SelfTestFacts.RankedPairs, marked: String, first: String, lesions: Int, mimics: Int
  ) -> String {
    guard pairs.count > 0 else {
      let absent =
        switch (lesions, mimics) {
        case (0, 0): "no planted lesion and no mimic was"
        case (0, _): "no planted lesion was"
        case (_, 0): "no mimic was"
        default: "one finding covers both and nothing else was"
        }
      return "Nothing to rank among things \(marked): \(absent) \(marked)."
    }
    return
      "In \(pairs.inOrder) of \(Formatting.counted(pairs.count, "pair", "pairs")) of a planted lesion and a mimic, both "
      + "\(marked), the \(first) is reviewed earlier, as it should be (\(Formatting.percent(Double(pairs.inOrder) / Double(pairs.count))); "
      + "half by chance)."
  }

  private static func contrast(_ test: SelfTestFacts) -> String {
    guard let contrast = test.contrast else { return "" }
    return
      "Planted things are \(Formatting.fixed(contrast.flairSpreads, 1)) robust standard deviations of white matter brighter in "
      + "FLAIR (\(contrast.isOfFoundLesions ? "the median of the lesions found in this scan" : "a fixed value, as no lesion of this scan gave one")), "
      + "lesions \(Formatting.fixed(-contrast.mprageSpreads, 1)) darker in MPRAGE."
  }
}
