import Analysis
import AuditTrail
import Digests
package import Foundation
package import Lesions
package import Reports
package import Results
import Volumes

/// The report of a stored patient, drawn again from results, maps and input images, without a model.
package struct StoredReport {
  let patient: StoredPatient
  package let images: PatientImages

  /// - Parameter moved: folder that holds the input images now, when they are not where the audit trail says.
  /// - Throws: ``Fault`` when an input or output is missing or altered.
  package init(_ patient: StoredPatient, moved: URL?) throws {
    self.patient = patient
    let scan = try Self.scan(patient, moved: moved)
    let findings = try StoredFindings(patient)
    let grid = (shape: findings.shape, affine: scan.flair.image.volume.affine)
    guard grid.shape == scan.flair.image.volume.shape else {
      throw Fault(.input, scan.flair.url.path, role: "FLAIR", found: "is not on the grid of the stored masks")
    }
    var maps: [FindingID: SaliencyPicture] = [:]
    let missed = try Self.missed(patient, findings, scan)
    for finding in patient.results.findings + (patient.results.missed ?? []) where finding.saliency != nil {
      maps[finding.id] = try StoredMap.read(patient.intact(patient.layout.saliency(finding.id)), grid: grid)
    }
    var images = PatientImages(
      flair: scan.flair.image.volume, mprage: scan.mprageVolume, brainMask: scan.brainMask,
      lesionLabels: findings.labels(.lesion), candidateLabels: findings.labels(.candidate), reference: scan.reference,
      saliency: maps)
    images.missedLabels = missed?.labels(.missedReference, shape: grid.shape, affine: grid.affine)
    self.images = images
  }

  /// The missed lesions of the reference that the results list; nil where they list none.
  private static func missed(_ patient: StoredPatient, _ findings: StoredFindings, _ scan: PatientScan) throws
    -> [Finding]?
  {
    guard let records = patient.results.missed, let reference = scan.reference else { return nil }
    let labels = try ReferenceLabels(
      prediction: findings.components(patient.results.rules.lesions), findings: [], reference: Components(of: reference)
    )
    let missed = labels.missedFindings(affine: scan.flair.image.volume.affine, probability: nil)
    guard missed.map(\.measurements.voxelCount) == records.map(\.measurements.voxelCount) else {
      throw Fault(
        .input, patient.layout.url(patient.layout.results).path,
        found: "lists other missed lesions than the reference has", remedy: .runAgain)
    }
    return missed
  }

  /// The page, which prints the head of the audit chain before the record of its results.
  func page(content: PageContent, templates: TemplateFolder, progress: (Int, Int) throws -> Void) throws -> [UInt8] {
    var content = content
    content.decided = decided
    return try PatientPage.render(
      results: patient.results, reportID: patient.reportID, auditHead: patient.finished.previousHash,
      run: (patient.runTime, patient.operatorName), images: images, content: content, templates: templates,
      progress: progress)
  }

  /// Findings on which a decision was applied.
  var decided: Set<FindingID> {
    Set(ReviewRecord.decided(patient.records, on: patient.reportID).compactMap { FindingID($0) })
  }

  /// The input images, whose digests must be those of the run.
  private static func scan(_ patient: StoredPatient, moved: URL?) throws -> PatientScan {
    var places: [String: URL] = [:]
    for input in patient.finished.inputs {
      places[input.role] = try place(of: input, patient: patient.name, moved: moved)
    }
    guard let flair = places["FLAIR"] else {
      throw Fault(
        .input, patient.log.url.path, found: "names no input images, as in a folder made for sharing",
        remedy: .plain("draw the report where the images are"))
    }
    let identity = patient.results.patient
    func labels(_ role: MaskRole) -> [Int]? { patient.results.inputs.first { $0.role == role.rawValue }?.labels }
    return try PatientScan(
      PatientInput(
        label: identity.label, session: identity.session, stem: patient.layout.stem, flair: flair,
        mprage: places["MPRAGE"], reference: places["reference"], brainMask: places["brain mask"],
        synthetic: identity.synthetic),
      // Another tool's mask says nothing about what its network expected.
      expectsBrainExtracted: patient.results.model?.brainExtracted ?? false, reslice: true,
      labels: MaskLabels(reference: labels(.reference), brain: labels(.brain)))
  }

  private static func place(of input: RunInput, patient: String, moved: URL?) throws -> URL {
    let recorded = URL(fileURLWithPath: input.path)
    if (try? Digest.sha256(file: recorded)) == input.sha256 { return recorded }
    let name = recorded.lastPathComponent
    if let moved {
      let below = (try? FileManager.default.subpathsOfDirectory(atPath: moved.path)) ?? []
      for path in below.sorted() where path == name || path.hasSuffix("/\(name)") {
        let candidate = moved.appendingPathComponent(path)
        if (try? Digest.sha256(file: candidate)) == input.sha256 { return candidate }
      }
      throw Fault(
        .input, moved.path, role: input.role, found: "holds no \(name) with the content that \(patient) was run with",
        remedy: .plain("give the folder with the same images, or run the patient again"))
    }
    let isThere = FileManager.default.fileExists(atPath: recorded.path)
    throw Fault(
      .input, recorded.path, role: "\(input.role) of \(patient)",
      found: isThere ? "is not the file that was run" : "is no longer there", remedy: .nameImages)
  }
}

/// The finished page of a patient: pictures drawn, then placed.
package enum PatientPage {
  /// - Parameters:
  ///   - run: when the run started and who ran it, where the audit trail says so.
  package static func render(
    results: PatientResults, reportID: String, auditHead: String, run: (time: String?, operatorName: String?),
    images: PatientImages, content: PageContent = PageContent(), templates: TemplateFolder,
    progress: (Int, Int) throws -> Void
  ) throws -> [UInt8] {
    let (shown, leftOut) = content.of(results)
    var pictures = try PagePictures(
      results: shown, images: content.of(images), isCompact: content.isCompact, isExcerpt: content.isFlaggedOnly,
      progress: progress)
    pictures.findingsLeftOut = leftOut
    return try ReportPage.render(
      results: shown, reportID: reportID, auditHead: auditHead, runTime: run.time, operatorName: run.operatorName,
      pictures: pictures, templates: templates)
  }
}
