import Lesions

/// Looks whether FLAIR and MPRAGE may have been swapped.
enum ContrastCheck {
  /// A warning when lesions are brighter in MPRAGE than in FLAIR, nil otherwise or without lesions.
  ///
  /// MS lesions are bright in FLAIR and dark or alike in MPRAGE; the other way round the channels were most likely swapped.
  /// Intensities are z-scores `[D, H, W]` of one channel each.
  static func warning(
    flair: ArraySlice<Float>, mprage: ArraySlice<Float>, network: NetworkGrid, lesions: Components
  ) -> String? {
    let voxels = network.networkIndices(ofPatient: lesions.kept.flatMap { $0 })
    guard !voxels.isEmpty else { return nil }
    func mean(_ channel: ArraySlice<Float>) -> Double {
      voxels.reduce(0.0) { $0 + Double(channel[channel.startIndex + $1]) } / Double(voxels.count)
    }
    guard mean(mprage) > mean(flair) else { return nil }
    return "Lesions are brighter in MPRAGE than in FLAIR: the two images look swapped."
  }
}
