import Networks
import Saliency
import Statistics
import Volumes

/// Where voxels of one grid are on the other.
extension NetworkGrid {
  /// The region whose gradient is that of Σ Y over these voxels of the patient's grid.
  ///
  /// Voxels and weights are the adjoint of the logits' way to the patient's grid, applied to 1 in every given voxel; a
  /// voxel outside the box adds nothing, since no logit reaches it.
  ///
  /// - Parameters:
  ///   - voxels: linear indices, axis 0 fastest.
  ///   - withMembers: also give every voxel's own region, in the order of the network's array, for maps that compare
  ///     parts.
  func region(ofPatient voxels: [Int], withMembers: Bool = false) -> SaliencyRegion {
    let size = box.shape
    let inBox = voxels.compactMap { voxel -> (index: Int, value: Double)? in
      let p = layout.position(ofPatient: patientShape.voxel(at: voxel))
      guard (0..<3).allSatisfy({ (box.lower[$0]..<box.upper[$0]).contains(p[$0]) }) else { return nil }
      let q = (0..<3).map { p[$0] - box.lower[$0] }
      return ((q[0] * size[1] + q[1]) * size[2] + q[2], 1)
    }
    func part(_ voxels: [(index: Int, value: Double)]) -> SaliencyRegion.Part {
      let adjoint = logits.adjoint(of: voxels)
      return SaliencyRegion.Part(voxels: adjoint.map(\.index), weights: adjoint.map { Float($0.value) })
    }
    let whole = part(inBox)
    let members = withMembers ? inBox.sorted { $0.index < $1.index }.map { part([$0]) } : nil
    return SaliencyRegion(voxels: whole.voxels, weights: whole.weights, omegaCount: voxels.count, members: members)
  }

  /// The network voxels nearest to voxels of the patient's grid: linear indices into `[D, H, W]`, ascending, each once.
  ///
  /// Voxels outside the box have none.
  func networkIndices(ofPatient voxels: [Int]) -> [Int] {
    let n = spatialShape
    return Set(voxels.compactMap { networkPosition(ofPatient: $0).map { ($0[0] * n[1] + $0[1]) * n[2] + $0[2] } })
      .sorted()
  }

  /// The network voxel nearest to a voxel of the patient's grid, along D, H and W; nil outside the box.
  func networkPosition(ofPatient voxel: Int) -> [Int]? {
    let n = spatialShape
    let p = layout.position(ofPatient: patientShape.voxel(at: voxel))
    guard (0..<3).allSatisfy({ (box.lower[$0]..<box.upper[$0]).contains(p[$0]) }) else { return nil }
    let place = images.targetCoordinate(ofSource: (0..<3).map { Double(p[$0] - box.lower[$0]) })
    return (0..<3).map { min(max(Int(saturating: (place[$0] + 0.5).rounded(.down)), 0), n[$0] - 1) }
  }

  /// The place on the patient's grid, in voxels along its stored axes, of a place on the network's grid.
  func patientPlace(of place: [Double]) -> [Double] {
    let inBox = images.sourceCoordinate(ofTarget: place)
    return layout.patientPlace(of: (0..<3).map { inBox[$0] + Double(box.lower[$0]) })
  }

  /// The voxel of the patient's grid nearest to a network voxel.
  func patientVoxel(nearestTo position: [Int]) -> VoxelIndex {
    let place = patientPlace(of: position.map(Double.init))
    let sizes = [patientShape.ni, patientShape.nj, patientShape.nk]
    let v = (0..<3).map { min(max(Int(saturating: (place[$0] + 0.5).rounded(.down)), 0), sizes[$0] - 1) }
    return VoxelIndex(v[0], v[1], v[2])
  }

  /// The network's grid with its axes along the stored ones: its shape and its affine, from that of the patient's grid.
  func storedGrid(patientAffine: Affine) -> (shape: GridShape, affine: Affine) {
    let stored = layout.withNetworkShape(spatialShape)
    // Places are an affine function of the voxel, axis by axis.
    func place(_ voxel: [Double]) -> [Double] {
      var position = [0.0, 0, 0]
      let n = spatialShape
      for axis in 0..<3 {
        let v = voxel[layout.storedAxis[axis]]
        position[axis] = layout.reversed[axis] ? Double(n[axis] - 1) - v : v
      }
      return patientPlace(of: position)
    }
    let (origin, one) = (place([0, 0, 0]), place([1, 1, 1]))
    let start = patientAffine.world(origin[0], origin[1], origin[2])
    let base = [start.x, start.y, start.z]
    let rows = (0..<3).map { r in (0..<3).map { patientAffine.rows[r][$0] * (one[$0] - origin[$0]) } + [base[r]] }
    return (stored.patientShape, Affine(rows: rows))
  }
}
