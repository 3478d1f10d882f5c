import Lesions
import Results
import Volumes

/// Looks whether FLAIR and MPRAGE may have been swapped.
///
/// Two rules, either of which warns. White matter, deep in the brain, is brighter than the cortex below its surface in
/// MPRAGE and slightly darker in FLAIR. MS lesions are bright in FLAIR and dark or alike in MPRAGE.
struct SwapCheck {
  /// Depths below the surface of the brain in mm: mostly cortex, mostly white matter.
  private static let shallowMillimetres: ClosedRange<Float> = 2...5
  private static let deepMillimetres: ClosedRange<Float> = 10...25
  /// Voxels darker than this many standard deviations below the mean in either image are taken for CSF.
  private static let darkest = -1.0
  /// Standard deviations by which deep minus shallow must be larger in FLAIR than in MPRAGE. Right way round it is
  /// smaller by 0.6 or more on the patients it was tried on.
  private static let margin = 0.2

  private let flair: [Double]
  private let mprage: [Double]
  private let scan: PatientScan

  /// Nil without two images, and for those that show the head, whose surface is skin.
  init?(_ scan: PatientScan) {
    guard !scan.showsHead, let second = scan.mprageVolume else { return nil }
    self.scan = scan
    flair = Self.standardised(scan.insideBrain(scan.flair.image.volume))
    mprage = Self.standardised(scan.insideBrain(second))
  }

  /// One warning, or nil.
  func warning(lesions: Components) -> Warning? {
    if whiteMatterIsBrighterInFLAIR { return Warning(.swappedByWhiteMatter, images: ["FLAIR", "MPRAGE"]) }
    let voxels = lesions.kept.flatMap { $0 }
    guard !voxels.isEmpty, mean(mprage, voxels) > mean(flair, voxels) else { return nil }
    return Warning(.swappedByLesions, images: ["FLAIR", "MPRAGE"])
  }

  var whiteMatterIsBrighterInFLAIR: Bool {
    let grid = scan.flair.image.volume
    let isBrain = zip(flair, mprage).map { !$0.isNaN && !$1.isNaN }
    let depth = DepthMap.chamfer(inside: isBrain, shape: grid.shape, affine: grid.affine)
    let tissue = depth.indices.filter { flair[$0] > Self.darkest && mprage[$0] > Self.darkest }
    let shallow = tissue.filter { Self.shallowMillimetres.contains(depth[$0]) }
    let deep = tissue.filter { Self.deepMillimetres.contains(depth[$0]) }
    guard !shallow.isEmpty, !deep.isEmpty else { return false }
    func contrast(_ image: [Double]) -> Double { mean(image, deep) - mean(image, shallow) }
    return contrast(flair) > contrast(mprage) + Self.margin
  }

  private func mean(_ image: [Double], _ voxels: [Int]) -> Double {
    voxels.reduce(0) { $0 + image[$1] } / Double(voxels.count)
  }

  /// Standard deviations from the mean of the non-zero voxels; NaN where the image is 0.
  private static func standardised(_ image: [Float]) -> [Double] {
    let values = image.lazy.filter { $0 != 0 }.map(Double.init)
    let mean = values.reduce(0, +) / Double(max(1, values.count))
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, values.count))).squareRoot()
    return image.map { $0 == 0 || deviation == 0 ? .nan : (Double($0) - mean) / deviation }
  }
}
