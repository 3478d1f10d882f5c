import Foundation
import Testing
import Volumes

@testable import Phantoms

struct CohortTests {
  private func folder() -> String { NSTemporaryDirectory() + "phantoms-\(UUID().uuidString)" }

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  private func files(_ path: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path).filter {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: path + "/" + $0, isDirectory: &isFolder) && !isFolder.boolValue
    }.sorted()
  }

  @Test func writesABIDSDataSet() async throws {
    let path = folder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let cohort = try PhantomCohort(seed: 11, patients: 2, recipe: Specimens.quick, command: "lesionqc phantom …")
    try await cohort.write(to: path, threads: 2)
    let patientFiles = ["01", "02"].flatMap { n in
      [
        "sub-\(n)/anat/sub-\(n)_FLAIR.nii.gz", "sub-\(n)/anat/sub-\(n)_T1w.nii.gz",
        "derivatives/truth/sub-\(n)/anat/sub-\(n)_label-L_mask.nii.gz",
        "derivatives/truth/sub-\(n)/anat/sub-\(n)_desc-phantom_findings.tsv",
      ]
    }
    let others = [
      ".bidsignore", "README", "dataset_description.json", "participants.json", "participants.tsv",
      "derivatives/truth/dataset_description.json",
    ]
    #expect(try files(path) == (patientFiles + others).sorted())

    for (name, type) in [("", "raw"), ("derivatives/truth/", "derivative")] {
      let data = Data(try text("\(path)/\(name)dataset_description.json").utf8)
      let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      #expect(object["DatasetType"] as? String == type)
      #expect((object["Name"] as? String)?.contains("SYNTHETIC") == true)
      #expect(object["GeneratedBy"] != nil)
    }
    #expect(try JSONSerialization.jsonObject(with: Data(try text("\(path)/participants.json").utf8)) is [String: Any])
    #expect(try text("\(path)/README").contains("SYNTHETIC"))

    // What is read back is what was drawn.
    let patient = Specimens.quickPatient
    let flair = try NIfTIFile.read("\(path)/sub-01/anat/sub-01_FLAIR.nii.gz")
    #expect(flair.volume == patient.flair)
    #expect(flair.header.datatype == .int16)
    #expect(try NIfTIFile.read("\(path)/sub-01/anat/sub-01_T1w.nii.gz").volume == patient.mprage)
    let mask = try NIfTIFile.read("\(path)/derivatives/truth/sub-01/anat/sub-01_label-L_mask.nii.gz")
    #expect(mask.volume.voxels == patient.truth.voxels.map(Float.init))
    #expect(mask.header.datatype == .uint8)

    let rows = try text("\(path)/participants.tsv").split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(rows.map { $0[0] } == ["participant_id", "sub-01", "sub-02"])
    #expect(Int(rows[1][2]) == patient.lesions.count)
    let findings = try text("\(path)/derivatives/truth/sub-01/anat/sub-01_desc-phantom_findings.tsv").split(
      separator: "\n"
    ).map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
    #expect(findings.count == 1 + patient.lesions.count + patient.mimics.count)
    #expect(findings.allSatisfy { $0.count == 12 })
    #expect(findings.count { $0[0] == "lesion" } == patient.lesions.count)
    let first = try #require(patient.lesions.first)
    let row = findings[1]
    #expect(
      row[6] == "\(first.centreVoxel.i)" && row[7] == "\(first.centreVoxel.j)" && row[8] == "\(first.centreVoxel.k)")
    #expect(abs(try #require(Double(row[9])) - first.centreMillimetres.x) <= 0.005)
  }

  @Test func filesDoNotDependOnThreadsNorOnTheRestOfTheCohort() async throws {
    let (one, other) = (folder(), folder())
    defer {
      try? FileManager.default.removeItem(atPath: one)
      try? FileManager.default.removeItem(atPath: other)
    }
    try await PhantomCohort(seed: 11, patients: 3, recipe: Specimens.quick).write(to: one, threads: 3)
    try await PhantomCohort(seed: 11, patients: 1, firstIndex: 1, recipe: Specimens.quick).write(to: other)
    for file in try files(other) where file.contains("sub-02") {
      #expect(FileManager.default.contentsEqual(atPath: "\(one)/\(file)", andPath: "\(other)/\(file)"), "\(file)")
    }
    #expect(try files(other).contains("sub-02/anat/sub-02_FLAIR.nii.gz"))
  }

  @Test func anExistingDataSetIsKeptUnlessOverwritten() async throws {
    let path = folder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let cohort = try PhantomCohort(seed: 11, patients: 1, recipe: Specimens.quick)
    try await cohort.write(to: path)
    await #expect(throws: PhantomError.exists(path: path)) { try await cohort.write(to: path) }
    try await cohort.write(to: path, overwrite: true)
  }

  @Test func anUnwritableFolderIsOneClearError() async throws {
    let path = folder()
    try "a file".write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let cohort = try PhantomCohort(seed: 11, patients: 1, recipe: Specimens.quick)
    do {
      try await cohort.write(to: path + "/inside")
      Issue.record("wrote into a file")
    } catch let error as PhantomError {
      guard case .unwritable = error else { throw error }
      #expect(!error.description.contains("\n"))
    }
  }

  @Test func numbersOutOfRangeAreRefused() {
    #expect(throws: PhantomError.patients(0)) { try PhantomCohort(seed: 1, patients: 0) }
    #expect(throws: PhantomError.firstIndex(-1)) { try PhantomCohort(seed: 1, patients: 1, firstIndex: -1) }
    for recipe in [PhantomRecipe(lesionLoad: -1), PhantomRecipe(noise: .infinity), PhantomRecipe(mimicRate: .nan)] {
      #expect(throws: PhantomError.self) { try PhantomCohort(seed: 1, patients: 1, recipe: recipe) }
    }
  }

  @Test(arguments: [(0, "sub-01"), (8, "sub-09"), (99, "sub-100")]) func labels(index: Int, label: String) {
    #expect(PhantomCohort.label(index) == label)
  }
}
