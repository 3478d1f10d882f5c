public import Archive
import AuditTrail
public import DICOM
import Digests
import Files
public import Foundation
import Results

/// Sends objects that were written of an output folder's patients, and notes each in the trail of its patient.
public struct ObjectSending {
  /// Where to.
  public enum Destination: Sendable, CustomStringConvertible {
    case storage(StorageService)
    case web(WebStorage)

    public var description: String {
      switch self {
      case .storage(let service): service.description
      case .web(let service): service.description
      }
    }
  }

  /// What was sent of one patient.
  public struct Outcome: Sendable {
    public let patient: String
    public let count: Int
  }

  private let output: URL
  private let destination: Destination
  private let attribution: Attribution

  /// - Parameter output: the folder whose trails know the objects.
  public init(output: URL, to destination: Destination, by attribution: Attribution) {
    self.output = output
    self.destination = destination
    self.attribution = attribution
  }

  /// - Parameter folder: of objects, of one patient or of several.
  /// - Throws: ``Fault`` for a file that no trail attests or for objects of both kinds, and ``DICOMError``; what was
  ///   taken by then is in the trails.
  public func run(_ folder: URL) throws -> [Outcome] {
    guard DICOMFile.isAvailable else { throw DICOMError.notBuilt }
    let attested = try attestedObjects()
    var objects: [(url: URL, patient: StoredPatient, record: ObjectRecord)] = []
    var kinds: Set<Bool> = []
    for url in try Self.files(in: folder) {
      guard let (patient, record) = attested[try Digest.sha256(file: url)] else {
        throw Fault(
          .input, url.path, found: "is no object that was made of \(output.path), or was altered since",
          remedy: .plain("write the objects again with 'lesionqc dicom'"))
      }
      kinds.insert(try DICOMFile.read(url).text(.patientIdentityRemoved) == "YES")
      objects.append((url, patient, record))
    }
    guard !objects.isEmpty else { throw Fault(.input, folder.path, found: "holds no objects (.dcm)") }
    guard kinds.count == 1 else {
      throw Fault(
        .input, folder.path, found: "holds objects under the patient's name and objects under a pseudonym",
        remedy: .plain("send each kind by itself: together they tell who the pseudonym is"))
    }
    var taken: Set<URL> = []
    let failure = Result { try send(objects.map(\.url)) { taken.insert($0) } }
    var outcomes: [Outcome] = []
    for (name, own) in Dictionary(grouping: objects.filter { taken.contains($0.url) }, by: \.patient.name).sorted(by: {
      $0.key < $1.key
    }) {
      try attribution.log(name, in: output).append(
        event: ObjectRecord.sent,
        details: ObjectRecord.details(
          own.map(\.record), reportID: own[0].patient.reportID, ["destination": .string("\(destination)")],
          options: [:], by: attribution))
      outcomes.append(Outcome(patient: name, count: own.count))
    }
    try failure.get()
    return outcomes
  }

  private func send(_ files: [URL], taken: @escaping (URL) -> Void) throws {
    switch destination {
    case .storage(let service): try service.store(files, stored: taken)
    case .web(let service): try service.store(files, stored: taken)
    }
  }

  /// By digest.
  private func attestedObjects() throws -> [String: (StoredPatient, ObjectRecord)] {
    var found: [String: (StoredPatient, ObjectRecord)] = [:]
    for name in try StoredPatient.names(in: output) {
      guard let patient = try? StoredPatient(name, in: output) else { continue }
      for record in ObjectRecord.all(patient.records) { found[record.sha256] = (patient, record) }
    }
    return found
  }

  private static func files(in folder: URL) throws -> [URL] {
    let found = FileManager.default.enumerator(
      at: folder, includingPropertiesForKeys: [.isRegularFileKey], options: .skipsHiddenFiles)
    var files: [URL] = []
    while let url = found?.nextObject() as? URL { if url.pathExtension == "dcm" { files.append(url) } }
    return files.sorted { $0.path < $1.path }
  }
}
