/// The value of the voxels around what an image shows, where it is one value other than 0.
///
/// Whole numbers with slope and intercept often hold no 0: what was 0 comes back as a small value everywhere. Images
/// that were normalised as a whole have a background that is far from 0.
public struct Background: Equatable, Sendable {
  /// Fraction of the voxels on the faces of the grid that have the value.
  static let smallestFraction = 0.75

  public let value: Float
  /// How far a voxel of the background may lie from the value: a storage step of scaled whole numbers, else nothing.
  let tolerance: Float

  /// - Parameter storageStep: see ``NIfTIImage/storageStep``.
  /// - Returns: nil where the background is 0, or no one value.
  public init?(of volume: Volume<Float>, storageStep: Double?) {
    let shape = volume.shape
    var counts: [Float: Int] = [:]
    var total = 0
    for k in 0..<shape.nk {
      for j in 0..<shape.nj {
        let row = shape.ni * (j + shape.nj * k)
        let isFace = k == 0 || k == shape.nk - 1 || j == 0 || j == shape.nj - 1
        for i in stride(from: 0, to: shape.ni, by: isFace ? 1 : max(1, shape.ni - 1)) {
          counts[volume.voxels[row + i], default: 0] += 1
          total += 1
        }
      }
    }
    guard let (value, count) = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), value != 0,
      Double(count) >= Self.smallestFraction * Double(total)
    else { return nil }
    self.value = value
    tolerance = Float(storageStep ?? 0)
  }

  /// The voxels with 0 in the background.
  public func removed(from voxels: [Float]) -> [Float] { voxels.map { abs($0 - value) <= tolerance ? 0 : $0 } }
}
