public import Archive
import AuditTrail
public import DICOM
import Digests
import Files
public import Foundation
import Results
import Volumes

/// Writes the DICOM objects of a stored patient into a folder of their own, each read back and compared before the
/// first of them has its name, and notes them in the patient's audit trail.
public struct ObjectWriting {
  public struct Settings: Sendable {
    /// Folder of the study that the FLAIR came from.
    public var source: URL
    /// Which of its series; nil to find it by the voxel grid.
    public var seriesUID: String?
    /// Where the objects go, outside of the output folder: they name the patient.
    public var objects: URL
    /// The images were resampled after they left the scanner: the segmentation gets planes of its own.
    public var isResampled = false
    /// Only patients whose review was applied.
    public var reviewedOnly = false
    public var key: PseudonymKey?
    /// Pictures of the findings that the report would show a page of.
    public var hasPictures = true
    /// Where the images of the run are now, when they were moved.
    public var images: URL?
    public var overwrite = false

    public init(source: URL, objects: URL) {
      self.source = source
      self.objects = objects
    }
  }

  public struct Outcome: Sendable {
    public let folder: URL
    /// Names of the files.
    public let files: [String]
    /// What was left out and why.
    public let notes: [String]
  }

  private let output: URL
  private let settings: Settings
  private let waiting: LockWaiting
  private let attribution: Attribution

  /// - Throws: ``DICOMError/notBuilt``; ``Fault`` for a folder of objects within the output folder.
  public init(output: URL, _ settings: Settings, waiting: LockWaiting, by attribution: Attribution) throws {
    guard DICOMFile.isAvailable else { throw DICOMError.notBuilt }
    func path(_ url: URL) -> String { url.standardizedFileURL.resolvingSymlinksInPath().path + "/" }
    guard !path(settings.objects).hasPrefix(path(output)) else {
      throw Fault(
        .output, settings.objects.path, found: "lies in the output folder, and objects name the patient",
        remedy: .plain("choose a folder outside of \(output.path)"))
    }
    self.output = output
    self.settings = settings
    self.waiting = waiting
    self.attribution = attribution
  }

  /// - Parameter name: of the patient: `sub-01` or `sub-01_ses-02`.
  /// - Throws: ``Fault``, ``DICOMError``, `OutputInUse`; no object has its name then.
  public func run(_ name: String) throws -> Outcome {
    let lock = try PatientLock(name, in: output, waiting)
    defer { lock.release() }
    let patient = try StoredPatient(name, in: output)
    try patient.layout.requireOwnTrail()
    try patient.requireIntactVolumes()
    let findings = try StoredFindings(patient)
    let review = try AppliedReview(patient, findings)
    if settings.reviewedOnly, review == nil {
      throw Fault(
        .input, name, found: "no review of the present results was applied",
        remedy: .plain("apply one with 'lesionqc review apply', or ask for objects without one"))
    }
    let (series, mapping) = try source(ResultsGrid(shape: findings.shape, affine: findings.affine))
    let key = settings.key
    let label = key?.label(patient.results.patient.label)
    let source = key.map { key in
      series.pseudonymised(as: label ?? "") { UID.derived(["pseudonym", key.digest(of: $0, kind: "DICOM UID")]) }
    }
    var notes: [String] = []
    let pdf = key == nil ? try printed(patient, &notes) : nil
    if key != nil { notes.append("no PDF: a printed report is not put under a pseudonym") }
    let objects = try PatientObjects(
      patient: patient, findings: findings, review: review, source: source ?? series, mapping: mapping,
      isPseudonymous: key != nil
    ).objects(pdf: pdf, images: settings.hasPictures ? StoredReport(patient, moved: settings.images).images : nil)
    if !objects.contains(where: { $0.fileName == "segmentation.dcm" }) {
      notes.append("no segmentation: there is no finding to put into one")
    }
    let folder = settings.objects.appendingPathComponent(label ?? name)
    let records = try write(objects, to: folder)
    try attribution.log(name, in: output).append(
      event: ObjectRecord.written,
      details: ObjectRecord.details(
        records, reportID: patient.reportID,
        ["pseudonymous": .bool(key != nil), "reviewed": .bool(review != nil), "toolkit": .string(DICOMFile.toolkit)],
        options: [
          "overwrite": .bool(settings.overwrite), "resampled": .bool(settings.isResampled),
          "reviewedOnly": .bool(settings.reviewedOnly),
        ], by: attribution))
    return Outcome(folder: folder, files: records.map(\.file), notes: notes)
  }

  /// The series of the results, and the way to its voxels; none where the results are on a grid of their own.
  private func source(_ grid: ResultsGrid) throws -> (SourceSeries, GridMapping?) {
    let folder = try SourceFolder(settings.source)
    guard settings.isResampled else { return try folder.series(like: grid, uid: settings.seriesUID) }
    if let uid = settings.seriesUID { return (try folder.named(uid), nil) }
    guard folder.series.count == 1, let only = folder.series.first else {
      throw Fault(
        .input, settings.source.path, found: "holds \(folder.series.count) series",
        names: folder.series.map(\.seriesUID), remedy: .plain("name the one of the FLAIR"))
    }
    return (only, nil)
  }

  /// The printed report as the trail attests it.
  private func printed(_ patient: StoredPatient, _ notes: inout [String]) throws -> [UInt8]? {
    let path = "\(patient.name).pdf"
    guard patient.outputs.contains(where: { $0.path == path }) else {
      notes.append("no PDF: the report was not printed ('lesionqc report')")
      return nil
    }
    return try SmallFile.read(patient.intact(path), .page)
  }

  private func write(_ objects: [PatientObjects.Object], to folder: URL) throws -> [ObjectRecord] {
    let staging = settings.objects.appendingPathComponent(".\(folder.lastPathComponent).partial-\(getpid())")
    try DurableFile.makeFolder(staging)
    defer { try? FileManager.default.removeItem(at: staging) }
    var written: [(record: ObjectRecord, bytes: [UInt8])] = []
    for object in objects {
      let url = staging.appendingPathComponent(object.fileName)
      try DICOMFile.write(object.dataSet, to: url)
      let read = try DICOMFile.read(url, limit: SmallFile.Limit.page.rawValue)
      try object.check(read)
      let bytes = try SmallFile.read(url, .page)
      written.append((ObjectRecord(read, file: object.fileName, bytes: bytes), bytes))
    }
    try DurableFile.makeFolder(folder)
    for (record, bytes) in written {
      let place = folder.appendingPathComponent(record.file)
      let standing = try? Digest.sha256(file: place)
      guard standing == nil || standing == Digest.sha256(bytes) || settings.overwrite else {
        throw Fault(.output, place.path, found: "exists and would change", remedy: .replace)
      }
    }
    // What an earlier call left and this one does not make would be sent along.
    let names = Set(written.map(\.record.file))
    for left in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where left.hasSuffix(".dcm") && !names.contains(left) {
      guard settings.overwrite else {
        throw Fault(
          .output, folder.appendingPathComponent(left).path, found: "exists, and is none of these objects",
          remedy: .replace)
      }
      try FileManager.default.removeItem(at: folder.appendingPathComponent(left))
    }
    for (record, bytes) in written { try DurableFile.write(bytes, to: folder.appendingPathComponent(record.file)) }
    return written.map(\.record)
  }
}

extension ObjectRecord {
  /// Of an object as it was read back.
  init(_ dataSet: DataSet, file: String, bytes: [UInt8]) {
    self.init(
      file: file, sha256: Digest.sha256(bytes), sopClass: dataSet.text(.sopClassUID) ?? "",
      sopInstance: dataSet.text(.sopInstanceUID) ?? "", series: dataSet.text(.seriesInstanceUID) ?? "",
      study: dataSet.text(.studyInstanceUID) ?? "")
  }
}
