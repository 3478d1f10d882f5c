import Volumes

/// Union–find over runs of foreground voxels along axis 0.
///
/// A run is a maximal stretch of foreground within one (j, k) row. Rows are visited in order of the linear index, so a
/// run is compared only with the four neighbouring rows that precede its own; nothing of the size of the volume is
/// allocated.
struct RunLabelling {
  /// First linear index and one past the last, in ascending order.
  private var starts: [Int32] = []
  private var ends: [Int32] = []
  /// Union–find forest over runs; the root of a tree is its lowest run.
  private var parent: [Int32] = []

  /// Which voxels are neighbours.
  enum Connectivity {
    /// 6 neighbours.
    case faces
    /// 18 neighbours.
    case facesAndEdges
  }

  /// Voxels of each component as ascending linear indices; components by their lowest voxel.
  static func components<Element>(
    of values: UnsafeBufferPointer<Element>, shape: GridShape, connectivity: Connectivity = .facesAndEdges,
    where isForeground: (Element) -> Bool
  ) -> [[Int]] {
    var labelling = RunLabelling()
    labelling.scan(values, shape: shape, connectivity, where: isForeground)
    return labelling.collect()
  }

  @inline(__always)
  private mutating func scan<Element>(
    _ values: UnsafeBufferPointer<Element>, shape: GridShape, _ connectivity: Connectivity,
    where isForeground: (Element) -> Bool
  ) {
    let throughEdges = connectivity == .facesAndEdges
    let reach = throughEdges ? 1 : 0
    precondition(values.count == shape.voxelCount && values.count <= Int(Int32.max), "one value per voxel")
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
          guard isForeground(values[base + i]) else {
            i += 1
            continue
          }
          let start = i
          while i < ni && isForeground(values[base + i]) { i += 1 }
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

  private mutating func collect() -> [[Int]] {
    var componentOfRun = [Int](repeating: 0, count: starts.count)
    var sizes: [Int] = []
    for run in starts.indices {
      let root = root(of: run)
      if root == run {
        componentOfRun[run] = sizes.count
        sizes.append(0)
      } else {
        componentOfRun[run] = componentOfRun[root]
      }
      sizes[componentOfRun[run]] += Int(ends[run] - starts[run])
    }
    var components = sizes.map { size in
      var voxels: [Int] = []
      voxels.reserveCapacity(size)
      return voxels
    }
    for run in starts.indices {
      components[componentOfRun[run]].append(contentsOf: Int(starts[run])..<Int(ends[run]))
    }
    return components
  }
}
