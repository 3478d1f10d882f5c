import AuditTrail
import Digests
import Foundation
import Lesions
import Reports
import Results
import Volumes

/// The report of a stored patient, drawn again from results, maps and input images, without a model.
struct StoredReport {
  let patient: StoredPatient
  let images: PatientImages

  /// - Parameter moved: folder that holds the input images now, when they are not where the audit trail says.
  /// - Throws: ``QualityControlError/badInput(_:)`` when an input or output is missing or altered.
  init(_ patient: StoredPatient, moved: URL?) throws {
    self.patient = patient
    let scan = try Self.scan(patient, moved: moved)
    let findings = try StoredFindings(patient)
    let grid = (shape: findings.shape, affine: scan.flair.image.volume.affine)
    guard grid.shape == scan.flair.image.volume.shape else {
      throw QualityControlError.badInput("\(scan.flair.url.path): is not on the grid of the stored masks")
    }
    var maps: [String: SaliencyPicture] = [:]
    for finding in patient.results.lesions + patient.results.candidates where finding.hasSaliency {
      let path = patient.layout.saliency(FindingID(kind: finding.kind, number: finding.number))
      maps[finding.id] = try StoredMap.read(patient.intact(path), grid: grid)
    }
    images = PatientImages(
      flair: scan.flair.image.volume, mprage: scan.mprageVolume, brainMask: scan.brainMask,
      lesionLabels: findings.labels(.lesion), candidateLabels: findings.labels(.candidate), truth: scan.truth,
      saliency: maps)
  }

  /// The page, which prints the head of the audit chain before the record of its results.
  func page(templates: TemplateFolder, progress: (Int, Int) throws -> Void) throws -> [UInt8] {
    try PatientPage.render(
      results: patient.results, reportID: patient.reportID, auditHead: patient.finished.previousHash,
      runTime: patient.runTime, images: images, templates: templates, progress: progress)
  }

  /// The input images, whose digests must be those of the run.
  private static func scan(_ patient: StoredPatient, moved: URL?) throws -> PatientScan {
    var places: [String: URL] = [:]
    for input in RunRecord.inputs(of: patient.finished) {
      places[input.role] = try place(of: input, patient: patient.name, moved: moved)
    }
    guard let flair = places["FLAIR"], let mprage = places["MPRAGE"] else {
      throw QualityControlError.badInput(
        "\(patient.log.url.path): names no input images, as in a folder made for sharing; draw the report where the images are"
      )
    }
    let identity = patient.results.patient
    return try PatientScan(
      PatientInput(
        label: identity.label, session: identity.session, stem: patient.layout.stem, flair: flair, mprage: mprage,
        truth: places["truth"], brainMask: places["brain mask"], synthetic: identity.synthetic),
      // Another program's mask says nothing about what its network expected.
      expectsBrainExtracted: patient.results.external == nil && patient.results.model.brainExtracted, reslice: true)
  }

  private static func place(of input: (role: String, path: String, sha256: String), patient: String, moved: URL?) throws
    -> URL
  {
    let recorded = URL(fileURLWithPath: input.path)
    if (try? Digest.sha256(file: recorded)) == input.sha256 { return recorded }
    let name = recorded.lastPathComponent
    if let moved {
      let below = (try? FileManager.default.subpathsOfDirectory(atPath: moved.path)) ?? []
      for path in below.sorted() where path == name || path.hasSuffix("/\(name)") {
        let candidate = moved.appendingPathComponent(path)
        if (try? Digest.sha256(file: candidate)) == input.sha256 { return candidate }
      }
      throw QualityControlError.badInput(
        "\(moved.path): holds no \(name) with the content that \(patient) was run with (\(input.role)); "
          + "give the folder with the same images, or run the patient again")
    }
    let isThere = FileManager.default.fileExists(atPath: recorded.path)
    throw QualityControlError.badInput(
      "\(recorded.path): the \(input.role) of \(patient) is \(isThere ? "not the file that was run" : "no longer there"); "
        + "name the folder that holds it with --images, or run the patient again")
  }
}
