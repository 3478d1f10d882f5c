import Lesions
public import Volumes

/// The shape of a region.
///
/// - `compactness` = 36π V² / S³ with volume V and the area S of the voxel faces between the region and what lies
///   outside: π/6 for a cube, less for anything longer or rougher. Without unit.
/// - `slices`: planes of the stored axis nearest to superior–inferior that hold a voxel of it.
///
/// Volume and largest diameter stand in the measurements. Source: isoperimetric quotient; faces are those of
/// Bribiesca, Computers and Mathematics with Applications 2000.
public struct RegionShape: Hashable, Sendable {
  public let compactness: Double
  public let slices: Int

  /// - Parameter voxels: linear indices, not empty.
  public init(_ voxels: [Int], shape: GridShape, affine: Affine) {
    let members = Set(voxels)
    let (a, b, c) = affine.spacingMillimetres
    let areas = [b * c, a * c, a * b]
    var surface = 0.0
    for index in voxels {
      let voxel = shape.voxel(at: index)
      for step in Connectivity.faces.steps {
        let near = voxel + step
        if shape.contains(near), members.contains(shape.linearIndex(near)) { continue }
        surface += areas[step.i != 0 ? 0 : step.j != 0 ? 1 : 2]
      }
    }
    let volume = Double(voxels.count) * a * b * c
    compactness = 36 * Double.pi * volume * volume / (surface * surface * surface)
    let vertical = Orientation(affine).directions.firstIndex { $0.worldAxis == 2 }!
    slices = Set(voxels.map { [shape.voxel(at: $0).i, shape.voxel(at: $0).j, shape.voxel(at: $0).k][vertical] }).count
  }
}
