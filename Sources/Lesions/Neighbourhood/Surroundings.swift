import Statistics
public import Volumes

/// A finding and the tissue within some mm of it, each voxel with its distance to the finding's border.
///
/// The border is the layer of the finding's voxels that share a face with a voxel outside. A voxel outside is as far
/// from it as from the nearest voxel centre of the finding, as in ``Rim``; a voxel inside has the negative distance to
/// the nearest border voxel, 0 in the border itself. Voxels of other lesions are left out.
public struct Surroundings: Sendable {
  /// Linear indices, axis 0 fastest, ascending: the finding, and what lies within the reach.
  public let voxels: [Int]
  /// In mm, from centre to centre, one for each of ``voxels``; above 0 outside.
  public let distances: [Float]
  private let shape: GridShape

  /// - Parameters:
  ///   - finding: linear indices, not empty.
  ///   - affine: of the grid; its axes are taken to be perpendicular.
  ///   - occupied: one value per voxel, non-zero in every lesion, its own included or not.
  ///   - reach: how far from the finding, in mm.
  public init(
    of finding: [Int], shape: GridShape, affine: Affine, occupied: [UInt8], reachMillimetres reach: Double = 10
  ) {
    precondition(occupied.count == shape.voxelCount, "one value per voxel")
    let spacing = affine.spacingMillimetres
    let margin = [spacing.0, spacing.1, spacing.2].map { Int(saturating: (reach / $0).rounded(.up)) + 1 }
    let box = GridBox(enclosing: finding, shape: shape).expanded(by: VoxelIndex(margin[0], margin[1], margin[2]))
      .clipped(to: shape)!
    let size = box.shape
    var isMember = [Bool](repeating: false, count: size.voxelCount)
    for index in finding { isMember[box.index(of: shape.voxel(at: index))!] = true }
    let faces = Connectivity.faces.steps
    let isBorder = isMember.indices.map { place in
      guard isMember[place] else { return false }
      let voxel = size.voxel(at: place)
      return faces.contains { size.contains(voxel + $0) && !isMember[size.linearIndex(voxel + $0)] }
    }
    let distance = EuclideanDistance.millimetres(to: isBorder, shape: size, spacing: spacing)
    let limit = Float(reach + Neighbourhood.toleranceMillimetres)
    var (voxels, distances): ([Int], [Float]) = ([], [])
    for place in isMember.indices where isMember[place] || distance[place] <= limit {
      let index = shape.linearIndex(box.voxel(at: place))
      guard isMember[place] || occupied[index] == 0 else { continue }
      voxels.append(index)
      distances.append(isMember[place] ? -distance[place] : distance[place])
    }
    self.voxels = voxels
    self.distances = distances
    self.shape = shape
  }

  /// Places in ``voxels`` of the finding's own.
  public var inside: [Int] { distances.indices.filter { distances[$0] <= 0 } }

  /// Places in ``voxels`` of the tissue from 2 to 5 mm around the finding: the voxels of ``Rim``.
  public var ring: [Int] {
    let tolerance = Float(Neighbourhood.toleranceMillimetres)
    return distances.indices.filter { distances[$0] >= 2 - tolerance && distances[$0] <= 5 + tolerance }
  }

  /// Linear indices of the voxels that three steps over faces and edges lead to from the finding, without those of
  /// lesions: counted in voxels, since a network's probability falls off over voxels.
  ///
  /// - Parameter occupied: as given to the initialiser.
  public func halo(occupied: [UInt8], steps: Int = 3) -> [Int] {
    var members = Set(inside.map { voxels[$0] })
    var (border, halo) = (Array(members), [Int]())
    for _ in 0..<steps {
      border = Dilation.grow(&members, from: border, shape: shape, connectivity: .facesAndEdges)
      halo += border.filter { occupied[$0] == 0 }
    }
    return halo.sorted()
  }
}
