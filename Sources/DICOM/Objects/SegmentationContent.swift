public import Volumes

/// What a segmentation object holds: the findings of one patient as voxels of a stack of images.
public struct SegmentationContent: Sendable {
  public struct Segment: Sendable, Equatable {
    /// `L001` for a lesion, `C001` for a candidate.
    public let label: String
    public let isCandidate: Bool
    public let trackingUID: String
    /// Linear indices on the grid of the segmentation, columns fastest; ascending, not empty.
    public let voxels: [Int]

    public init(label: String, isCandidate: Bool, trackingUID: String, voxels: [Int]) {
      precondition(!voxels.isEmpty, "a segment has at least one voxel")
      self.label = label
      self.isCandidate = isCandidate
      self.trackingUID = trackingUID
      self.voxels = voxels
    }
  }

  /// What made the mask.
  public struct Algorithm: Sendable, Equatable {
    let name: String
    let version: String

    public init(name: String, version: String) {
      self.name = name
      self.version = version
    }
  }

  /// Columns, rows and images.
  public let shape: GridShape
  /// (column, row, image) to mm, RAS+.
  public let affine: Affine
  /// The image of the source that each plane lies in; nil where the planes are between the source's.
  public let sources: [SourceSeries.Frame]?
  /// Numbered from 1 in this order.
  public let segments: [Segment]
  public let algorithm: Algorithm

  /// On the images of the source.
  public init(on source: SourceSeries, segments: [Segment], algorithm: Algorithm) {
    shape = source.shape
    affine = source.affine
    sources = source.frames
    self.segments = segments
    self.algorithm = algorithm
  }

  /// On a grid of its own in the frame of reference of the source.
  ///
  /// - Throws: ``DICOMError`` for axes that are not perpendicular: DICOM has no place for them.
  public init(resampled grid: ResultsGrid, segments: [Segment], algorithm: Algorithm) throws(DICOMError) {
    let orientation = grid.affine.imageOrientation
    let spacing = grid.affine.spacingMillimetres
    guard let planes = FrameGeometry(orientation: orientation, pixelSpacing: [spacing.1, spacing.0]),
      abs(abs(grid.affine.determinant) / (spacing.0 * spacing.1 * spacing.2) - 1) < 1e-3
    else { throw .object(kind: "segmentation", fault: "its planes are sheared (\(grid))") }
    _ = planes
    shape = grid.shape
    affine = grid.affine
    sources = nil
    self.segments = segments
    self.algorithm = algorithm
  }
}
