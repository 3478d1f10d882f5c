/// The 6-connected pieces of a set of voxels: how many voxels each has and the box it fills.
struct ConnectedPieces {
  struct Piece: Equatable {
    var count: Int
    /// Lowest and highest index along i, j and k, both in the piece.
    var lower: [Int]
    var upper: [Int]
  }

  let pieces: [Piece]

  /// Works on runs along i, joined by union–find: a head has a few hundred thousand runs.
  init(of isMember: [Bool], _ shape: GridShape) {
    var runs: [(line: Int, start: Int, end: Int)] = []
    var firstRun: [Int] = []
    isMember.withUnsafeBufferPointer { member in
      for line in 0..<(shape.nj * shape.nk) {
        firstRun.append(runs.count)
        let base = line * shape.ni
        var i = 0
        while i < shape.ni {
          guard member[base + i] else {
            i += 1
            continue
          }
          let start = i
          while i < shape.ni && member[base + i] { i += 1 }
          runs.append((line, start, i))
        }
      }
    }
    firstRun.append(runs.count)

    var parent = Array(runs.indices)
    func root(_ run: Int) -> Int {
      var r = run
      while parent[r] != r {
        parent[r] = parent[parent[r]]
        r = parent[r]
      }
      return r
    }
    /// Joins the runs of two neighbouring lines that overlap.
    func join(_ a: Int, _ b: Int) {
      var (p, q) = (firstRun[a], firstRun[b])
      while p < firstRun[a + 1] && q < firstRun[b + 1] {
        if runs[p].start < runs[q].end && runs[q].start < runs[p].end {
          let (rp, rq) = (root(p), root(q))
          parent[max(rp, rq)] = min(rp, rq)
        }
        if runs[p].end < runs[q].end { p += 1 } else { q += 1 }
      }
    }
    for line in 0..<(shape.nj * shape.nk) {
      if line % shape.nj > 0 { join(line - 1, line) }
      if line >= shape.nj { join(line - shape.nj, line) }
    }

    var order: [Int] = []
    var found: [Int: Piece] = [:]
    for (index, run) in runs.enumerated() {
      let (j, k) = (run.line % shape.nj, run.line / shape.nj)
      let top = root(index)
      if var piece = found[top] {
        piece.count += run.end - run.start
        piece.lower = [min(piece.lower[0], run.start), min(piece.lower[1], j), min(piece.lower[2], k)]
        piece.upper = [max(piece.upper[0], run.end - 1), max(piece.upper[1], j), max(piece.upper[2], k)]
        found[top] = piece
      } else {
        order.append(top)
        found[top] = Piece(count: run.end - run.start, lower: [run.start, j, k], upper: [run.end - 1, j, k])
      }
    }
    pieces = order.map { found[$0]! }
  }
}
