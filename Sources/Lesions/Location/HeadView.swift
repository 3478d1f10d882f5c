import Volumes

/// A patient's brain in one standing: axes to right, anterior and superior, cropped, with one voxel of air around it.
///
/// Everything about location is worked out here, so that the stored order of the axes cannot change an answer.
struct HeadView: Sendable {
  let shape: GridShape
  /// Voxel edges in mm along right, anterior and superior.
  let spacing: [Double]
  let flair: [Float]
  let mprage: [Float]
  /// Inside the brain's surface, holes filled.
  let brain: [Bool]
  /// Slices along each axis between which the brain lies, crumbs of less than 1 cm² left out.
  let extent: [ClosedRange<Int>]

  private let reorientation: Reorientation
  private let stored: GridShape
  /// The view in the reoriented grid; its rim may lie outside.
  private let box: GridBox

  /// - Returns: nil where the mask is empty.
  init?(flair: Volume<Float>, mprage: Volume<Float>, brainMask: Volume<UInt8>) {
    stored = flair.shape
    reorientation = Reorientation(from: flair.orientation, to: Orientation(code: "RAS")!)
    let mask = reorientation.applied(to: brainMask)
    let (fluidDark, anatomy) = (reorientation.applied(to: flair), reorientation.applied(to: mprage))
    let full = mask.shape
    guard let brainBox = GridBox(enclosing: mask) else { return nil }
    let (a, b, c) = mask.affine.spacingMillimetres
    spacing = [a, b, c]
    box = brainBox.expanded(by: VoxelIndex(1, 1, 1))
    let size = box.shape
    shape = size
    let inner = GridBox(lower: VoxelIndex(1, 1, 1), upper: VoxelIndex(size.ni - 1, size.nj - 1, size.nk - 1))
    let rows = Array(zip(inner.rows(in: size), brainBox.rows(in: full)))
    func view<Value>(_ volume: [Value], outside: Value) -> [Value] {
      var values = [Value](repeating: outside, count: size.voxelCount)
      for (to, from) in rows { values.replaceSubrange(to, with: volume[from]) }
      return values
    }
    self.flair = view(fluidDark.voxels, outside: 0)
    self.mprage = view(anatomy.voxels, outside: 0)
    let inMask = view(mask.voxels, outside: 0).map { $0 != 0 }
    brain = Holes.filled(inMask, shape: size)
    extent = (0..<3).map { HeadView.extent(of: inMask, along: $0, size, [a, b, c]) }
  }

  private static func extent(of brain: [Bool], along axis: Int, _ shape: GridShape, _ spacing: [Double]) -> ClosedRange<
    Int
  > {
    let sizes = [shape.ni, shape.nj, shape.nk]
    var counts = [Int](repeating: 0, count: sizes[axis])
    let stride = [1, shape.ni, shape.ni * shape.nj][axis]
    for n in brain.indices where brain[n] { counts[n / stride % sizes[axis]] += 1 }
    let area = spacing.enumerated().reduce(1) { $1.offset == axis ? $0 : $0 * $1.element }
    let broad = counts.indices.filter { Double(counts[$0]) * area >= 100 }
    return (broad.first ?? 0)...(broad.last ?? sizes[axis] - 1)
  }

  var affine: Affine { .scaling(spacing[0], spacing[1], spacing[2]) }
  var voxelMillilitres: Double { spacing[0] * spacing[1] * spacing[2] / 1000 }

  /// Index here of a voxel of the stored grid; nil outside the brain's box.
  func index(ofStored linear: Int) -> Int? {
    box.index(of: reorientation.applied(to: stored.voxel(at: linear), of: stored))
  }

  /// Linear index on the stored grid of every member here; the rim of air has none.
  func storedIndices(of members: [Bool]) -> [Int] {
    let (back, canonical) = (reorientation.inverse, reorientation.applied(to: stored))
    return members.indices.filter { members[$0] }.compactMap { n in
      let there = box.voxel(at: n)
      guard canonical.contains(there) else { return nil }
      return stored.linearIndex(back.applied(to: there, of: canonical))
    }
  }

  /// Steps to the voxels whose centre lies within `distance` mm, the voxel itself included.
  func steps(within distance: Double) -> [VoxelIndex] {
    // Edges are those of the file's header; 1e-6 mm² more allow for their rounding, no more.
    let radius = (distance * distance + 1e-6).squareRoot()
    return Neighbourhood(withinMillimetres: radius, affine: affine, toleranceMillimetres: 0).offsets.map(\.step)
  }

  /// All voxels at these steps from any of `voxels`, inside the view; repeated where steps meet.
  func forEachNeighbour(of voxels: [Int], _ steps: [VoxelIndex], _ body: (Int) -> Void) {
    for n in voxels {
      let v = shape.voxel(at: n)
      for step in steps {
        let near = v + step
        if shape.contains(near) { body(shape.linearIndex(near)) }
      }
    }
  }
}
