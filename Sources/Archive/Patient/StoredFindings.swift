import Foundation
package import Lesions
import Results
package import Volumes

/// Where the findings of a stored patient lie: read from the numbered masks that the run left.
package struct StoredFindings {
  /// Of the mask file, whose geometry is that of the input bit for bit.
  package let header: NIfTIHeader
  package let shape: GridShape
  package let affine: Affine
  /// In the order of the results.
  package let findings: [Finding]

  /// - Throws: ``Fault`` when files were altered or are not what the results say.
  package init(_ patient: StoredPatient) throws {
    let (results, layout) = (patient.results, patient.layout)
    let segmentation = try NIfTIFile.read(patient.intact(layout.segmentation).path)
    header = segmentation.header
    shape = segmentation.volume.shape
    affine = segmentation.volume.affine
    let lesions = try Self.voxels(results.lesions, in: segmentation.volume, layout.url(layout.segmentation))
    var candidates: [[Int]] = []
    if !results.candidates.isEmpty {
      let labels = try NIfTIFile.read(patient.intact(layout.candidates).path).volume
      guard labels.shape == shape else { throw Self.mismatch(layout.url(layout.candidates)) }
      candidates = try Self.voxels(results.candidates, in: labels, layout.url(layout.candidates))
    }
    findings = zip(results.lesions + results.candidates, lesions + candidates).map { record, voxels in
      Finding(
        id: record.id, voxels: voxels, measurements: record.measurements,
        wasDroppedSmallComponent: record.wasDroppedSmallComponent)
    }
  }

  /// Ascending linear indices of findings 1, 2, ….
  private static func voxels(_ records: [FindingRecord], in labels: Volume<Float>, _ url: URL) throws -> [[Int]] {
    var found = [[Int]](repeating: [], count: records.count)
    for (voxel, value) in labels.voxels.enumerated() where value != 0 {
      guard let number = Int(exactly: value), records.indices.contains(number - 1) else { throw mismatch(url) }
      found[number - 1].append(voxel)
    }
    guard found.map(\.count) == records.map(\.measurements.voxelCount) else { throw mismatch(url) }
    return found
  }

  /// The lesions as the components of the mask; what was dropped as too small is not kept.
  package func components(_ rule: ComponentRule) -> Components {
    Components(shape: shape, rule: rule, kept: findings.filter { $0.id.kind == .lesion }.map(\.voxels))
  }

  func voxels(of id: FindingID) -> [Int] { findings.first { $0.id == id }?.voxels ?? [] }

  /// Number of the finding at each voxel, 0 elsewhere.
  func labels(_ kind: FindingKind) -> Volume<Int32> { findings.labels(kind, shape: shape, affine: affine) }

  private static func mismatch(_ url: URL) -> Fault {
    Fault(.input, url.path, found: "does not hold the findings that the results list", remedy: .runAgain)
  }
}
