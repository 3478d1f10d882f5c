import Statistics
public import Volumes

/// Where findings lie in one patient's brain, judged from FLAIR and MPRAGE alone: no atlas, no registration.
///
/// Either the images allow a judgement, or ``notAssessed`` says why not and every finding is `notAssessed`. The rule
/// and what it cannot do are in `docs/location.md`; its constants are in `LocationRule`.
public struct BrainLocations: Sendable {
  /// Why nothing is assessed; nil where findings are.
  public let notAssessed: LocationLimitation?
  /// Volume of the lateral ventricles in ml as far as they were found.
  public let ventriclesMillilitres: Double?
  private let map: LocationMap?

  /// - Parameters:
  ///   - flair: brain-extracted.
  ///   - mprage: on the grid of the FLAIR; without one nothing is assessed.
  ///   - brainMask: 0 outside the brain, on the same grid.
  ///   - findings: linear indices of all lesions and candidates: no evidence for a tissue.
  ///   - showsHead: the skull was not removed.
  /// - Throws: ``LesionsError/shapesDiffer(what:expected:found:)``.
  public init(
    flair: Volume<Float>, mprage: Volume<Float>?, brainMask: Volume<UInt8>, findings: [[Int]], showsHead: Bool
  ) throws(LesionsError) {
    if let mprage { try LesionsError.requireSameShape("MPRAGE", mprage.shape, as: flair.shape) }
    try LesionsError.requireSameShape("brain mask", brainMask.shape, as: flair.shape)
    switch Self.assess(flair, mprage, brainMask, findings, showsHead) {
    case .success(let map):
      self.map = map
      notAssessed = nil
      ventriclesMillilitres = map.ventricles.millilitres
    case .failure(let reason):
      map = nil
      notAssessed = reason
      ventriclesMillilitres = nil
    }
  }

  private static func assess(
    _ flair: Volume<Float>, _ mprage: Volume<Float>?, _ brainMask: Volume<UInt8>, _ findings: [[Int]], _ showsHead: Bool
  ) -> Result<LocationMap, LocationLimitation> {
    guard let mprage else { return .failure(.init(.noMPRAGE)) }
    if showsHead { return .failure(.init(.showsHead)) }
    let (a, b, c) = flair.affine.spacingMillimetres
    guard max(a, b, c) <= LocationRule.longestEdge + 0.01 else { return .failure(.init(.thickVoxels)) }
    let inside = brainMask.voxels.count { $0 != 0 }
    let millilitres = Double(inside) * flair.affine.voxelVolumeMillimetres3 / 1000
    guard LocationRule.brainMillilitres.contains(millilitres) else {
      return .failure(.init(.brainVolume, millilitres: millilitres))
    }
    guard let head = HeadView(flair: flair, mprage: mprage, brainMask: brainMask) else {
      return .failure(.init(.emptyBrainMask))
    }
    var lesion = [Bool](repeating: false, count: head.shape.voxelCount)
    for voxel in findings.joined() { if let n = head.index(ofStored: voxel) { lesion[n] = true } }
    guard let modes = TissueModes(mprage: head.mprage, flair: head.flair, brain: head.brain, lesion: lesion),
      modes.isPlausible
    else { return .failure(.init(.tissuesAlike)) }
    do throws(LocationLimitation) { return .success(try LocationMap(head, modes, lesion: lesion)) } catch {
      return .failure(error)
    }
  }

  /// Location of one finding, `voxels` as linear indices of the stored grid.
  public func location(of voxels: [Int]) -> LesionLocation { map?.location(of: voxels) ?? .notAssessed }

  /// Linear indices of the lateral ventricles on the stored grid, ascending; empty where nothing is assessed.
  public var ventricleVoxels: [Int] { map.map { $0.head.storedIndices(of: $0.ventricles.voxels).sorted() } ?? [] }
}
