/// Which voxels are neighbours.
public enum Connectivity: Sendable {
  /// 6 neighbours: one index differs by one.
  case faces
  /// 18 neighbours: one or two indices differ by one.
  case facesAndEdges

  /// The steps to the neighbours, by their linear index.
  public var steps: [VoxelIndex] {
    let most = self == .faces ? 1 : 2
    return (0..<27).map { VoxelIndex($0 % 3 - 1, $0 / 3 % 3 - 1, $0 / 9 - 1) }.filter {
      (1...most).contains(abs($0.i) + abs($0.j) + abs($0.k))
    }
  }
}

/// The connected components of a set of voxels, in the order of their lowest linear index.
///
/// Union–find over runs of members along axis 0. A run is a maximal stretch of members within one (j, k) row. Rows are
/// visited in order of the linear index, so a run is compared only with the two or four neighbouring rows that precede
/// its own: a head has a few hundred thousand runs.
public struct ConnectedComponents: Sendable {
  private let shape: GridShape
  /// First linear index of each run and one past its last, in ascending order.
  private var starts: [Int32] = []
  private var ends: [Int32] = []
  /// Union–find forest over runs; the root of a tree is its lowest run.
  private var parent: [Int32] = []
  private var componentOfRun: [Int32] = []
  public private(set) var count = 0

  /// - Parameter isMember: one value per voxel, axis 0 fastest.
  public init(of isMember: [Bool], shape: GridShape, connectivity: Connectivity) {
    precondition(isMember.count == shape.voxelCount && isMember.count <= Int(Int32.max), "one value per voxel")
    self.shape = shape
    isMember.withUnsafeBufferPointer { scan($0, connectivity) }
    for run in parent.indices {
      let root = root(of: run)
      componentOfRun.append(root == run ? Int32(count) : componentOfRun[root])
      if root == run { count += 1 }
    }
  }

  /// Voxels of each component as ascending linear indices.
  public var voxels: [[Int]] {
    var sizes = [Int](repeating: 0, count: count)
    for run in starts.indices { sizes[Int(componentOfRun[run])] += Int(ends[run] - starts[run]) }
    var components = sizes.map { size in
      var voxels: [Int] = []
      voxels.reserveCapacity(size)
      return voxels
    }
    for run in starts.indices {
      components[Int(componentOfRun[run])].append(contentsOf: Int(starts[run])..<Int(ends[run]))
    }
    return components
  }

  /// How many voxels each component has and the box around them; of a whole head cheaper than its ``voxels``.
  public var extents: [(voxelCount: Int, box: GridBox)] {
    var found: [(voxelCount: Int, box: GridBox)] = []
    for run in starts.indices {
      let (first, length) = (shape.voxel(at: Int(starts[run])), Int(ends[run] - starts[run]))
      let box = GridBox(lower: first, upper: first + VoxelIndex(length, 1, 1))
      let component = Int(componentOfRun[run])
      if component == found.count {
        found.append((length, box))
      } else {
        found[component] = (found[component].voxelCount + length, found[component].box.union(box))
      }
    }
    return found
  }

  private mutating func scan(_ isMember: UnsafeBufferPointer<Bool>, _ connectivity: Connectivity) {
    let throughEdges = connectivity == .facesAndEdges
    let reach = throughEdges ? 1 : 0
    let (ni, nj, nk) = (shape.ni, shape.nj, shape.nk)
    // firstRun[row] is the first run of row j + nj * k; one more entry closes the last row.
    var firstRun = [Int](repeating: 0, count: nj * nk + 1)
    for k in 0..<nk {
      for j in 0..<nj {
        let row = j + nj * k
        firstRun[row] = starts.count
        let base = row * ni
        var i = 0
        while i < ni {
          guard isMember[base + i] else {
            i += 1
            continue
          }
          let start = i
          while i < ni && isMember[base + i] { i += 1 }
          parent.append(Int32(starts.count))
          starts.append(Int32(base + start))
          ends.append(Int32(base + i))
        }
        firstRun[row + 1] = starts.count
        guard firstRun[row] < starts.count else { continue }
        let runs = firstRun[row]..<starts.count
        // Through edges: where one index differs beside i, i may differ by one; where two differ, i must be the same.
        if j > 0 { join(runs, with: firstRun[row - 1]..<firstRun[row], shift: ni, reach: reach) }
        guard k > 0 else { continue }
        let below = row - nj
        join(runs, with: firstRun[below]..<firstRun[below + 1], shift: ni * nj, reach: reach)
        guard throughEdges else { continue }
        if j > 0 { join(runs, with: firstRun[below - 1]..<firstRun[below], shift: ni * (nj + 1), reach: 0) }
        if j + 1 < nj { join(runs, with: firstRun[below + 1]..<firstRun[below + 2], shift: ni * (nj - 1), reach: 0) }
      }
    }
  }

  /// Unites runs of two rows that overlap, or come within `reach` of it, once the earlier row is moved on by `shift`.
  private mutating func join(_ runs: Range<Int>, with earlier: Range<Int>, shift: Int, reach: Int) {
    var a = runs.lowerBound
    var b = earlier.lowerBound
    while a < runs.upperBound && b < earlier.upperBound {
      let (aStart, aEnd) = (Int(starts[a]), Int(ends[a]))
      let (bStart, bEnd) = (Int(starts[b]) + shift, Int(ends[b]) + shift)
      if aStart < bEnd + reach && bStart < aEnd + reach { unite(a, b) }
      // With reach 1 the run that ends first can still not touch the next but one, so it is safe to leave it.
      if aEnd < bEnd { a += 1 } else { b += 1 }
    }
  }

  private mutating func root(of run: Int) -> Int {
    var run = run
    while Int(parent[run]) != run {
      parent[run] = parent[Int(parent[run])]
      run = Int(parent[run])
    }
    return run
  }

  private mutating func unite(_ a: Int, _ b: Int) {
    let (rootA, rootB) = (root(of: a), root(of: b))
    if rootA < rootB { parent[rootB] = Int32(rootA) } else { parent[rootA] = Int32(rootB) }
  }
}
