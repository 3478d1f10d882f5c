import Volumes

/// A patient's brain in one standing: axes to right, anterior and superior, cropped, with one voxel of air around it.
///
/// Everything about place is worked out here, so that the stored order of the axes cannot change an answer.
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
  private let lower: VoxelIndex

  /// - Returns: nil where the mask is empty.
  init?(flair: Volume<Float>, mprage: Volume<Float>, brainMask: Volume<UInt8>) {
    stored = flair.shape
    reorientation = Reorientation(from: flair.orientation, to: Orientation(code: "RAS")!)
    let mask = reorientation.applied(to: brainMask)
    let (fluidDark, anatomy) = (reorientation.applied(to: flair), reorientation.applied(to: mprage))
    let full = mask.shape
    guard let box = GridBox(enclosing: mask) else { return nil }
    let (a, b, c) = mask.affine.spacingMillimetres
    spacing = [a, b, c]
    let corner = VoxelIndex(box.lower.i - 1, box.lower.j - 1, box.lower.k - 1)
    lower = corner
    let size = GridShape(box.shape.ni + 2, box.shape.nj + 2, box.shape.nk + 2)
    shape = size
    func view<Value>(_ volume: [Value], outside: Value) -> [Value] {
      var values = [Value](repeating: outside, count: size.voxelCount)
      for k in box.lower.k..<box.upper.k {
        for j in box.lower.j..<box.upper.j {
          for i in box.lower.i..<box.upper.i {
            let from = full.linearIndex(VoxelIndex(i, j, k))
            values[size.linearIndex(VoxelIndex(i - corner.i, j - corner.j, k - corner.k))] = volume[from]
          }
        }
      }
      return values
    }
    self.flair = view(fluidDark.voxels, outside: 0)
    self.mprage = view(anatomy.voxels, outside: 0)
    let inMask = view(mask.voxels, outside: 0).map { $0 != 0 }
    brain = Holes.filled(inMask, shape: size)
    extent = (0..<3).map { HeadView.extent(of: inMask, along: $0, size, [a, b, c]) }
  }

  private static func extent(of brain: [Bool], along axis: Int, _ shape: GridShape, _ spacing: [Double])
    -> ClosedRange<Int>
  {
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
    let v = reorientation.applied(to: stored.voxel(at: linear), of: stored)
    let here = VoxelIndex(v.i - lower.i, v.j - lower.j, v.k - lower.k)
    return shape.contains(here) ? shape.linearIndex(here) : nil
  }

  /// Linear index on the stored grid of every member here; the rim of air has none.
  func storedIndices(of members: [Bool]) -> [Int] {
    let (back, canonical) = (reorientation.inverse, reorientation.applied(to: stored))
    return members.indices.filter { members[$0] }.compactMap { n in
      let v = shape.voxel(at: n)
      let there = VoxelIndex(v.i + lower.i, v.j + lower.j, v.k + lower.k)
      guard canonical.contains(there) else { return nil }
      return stored.linearIndex(back.applied(to: there, of: canonical))
    }
  }

  /// Steps to the voxels whose centre lies within `distance` mm, the voxel itself included.
  func steps(within distance: Double) -> [(i: Int, j: Int, k: Int)] {
    let reach = spacing.map { Int(distance / $0) }
    var found: [(i: Int, j: Int, k: Int)] = []
    for k in -reach[2]...reach[2] {
      for j in -reach[1]...reach[1] {
        for i in -reach[0]...reach[0] {
          let d = [Double(i) * spacing[0], Double(j) * spacing[1], Double(k) * spacing[2]]
          if d[0] * d[0] + d[1] * d[1] + d[2] * d[2] <= distance * distance + 1e-6 { found.append((i, j, k)) }
        }
      }
    }
    return found
  }

  /// All voxels at these steps from any of `voxels`, inside the view; repeated where steps meet.
  func forEachNeighbour(of voxels: [Int], _ steps: [(i: Int, j: Int, k: Int)], _ body: (Int) -> Void) {
    for n in voxels {
      let v = shape.voxel(at: n)
      for step in steps {
        let (i, j, k) = (v.i + step.i, v.j + step.j, v.k + step.k)
        guard i >= 0, j >= 0, k >= 0, i < shape.ni, j < shape.nj, k < shape.nk else { continue }
        body(i + shape.ni * (j + shape.nj * k))
      }
    }
  }
}
