import Volumes

/// Reads a segmentation back before it leaves: a mirrored one passes every validator.
public enum SegmentationCheck {
  /// A finding as the results have it.
  public struct Expected: Sendable {
    let label: String
    let trackingUID: String
    /// Linear indices on the grid of the results, ascending.
    let voxels: [Int]

    public init(label: String, trackingUID: String, voxels: [Int]) {
      self.label = label
      self.trackingUID = trackingUID
      self.voxels = voxels
    }
  }

  /// Converters to NIfTI move voxels by less.
  private static let toleranceOfSmallestEdge = 0.02

  /// - Parameters:
  ///   - dataSet: as it was read from the file.
  ///   - grid: of the results: the way from voxels to mm that has nothing to do with the source's images.
  /// - Throws: ``DICOMError/object(kind:fault:)`` that names the first difference.
  public static func require(
    _ dataSet: DataSet, holds expected: [Expected], on grid: ResultsGrid, of source: SourceSeries
  ) throws(DICOMError) {
    let found = try SegmentationReading(dataSet)
    func refuse(_ fault: String) -> DICOMError { .object(kind: "segmentation", fault: fault) }
    guard found.frameOfReferenceUID == source.frameOfReferenceUID else {
      throw refuse("its frame of reference is not that of the images")
    }
    guard found.studyUID == source.studyUID, found.patientID == source.header.text(.patientID) else {
      throw refuse("it belongs to another study or patient")
    }
    guard found.segments.map(\.label) == expected.map(\.label) else {
      throw refuse("its segments are \(found.segments.map(\.label)), not \(expected.map(\.label))")
    }
    let edges = grid.affine.spacingMillimetres
    let tolerance = toleranceOfSmallestEdge * min(edges.0, edges.1, edges.2)
    for (segment, finding) in zip(found.segments, expected) {
      guard segment.trackingID == finding.label, segment.trackingUID == finding.trackingUID else {
        throw refuse("\(finding.label) has no tracking identifier, or another one")
      }
      guard segment.voxels(on: grid, toleranceMillimetres: tolerance) == finding.voxels else {
        throw refuse("\(finding.label) lies elsewhere than in the results")
      }
    }
  }
}
