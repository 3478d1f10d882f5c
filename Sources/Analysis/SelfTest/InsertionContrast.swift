import Statistics

/// How bright and dark inserted objects are, added to the intensities that are there, so that noise and texture stay.
struct InsertionContrast: Equatable {
  /// Voxels of found lesions from which on their intensities are used.
  static let fewestVoxels = 20
  /// Spreads of white matter, where found lesions do not say.
  static let flairSpreads: Float = 4
  static let mprageSpreads: Float = -3

  /// Added to FLAIR, in the unit of the image.
  let flair: Float
  /// Added to MPRAGE inside inserted lesions, in the unit of the image; negative.
  let mprage: Float
  /// ``flair`` is that of the lesions found in this scan.
  let isOfFoundLesions: Bool

  /// Medians of the found lesions against white matter. FLAIR counts when it is at least two spreads brighter, MPRAGE
  /// when it is at least one darker; otherwise fixed multiples of the spread.
  ///
  /// - Parameters:
  ///   - flair: and `mprage`: intensities of all voxels of the found lesions.
  init(_ white: WhiteMatter, flair: [Float], mprage: [Float]) {
    self.init(whiteFlair: white.flair, whiteMPRAGE: white.mprage, flair: flair, mprage: mprage)
  }

  init(whiteFlair: IntensityLevel, whiteMPRAGE: IntensityLevel, flair: [Float], mprage: [Float]) {
    let isEnough = flair.count >= Self.fewestVoxels
    let bright = isEnough ? upperMedian(flair)! - whiteFlair.median : 0
    let dark = isEnough ? upperMedian(mprage)! - whiteMPRAGE.median : 0
    isOfFoundLesions = bright >= 2 * whiteFlair.spread
    self.flair = isOfFoundLesions ? bright : Self.flairSpreads * whiteFlair.spread
    self.mprage = isOfFoundLesions && dark <= -whiteMPRAGE.spread ? dark : Self.mprageSpreads * whiteMPRAGE.spread
  }
}
