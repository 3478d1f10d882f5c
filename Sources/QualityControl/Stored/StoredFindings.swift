import Foundation
import Lesions
import Reports
import Results
import Volumes

/// Where the findings of a stored patient lie: read from the segmentation and, for candidates, found again in the stored
/// probability by the rule that the results name.
struct StoredFindings {
  /// Of the mask file, whose geometry is that of the input bit for bit.
  let header: NIfTIHeader
  let shape: GridShape
  let affine: Affine
  /// Ascending linear indices, axis 0 fastest, of lesions 1, 2, … and of candidates 1, 2, ….
  let lesions: [[Int]]
  let candidates: [[Int]]

  /// - Throws: ``QualityControlError/badInput(_:)`` when files were altered or are not what the results say.
  init(_ patient: StoredPatient) throws {
    let results = patient.results
    let layout = patient.layout
    let segmentation = try NIfTIFile.read(patient.intact(layout.segmentation).path)
    header = segmentation.header
    shape = segmentation.volume.shape
    affine = segmentation.volume.affine
    var lesions = [[Int]](repeating: [], count: results.lesions.count)
    for (voxel, value) in segmentation.volume.voxels.enumerated() where value != 0 {
      let number = Int(value)
      guard number >= 1, number <= lesions.count else { throw Self.mismatch(layout.url(layout.segmentation)) }
      lesions[number - 1].append(voxel)
    }
    guard lesions.map(\.count) == results.lesions.map(\.voxelCount) else {
      throw Self.mismatch(layout.url(layout.segmentation))
    }
    self.lesions = lesions
    guard !results.candidates.isEmpty else {
      candidates = []
      return
    }
    let probability = try NIfTIFile.read(patient.intact(layout.probability).path)
    var mask = Volume<UInt8>(shape: shape, affine: affine, repeating: 0)
    for voxel in lesions.joined() { mask.voxels[voxel] = 1 }
    let found = try MissedLesionCandidates(
      in: probability.volume, besides: Components(of: mask),
      rule: .init(
        threshold: Float(results.settings.candidateThreshold), minimumVoxels: results.settings.minimumCandidateVoxels,
        maximumCount: results.settings.maximumCandidates))
    guard found.candidates.map(\.voxels.count) == results.candidates.map(\.voxelCount) else {
      throw Self.mismatch(layout.url(layout.probability))
    }
    candidates = found.candidates.map(\.voxels)
  }

  func voxels(of id: FindingID) -> [Int] { (id.kind == .lesion ? lesions : candidates)[id.number - 1] }

  /// Number of the finding at each voxel, 0 elsewhere.
  func labels(_ kind: FindingKind) -> Volume<Int32> {
    var labels = Volume<Int32>(shape: shape, affine: affine, repeating: 0)
    for (index, voxels) in (kind == .lesion ? lesions : candidates).enumerated() {
      for voxel in voxels { labels.voxels[voxel] = Int32(index + 1) }
    }
    return labels
  }

  private static func mismatch(_ url: URL) -> QualityControlError {
    .badInput("\(url.path): does not hold the findings that the results list; run the patient again with --overwrite")
  }
}
