import Foundation
public import Volumes

/// The voxel grid that the results are on.
public struct ResultsGrid: Sendable, CustomStringConvertible {
  public let shape: GridShape
  /// Voxel index to mm, RAS+.
  public let affine: Affine

  public init(shape: GridShape, affine: Affine) {
    self.shape = shape
    self.affine = affine
  }

  public var description: String {
    let spacing = affine.spacingMillimetres
    let first = affine.world(VoxelIndex(0, 0, 0))
    let numbers = [spacing.0, spacing.1, spacing.2, first.x, first.y, first.z].map { String(format: "%.2f", $0) }
    return "\(shape) voxels of \(numbers[..<3].joined(separator: " x ")) mm, the first at "
      + "\(numbers[3...].joined(separator: ", ")) mm RAS, \(Orientation(affine).code)"
  }
}

/// Takes voxels of the results to the images of a series that show the same grid, with axes exchanged or reversed as
/// converters to NIfTI do.
public struct GridMapping: Sendable {
  /// Corner voxel centres may lie apart by so much of the smallest voxel edge; converters stay within 0.0004.
  static let toleranceOfSmallestEdge = 0.01

  /// For each axis of the series: the axis of the results, and whether it is reversed.
  private let axes: [(axis: Int, isReversed: Bool)]
  private let from: GridShape
  private let to: GridShape

  /// Nil where the two are not one grid.
  public init?(from grid: ResultsGrid, to series: SourceSeries) {
    guard grid.affine.determinant != 0, series.affine.determinant != 0 else { return nil }
    let toSeries = series.affine.inverse.composed(with: grid.affine)
    var axes: [(Int, Bool)] = []
    for row in toSeries.rows {
      let axis = (0..<3).max { abs(row[$0]) < abs(row[$1]) }!
      axes.append((axis, row[axis] < 0))
    }
    guard Set(axes.map(\.0)).count == 3 else { return nil }
    self.axes = axes
    (from, to) = (grid.shape, series.shape)
    let sizes = [from.ni, from.nj, from.nk]
    guard axes.map({ sizes[$0.0] }) == [to.ni, to.nj, to.nk] else { return nil }
    let edges = series.affine.spacingMillimetres
    let tolerance = Self.toleranceOfSmallestEdge * min(edges.0, edges.1, edges.2)
    for corner in 0..<8 {
      let voxel = VoxelIndex(
        corner & 1 == 0 ? 0 : from.ni - 1, corner & 2 == 0 ? 0 : from.nj - 1, corner & 4 == 0 ? 0 : from.nk - 1)
      let (a, b) = (grid.affine.world(voxel), series.affine.world(self[voxel]))
      let off = [a.x - b.x, a.y - b.y, a.z - b.z]
      guard dot(off, off).squareRoot() <= tolerance else { return nil }
    }
  }

  /// (column, row, image) of a voxel of the results.
  public subscript(voxel: VoxelIndex) -> VoxelIndex {
    let index = [voxel.i, voxel.j, voxel.k]
    let sizes = [from.ni, from.nj, from.nk]
    let mapped = axes.map { $0.isReversed ? sizes[$0.axis] - 1 - index[$0.axis] : index[$0.axis] }
    return VoxelIndex(mapped[0], mapped[1], mapped[2])
  }

  /// Linear indices on the series' grid, ascending, of linear indices on that of the results.
  public func voxels(_ voxels: [Int]) -> [Int] { voxels.map { to.linearIndex(self[from.voxel(at: $0)]) }.sorted() }
}
