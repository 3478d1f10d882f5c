import Statistics
import Volumes

/// Where a patient's fluid, grey and white matter lie on the MPRAGE, from the patient's own intensities.
///
/// Three classes of the brain's MPRAGE histogram with the largest variance between them (Otsu, IEEE Trans Syst Man
/// Cybern 1979, doi 10.1109/TSMC.1979.4310076), lesions left out.
struct TissueModes {
  /// Fluid lies below, white matter from here on.
  let greyFrom: Float
  let whiteFrom: Float
  /// Mean MPRAGE of fluid, grey and white matter, and their shares of the brain.
  let means: [Double]
  let shares: [Double]
  /// Median FLAIR of white matter.
  let whiteFlair: Float

  private static let bins = 128

  /// - Returns: nil where there are not three classes.
  init?(mprage: [Float], flair: [Float], brain: [Bool], lesion: [Bool]) {
    let values = brain.indices.filter { brain[$0] && !lesion[$0] }.map { mprage[$0] }
    guard values.count > 1000 else { return nil }
    let sorted = values.sorted()
    let top = sorted[min(sorted.count - 1, sorted.count * 995 / 1000)]
    guard top > 0 else { return nil }
    let n = Self.bins
    var (count, sum) = ([Double](repeating: 0, count: n + 1), [Double](repeating: 0, count: n + 1))
    for value in values {
      let bin = min(max(Int(saturating: value / top * Float(n)), 0), n - 1)
      count[bin + 1] += 1
      sum[bin + 1] += Double(bin) + 0.5
    }
    for bin in 1...n {
      count[bin] += count[bin - 1]
      sum[bin] += sum[bin - 1]
    }
    var best = (between: 0.0, a: 0, b: 0)
    for a in 1..<(n - 1) {
      for b in (a + 1)..<n {
        let cuts = [0, a, b, n]
        var between = 0.0
        for c in 0..<3 {
          let w = count[cuts[c + 1]] - count[cuts[c]]
          let s = sum[cuts[c + 1]] - sum[cuts[c]]
          if w > 0 { between += s * s / w }
        }
        if between > best.between { best = (between, a, b) }
      }
    }
    let cuts = [0, best.a, best.b, n]
    let weights = (0..<3).map { count[cuts[$0 + 1]] - count[cuts[$0]] }
    guard weights.allSatisfy({ $0 > 0 }) else { return nil }
    let scale = Double(top) / Double(n)
    means = (0..<3).map { (sum[cuts[$0 + 1]] - sum[cuts[$0]]) / weights[$0] * scale }
    shares = weights.map { $0 / count[n] }
    greyFrom = Float(Double(best.a) * scale)
    whiteFrom = Float(Double(best.b) * scale)
    let threshold = whiteFrom
    let white = brain.indices.filter { brain[$0] && !lesion[$0] && mprage[$0] >= threshold }.map { flair[$0] }
    guard let median = upperMedian(white) else { return nil }
    whiteFlair = median
  }

  /// Whether the contrast is that of an MPRAGE, and no class is a sliver.
  var isPlausible: Bool {
    let (fluid, grey) = (means[0] / means[2], means[1] / means[2])
    return LocationRule.fluidOverWhite.contains(fluid) && LocationRule.greyOverWhite.contains(grey) && whiteFlair > 0
      && shares.allSatisfy { $0 >= LocationRule.smallestClassShare }
  }
}
