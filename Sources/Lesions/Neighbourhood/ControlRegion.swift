import Statistics
public import Volumes

/// True-negative control regions: the shape of a lesion moved into healthy tissue.
///
/// Every voxel of a control region is brain and at least 5 mm (centre to centre) from reference, prediction and
/// candidates. This definition is the product's own; the paper's was not found. The same seed and shape give the same
/// region everywhere.
public struct ControlRegions: Sendable {
  private let shape: GridShape
  /// 1 where a control voxel may lie.
  private var allowed: [UInt8]
  private var allowedCount: Int
  private let clearance: [Neighbourhood.Offset]

  /// - Parameters:
  ///   - brain: non-zero in brain tissue.
  ///   - findings: linear indices of every voxel of reference, prediction and candidates; order and repetition do not
  ///     matter.
  ///   - clearanceMillimetres: voxels nearer than this to a finding are not allowed.
  public init(brain: Volume<UInt8>, awayFrom findings: some Sequence<Int>, clearanceMillimetres: Double = 5) {
    precondition(clearanceMillimetres > 0, "a clearance is a positive distance")
    shape = brain.shape
    allowed = brain.voxels.map { $0 != 0 ? 1 : 0 as UInt8 }
    clearance = Neighbourhood(withinMillimetres: clearanceMillimetres, affine: brain.affine).offsets.filter {
      $0.distanceMillimetres < clearanceMillimetres - Neighbourhood.toleranceMillimetres
    }
    allowedCount = 0
    keepAway(from: findings)
  }

  /// Leaves out what is nearer than the clearance to further voxels.
  public mutating func keepAway(from findings: some Sequence<Int>) {
    for index in findings {
      let voxel = shape.voxel(at: index)
      for offset in clearance {
        let near = voxel + offset.step
        if shape.contains(near) { allowed[shape.linearIndex(near)] = 0 }
      }
    }
    allowedCount = allowed.reduce(0) { $0 + Int($1) }
  }

  /// The lesion's shape at a seeded place, as ascending linear indices; nil when it fits nowhere.
  ///
  /// - Parameters:
  ///   - omega: the lesion's linear indices, ascending, not empty.
  ///   - seed: of the run.
  ///   - number: of the lesion, so that lesions of one run are moved independently of each other.
  public func region(shapedLike omega: [Int], seed: UInt64, number: Int) -> [Int]? {
    guard allowedCount >= omega.count else { return nil }
    let box = GridBox(enclosing: omega, shape: shape)
    let size = box.shape
    // Places of the bounding box inside the grid; a voxel keeps its offset from the box's corner.
    let places = GridShape(shape.ni - size.ni + 1, shape.nj - size.nj + 1, shape.nk - size.nk + 1)
    let corner = shape.linearIndex(box.lower)
    let offsets = omega.map { $0 - corner }
    func moved(to place: Int) -> [Int]? {
      let base = shape.linearIndex(places.voxel(at: place))
      guard offsets.allSatisfy({ allowed[base + $0] != 0 }) else { return nil }
      return offsets.map { base + $0 }
    }
    var random = SplitMix64(seed: seed, stream: UInt64(number))
    for _ in 0..<1000 { if let region = moved(to: random.next(below: places.voxelCount)) { return region } }
    // Room is scarce: look everywhere, from a drawn start.
    let start = random.next(below: places.voxelCount)
    for step in 0..<places.voxelCount {
      if let region = moved(to: (start + step) % places.voxelCount) { return region }
    }
    return nil
  }
}
