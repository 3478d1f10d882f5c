import Results

/// What a self-test found, in words that count and do not praise.
extension Wording {
  static func inserted(_ kind: String) -> String {
    switch kind {
    case "lesion": "lesion"
    case "streak": "mimic: thin streak, FLAIR alone"
    case "spot": "mimic: spot, FLAIR alone"
    default: kind
    }
  }

  /// Length and width, or one diameter.
  static func size(_ thing: InsertedRecord) -> String {
    let (length, width) = (Formatting.fixed(thing.lengthMillimetres, 1), Formatting.fixed(thing.widthMillimetres, 1))
    return length == width ? length : "\(length) × \(width)"
  }

  static func outcome(_ thing: InsertedRecord) -> String {
    let isLesion = thing.kind == "lesion"
    switch thing.detectedAs {
    case "lesion": return isLesion ? "detected as lesion" : "detected as lesion (false positive)"
    case "candidate": return isLesion ? "detected as candidate only" : "detected as candidate"
    default: return isLesion ? "missed" : "not detected"
    }
  }

  /// In one line, for the summary.
  static func selfTestLine(_ test: SelfTestRecord) -> String {
    let (lesions, mimics) = (test.lesions, test.mimics)
    guard lesions.inserted + mimics.inserted > 0 else { return "nothing could be inserted into this scan" }
    return "\(lesions.asLesion) of \(Formatting.counted(lesions.inserted, "inserted lesion", "inserted lesions")) and "
      + "\(mimics.asLesion) of \(Formatting.counted(mimics.inserted, "mimic", "mimics")) detected"
  }

  static func selfTest(_ test: SelfTestRecord, calibrated: Bool) -> [String] {
    let (lesions, mimics) = (test.lesions, test.mimics)
    var sentences: [String] = []
    if lesions.inserted + mimics.inserted > 0 {
      sentences.append(
        "Of \(Formatting.counted(lesions.inserted, "inserted lesion", "inserted lesions")), \(lesions.asLesion) "
          + "\(lesions.asLesion == 1 ? "was" : "were") detected as lesion, \(lesions.asCandidate) as candidate only "
          + "and \(lesions.missed) missed. Of "
          + "\(Formatting.counted(mimics.inserted, "inserted mimic", "inserted mimics")), \(mimics.asLesion) "
          + "\(mimics.asLesion == 1 ? "was" : "were") detected as lesion (false positives), \(mimics.asCandidate) as "
          + "candidate and \(mimics.missed) not at all.")
      sentences.append(ranking(test.pairs.lesions, "lesion", first: "mimic", lesions.asLesion, mimics.asLesion))
      sentences.append(
        ranking(test.pairs.candidates, "candidate", first: "lesion", lesions.asCandidate, mimics.asCandidate))
      sentences.append(
        "The order is that of these findings among themselves, "
          + "\(calibrated ? "by the calibration of this report" : "uncalibrated as in this report"). " + contrast(test))
    }
    if let limitation = test.limitation {
      sentences.append(
        "\(Formatting.counted(lesions.wanted, "lesion", "lesions")) and "
          + "\(Formatting.counted(mimics.wanted, "mimic", "mimics")) were wanted: \(words(limitation, test)).")
    }
    return sentences
  }

  /// - Parameters:
  ///   - kind: `lesion` or `candidate`: what both things of a pair were detected as.
  ///   - first: which of them should be reviewed earlier.
  private static func ranking(
    _ pairs: SelfTestRecord.RankedPairs, _ kind: String, first: String, _ lesions: Int, _ mimics: Int
  ) -> String {
    guard pairs.count > 0 else {
      let absent =
        switch (lesions, mimics) {
        case (0, 0): "no inserted lesion and no mimic was"
        case (0, _): "no inserted lesion was"
        case (_, 0): "no mimic was"
        default: "one finding covers both and nothing else was"
        }
      return "Nothing to rank among things detected as \(kind): \(absent) detected as \(kind)."
    }
    return
      "In \(pairs.inOrder) of \(Formatting.counted(pairs.count, "pair", "pairs")) of an inserted lesion and a mimic, "
      + "both detected as \(kind), the \(first) is reviewed earlier, as it should be "
      + "(\(Formatting.percent(Double(pairs.inOrder) / Double(pairs.count))); half by chance)."
  }

  private static func contrast(_ test: SelfTestRecord) -> String {
    guard let contrast = test.contrast else { return "" }
    let origin =
      contrast.isOfFoundLesions
      ? "the median of the lesions found in this scan" : "a fixed value, as no lesion of this scan gave one"
    return "In FLAIR, inserted lesions and mimics are brighter than white matter by "
      + "\(Formatting.fixed(contrast.flairRobustDeviations, 1)) robust SD (1.4826 × MAD) of it (\(origin)); in MPRAGE, "
      + "lesions are darker by \(Formatting.fixed(-contrast.mprageRobustDeviations, 1))."
  }

  private static func words(_ limitation: SelfTestRecord.Limitation, _ test: SelfTestRecord) -> String {
    switch limitation {
    case .headShown: "nothing was inserted, because the images show the head; give a brain mask"
    case .noMPRAGE: "nothing was inserted, because white matter is told by an MPRAGE and there is none"
    case .noWhiteMatter: "nothing was inserted, because no white matter could be told by its intensities"
    case .noRoom:
      "white matter that looks even and lies \(Formatting.setting(test.clearanceMillimetres)) mm or more from findings "
        + "and other inserted things had no room for more"
    }
  }
}
