import Analysis
import Foundation
import Lesions
import Results
import Volumes

/// A mask that a reader edited elsewhere: its voxels on the patient's grid, and how it differs from the network's.
struct CorrectedMaskFile {
  let record: CorrectedMask
  /// 1 inside; one value per voxel, axis 0 fastest.
  let voxels: [UInt8]

  /// - Parameter labels: the values that are lesions, where the file is a label image.
  /// - Throws: ``Fault`` for a file that is no lesion mask, or does not lie on the patient's grid.
  init(_ url: URL, labels: [Int]?, of patient: StoredPatient, _ stored: StoredFindings) throws {
    let target = TargetGrid(shape: stored.shape, affine: stored.affine, qform: stored.header.qformMillimetres)
    let given: GivenMask
    do { given = try GivenMask(url, role: .corrected, labels: labels, onto: target, reslice: false) } catch var fault
      as Fault where fault.remedy == .reslice
    {
      fault.remedy = .plain("edit \(patient.layout.url(patient.layout.mask).lastPathComponent) and save it on its grid")
      throw fault
    }
    try given.requireLesions(brainMillilitres: nil)
    self.init(given.volume, sha256: given.source.sha256, of: patient.results, stored)
  }

  init(_ mask: Volume<UInt8>, sha256: String, of results: PatientResults, _ stored: StoredFindings) {
    let millilitres = stored.affine.voxelVolumeMillimetres3 / 1000
    let network = stored.components(results.rules.lesions).mask()
    let pairs = zip(mask.voxels, network)
    let (both, added, removed) = (
      pairs.count { $0 != 0 && $1 != 0 }, pairs.count { $0 != 0 && $1 == 0 }, pairs.count { $0 == 0 && $1 != 0 }
    )
    let all = 2 * both + added + removed
    let kept = Components(of: mask, rule: results.rules.lesions).kept
    record = CorrectedMask(
      sha256: sha256, lesions: kept.count, millilitres: Double(kept.reduce(0) { $0 + $1.count }) * millilitres,
      dice: all == 0 ? nil : Double(2 * both) / Double(all), added: (added, Double(added) * millilitres),
      removed: (removed, Double(removed) * millilitres))
    voxels = mask.voxels.map { $0 == 0 ? 0 : 1 }
  }

  /// The mask that an earlier review took over, as it lies there.
  init(earlier record: CorrectedMask, of patient: StoredPatient) throws {
    self.record = record
    voxels = try NIfTIFile.read(patient.intact(patient.layout.reviewedMask).path).volume.voxels.map { $0 == 0 ? 0 : 1 }
  }
}
