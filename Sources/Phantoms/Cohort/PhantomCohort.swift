import Foundation
import Volumes

/// A row of synthetic patients, written as a BIDS data set with the truth under `derivatives/truth`.
///
///     DIR/dataset_description.json  README  participants.tsv  participants.json  .bidsignore
///     DIR/sub-01/anat/sub-01_FLAIR.nii.gz  sub-01_T1w.nii.gz                       int16
///     DIR/derivatives/truth/dataset_description.json
///     DIR/derivatives/truth/sub-01/anat/sub-01_label-L_mask.nii.gz                 uint8
///     DIR/derivatives/truth/sub-01/anat/sub-01_desc-phantom_findings.tsv           every lesion and mimic
public struct PhantomCohort: Sendable {
  public let seed: UInt64
  public let firstIndex: Int
  public let patients: Int
  public let recipe: PhantomRecipe

  /// The command that writes the same data again, for the README.
  public let command: String

  /// - Parameters:
  ///   - patients: how many, 1 to 9999.
  ///   - firstIndex: index of the first patient in the endless row that belongs to the seed; `sub-01` has index 0.
  /// - Throws: `PhantomError` when a number is out of range.
  public init(
    seed: UInt64, patients: Int, firstIndex: Int = 0, recipe: PhantomRecipe = PhantomRecipe(), command: String = ""
  ) throws(PhantomError) {
    guard (1...9999).contains(patients) else { throw .patients(patients) }
    guard (0...9999).contains(firstIndex) else { throw .firstIndex(firstIndex) }
    try recipe.validate()
    self.seed = seed
    self.patients = patients
    self.firstIndex = firstIndex
    self.recipe = recipe
    self.command = command
  }

  /// Identifier of the patient with an index, such as `sub-01`.
  public static func label(_ index: Int) -> String {
    let number = String(index + 1)
    return "sub-" + (number.count < 2 ? "0" + number : number)
  }

  /// Draws and writes all patients. The description of the data set is written last: without it nothing looks finished.
  ///
  /// - Parameters:
  ///   - threads: patients drawn at the same time; the files do not depend on it.
  ///   - progress: called with the identifier of each patient that has been written.
  /// - Throws: `PhantomError`, `VolumeError`, `CancellationError`.
  public func write(
    to directory: String, threads: Int = 1, overwrite: Bool = false,
    progress: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws {
    let folder = CohortFolder(path: directory)
    let description = "dataset_description.json"
    if folder.holds(description) {
      guard overwrite else { throw PhantomError.exists(path: directory) }
      try folder.remove(description)
    }
    let rows = try await withThrowingTaskGroup(of: CohortRow.self) { group in
      var rows: [CohortRow] = []
      var next = firstIndex
      let end = firstIndex + patients
      while next < min(firstIndex + max(1, threads), end) {
        let index = next
        group.addTask { try writePatient(index, to: folder) }
        next += 1
      }
      while let row = try await group.next() {
        rows.append(row)
        progress(row.identifier)
        if next < end {
          let index = next
          group.addTask { try writePatient(index, to: folder) }
          next += 1
        }
      }
      return rows.sorted { $0.index < $1.index }
    }
    try folder.write(CohortText.participants(rows), to: "participants.tsv")
    try folder.write(CohortText.participantColumns, to: "participants.json")
    try folder.write(CohortText.readme(self, rows), to: "README")
    try folder.write(CohortText.ignored, to: ".bidsignore")
    try folder.write(CohortText.description(self, isTruth: true), to: "derivatives/truth/\(description)")
    try folder.write(CohortText.description(self, isTruth: false), to: description)
  }

  private func writePatient(_ index: Int, to folder: CohortFolder) throws -> CohortRow {
    try Task.checkCancellation()
    let patient = Phantom.patient(seed: seed, index: index, recipe: recipe)
    let name = Self.label(index)
    let (anat, truth) = ("\(name)/anat", "derivatives/truth/\(name)/anat")
    try folder.makeFolder(anat)
    try folder.makeFolder(truth)
    try NIfTIWriter.write(whole(patient.flair), to: folder.absolute("\(anat)/\(name)_FLAIR.nii.gz"))
    try NIfTIWriter.write(whole(patient.mprage), to: folder.absolute("\(anat)/\(name)_T1w.nii.gz"))
    try NIfTIWriter.write(patient.truth, intent: .label, to: folder.absolute("\(truth)/\(name)_label-L_mask.nii.gz"))
    try folder.write(
      CohortText.findings(patient.lesions + patient.mimics), to: "\(truth)/\(name)_desc-phantom_findings.tsv")
    return CohortRow(index: index, identifier: name, patient: patient)
  }

  private func whole(_ volume: Volume<Float>) -> Volume<Int16> {
    Volume(shape: volume.shape, affine: volume.affine, voxels: volume.voxels.map { Int16(min($0, 32767)) })
  }
}

/// The folder of a data set; file names are relative to it.
struct CohortFolder: Sendable {
  let path: String

  func absolute(_ name: String) -> String { path + "/" + name }

  func holds(_ name: String) -> Bool { FileManager.default.fileExists(atPath: absolute(name)) }

  func remove(_ name: String) throws { try attempt(name) { try FileManager.default.removeItem(atPath: $0) } }

  func makeFolder(_ name: String) throws {
    try attempt(name) { try FileManager.default.createDirectory(atPath: $0, withIntermediateDirectories: true) }
  }

  /// Writes a text under a temporary name and renames it.
  func write(_ text: String, to name: String) throws {
    try attempt(name) { try Data(text.utf8).write(to: URL(fileURLWithPath: $0), options: .atomic) }
  }

  private func attempt(_ name: String, _ work: (String) throws -> Void) throws {
    do { try work(absolute(name)) } catch {
      throw PhantomError.unwritable(path: absolute(name), reason: (error as NSError).localizedDescription)
    }
  }
}
