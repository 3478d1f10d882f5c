import Volumes

/// Position and orientation of images (PS3.3, C.7.6.2.1.1): DICOM's LPS+ on one side, RAS+ affines on the other.
struct FrameGeometry: Equatable {
  /// Unit vectors of increasing column and row index, LPS+.
  let alongRow: [Double]
  let alongColumn: [Double]
  /// Between rows, then between columns, mm.
  let pixelSpacing: [Double]

  /// Lengths and angle of the two directions may be off by so much.
  private static let tolerance = 1e-3

  /// Nil unless there are six numbers for two perpendicular unit vectors, and two positive ones.
  init?(orientation: [Double], pixelSpacing: [Double]) {
    guard orientation.count == 6, pixelSpacing.count == 2, pixelSpacing.allSatisfy({ $0 > 0 && $0 < 1000 }) else {
      return nil
    }
    alongRow = Array(orientation[..<3])
    alongColumn = Array(orientation[3...])
    self.pixelSpacing = pixelSpacing
    guard abs(dot(alongRow, alongRow) - 1) < Self.tolerance, abs(dot(alongColumn, alongColumn) - 1) < Self.tolerance,
      abs(dot(alongRow, alongColumn)) < Self.tolerance
    else { return nil }
  }

  /// Right-handed with the two directions.
  var normal: [Double] {
    let (a, b) = (alongRow, alongColumn)
    return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
  }

  func isLike(_ other: FrameGeometry) -> Bool {
    zip(alongRow + alongColumn, other.alongRow + other.alongColumn).allSatisfy { abs($0 - $1) < Self.tolerance }
      && zip(pixelSpacing, other.pixelSpacing).allSatisfy { abs($0 - $1) < Self.tolerance * $0 }
  }

  /// Maps (column, row, image) to mm, RAS+.
  ///
  /// - Parameters:
  ///   - first: position of the first image, LPS+.
  ///   - step: from one image to the next, LPS+.
  func affine(first: [Double], step: [Double]) -> Affine {
    Affine(
      rows: (0..<3).map { axis in
        let sign = axis < 2 ? -1.0 : 1
        return [alongRow[axis] * pixelSpacing[1], alongColumn[axis] * pixelSpacing[0], step[axis], first[axis]].map {
          $0 * sign
        }
      })
  }
}

extension Affine {
  /// Image Orientation (Patient) of the images along the third axis.
  var imageOrientation: [Double] {
    let spacing = spacingMillimetres
    return (0..<3).map { Self.sign($0) * rows[$0][0] / spacing.0 }
      + (0..<3).map { Self.sign($0) * rows[$0][1] / spacing.1 }
  }

  /// Image Position (Patient) of an image along the third axis, mm.
  func imagePosition(_ image: Int) -> [Double] {
    let point = world(VoxelIndex(0, 0, image))
    return [-point.x, -point.y, point.z]
  }

  private static func sign(_ axis: Int) -> Double { axis < 2 ? -1 : 1 }
}

func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
