/// Growing a set of voxels.
public enum Dilation {
  /// Adds the neighbours of border voxels to the set.
  ///
  /// - Parameters:
  ///   - members: linear indices, axis 0 fastest.
  ///   - border: the members that may have neighbours outside: at first all, then what the last step returned.
  /// - Returns: what is new, ascending.
  public static func grow(_ members: inout Set<Int>, from border: [Int], shape: GridShape, connectivity: Connectivity)
    -> [Int]
  {
    let steps = connectivity.steps
    var added: [Int] = []
    for index in border {
      let voxel = shape.voxel(at: index)
      for step in steps where shape.contains(voxel + step) {
        let near = shape.linearIndex(voxel + step)
        if members.insert(near).inserted { added.append(near) }
      }
    }
    return added.sorted()
  }
}

/// Background that a set of voxels encloses.
public enum Holes {
  /// The set with its holes, background from which no path over voxel faces leads out of the grid
  /// (`scipy.ndimage.binary_fill_holes`).
  ///
  /// - Parameter inside: axis 0 fastest.
  public static func filled(_ inside: [Bool], shape: GridShape) -> [Bool] {
    precondition(inside.count == shape.voxelCount, "one value per voxel")
    let (ni, nj, nk) = (shape.ni, shape.nj, shape.nk)
    var reached = inside
    var open: [Int] = []
    func visit(_ voxel: Int) {
      if !reached[voxel] {
        reached[voxel] = true
        open.append(voxel)
      }
    }
    // From the faces of the grid; what stays dry is a hole.
    let plane = ni * nj
    for k in 0..<nk {
      for j in 0..<nj {
        let row = k * plane + j * ni
        if k == 0 || k == nk - 1 || j == 0 || j == nj - 1 {
          for i in 0..<ni { visit(row + i) }
        } else {
          visit(row)
          visit(row + ni - 1)
        }
      }
    }
    while let voxel = open.popLast() {
      let (k, j, i) = (voxel / plane, voxel / ni % nj, voxel % ni)
      if k > 0 { visit(voxel - plane) }
      if k < nk - 1 { visit(voxel + plane) }
      if j > 0 { visit(voxel - ni) }
      if j < nj - 1 { visit(voxel + ni) }
      if i > 0 { visit(voxel - 1) }
      if i < ni - 1 { visit(voxel + 1) }
    }
    return reached.indices.map { inside[$0] || !reached[$0] }
  }
}
