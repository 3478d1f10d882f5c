import Volumes

/// The tissues of one brain that locations are inferred from.
struct LocationMap: Sendable {
  let head: HeadView
  let ventricles: LateralVentricles
  let lesion: [Bool]
  private let white: [Bool]
  private let cortex: [Bool]
  /// Nil where no pons is in the image.
  private let regions: BrainRegions?

  /// - Throws: why the ventricles are not to be trusted.
  init(_ head: HeadView, _ modes: TissueModes, lesion: [Bool]) throws(LocationLimitation) {
    self.head = head
    self.lesion = lesion
    let depth = DepthMap.chamfer(inside: head.brain, shape: head.shape, affine: head.affine)
    let dark = modes.whiteFlair * LocationRule.darkOnFlair
    let fluid = head.brain.indices.map {
      head.brain[$0] && !lesion[$0] && head.mprage[$0] < modes.greyFrom && head.flair[$0] < dark
    }
    ventricles = try LateralVentricles(in: head, fluid: fluid, depth: depth)
    let white = head.brain.indices.map { head.brain[$0] && head.mprage[$0] >= modes.whiteFrom && !lesion[$0] }
    let grey = head.brain.indices.map {
      head.brain[$0] && !lesion[$0] && head.mprage[$0] >= modes.greyFrom && head.mprage[$0] < modes.whiteFrom
    }
    self.white = white
    // A lesion is a way through white matter as well.
    regions = BrainRegions(in: head, white: white.indices.map { white[$0] || lesion[$0] }, ventricles: ventricles)
    let narrow = modes.greyFrom + LocationRule.sulcusDarkness * (Float(modes.means[1]) - modes.greyFrom)
    let sulcus = head.brain.indices.map { head.brain[$0] && !lesion[$0] && head.mprage[$0] < narrow }
    cortex = Cortex.voxels(in: head, grey: grey, sulcus: sulcus, lesion: lesion, ventricles: ventricles, depth: depth)
  }

  /// - Parameter voxels: linear indices of the stored grid.
  func location(of voxels: [Int]) -> LesionLocation {
    let here = voxels.compactMap { head.index(ofStored: $0) }
    guard !here.isEmpty else { return .notAssessed }
    let around = surroundings(of: here)
    let region = region(of: here, around)
    if region == .infratentorial { return .infratentorial }
    // The lateral ventricles lie above the tentorium, whatever the surroundings leave open.
    if touches(here, ventricles.voxels) { return .periventricular }
    guard region == .hemispheres else { return .notAssessed }
    if touches(here, cortex) { return .juxtacortical }
    let tissue = around.filter { !lesion[$0] }
    let share = Double(tissue.count { white[$0] }) / Double(max(1, tissue.count))
    return share >= LocationRule.whiteShare ? .deepWhiteMatter : .notAssessed
  }

  /// Hemispheres or below the tentorium; nil where it is not settled.
  private func region(of voxels: [Int], _ around: [Int]) -> BrainRegions.Region? {
    guard let regions else {
      let lowest = voxels.map { Double(head.shape.voxel(at: $0).k) }.min()!
      let below = (ventricles.centre[2] - lowest) * head.spacing[2]
      return below <= LocationRule.surelyAbove ? .hemispheres : nil
    }
    var counts = [0, 0, 0, 0]
    for n in around { counts[Int(regions.labels[n].rawValue)] += 1 }
    let labelled = Double(counts[1] + counts[2] + counts[3])
    guard labelled > 0 else { return nil }
    if Double(counts[1]) >= LocationRule.agreement * labelled { return .hemispheres }
    return Double(counts[2]) >= LocationRule.agreement * labelled ? .infratentorial : nil
  }

  /// The finding and all voxels of the brain near it, ascending.
  private func surroundings(of voxels: [Int]) -> [Int] {
    var isNear = [Bool](repeating: false, count: head.shape.voxelCount)
    var found: [Int] = []
    head.forEachNeighbour(of: voxels, head.steps(within: LocationRule.surroundings)) {
      if !isNear[$0], head.brain[$0] {
        isNear[$0] = true
        found.append($0)
      }
    }
    return found.sorted()
  }

  /// Whether a voxel of the finding lies within contact of a member.
  private func touches(_ voxels: [Int], _ members: [Bool]) -> Bool {
    let steps = head.steps(within: Double(LocationRule.contact(longestEdge: head.spacing.max()!)))
    var found = false
    head.forEachNeighbour(of: voxels, steps) { if members[$0] { found = true } }
    return found
  }
}
