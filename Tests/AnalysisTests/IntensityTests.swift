import Archive
import Foundation
import Phantoms
import QualityControl
import Results
import SharedPatients
import Testing
import Volumes

@testable import Analysis

@Suite struct IntensityTests {
  private func image(_ values: [Float]) -> (Volume<Float>, Volume<UInt8>) {
    let shape = GridShape(values.count, 1, 1)
    return (
      Volume(shape: shape, affine: .scaling(1, 1, 1), voxels: values),
      Volume(shape: shape, affine: .scaling(1, 1, 1), voxels: values.map { $0 == 0 ? 0 : 1 })
    )
  }

  @Test func aProfileKnowsNoUnit() throws {
    let (plain, mask) = image([0, 0] + (1...101).map(Float.init))
    let profile = try #require(IntensityProfile(plain, inside: mask))
    // 1 … 101: mean 51, variance (101² − 1) / 12 = 850.
    let expected = [2.0, 6, 26, 51, 76, 96, 100].map { ($0 - 51) / 850.0.squareRoot() }
    for (value, wanted) in zip(profile.quantiles, expected) { #expect(abs(value - wanted) < 1e-12) }
    let scaled = try #require(IntensityProfile(plain.map { $0 * 7 + 300 }, inside: mask))
    for (value, wanted) in zip(scaled.quantiles, expected) { #expect(abs(value - wanted) < 1e-5) }
    let inverted = try #require(IntensityProfile(plain.map { $0 == 0 ? 0 : 200 - $0 * $0 / 60 }, inside: mask))
    #expect(abs(inverted.quantiles[0] - expected[0]) > 0.4)
    #expect(IntensityProfile(plain.map { _ in 3 }, inside: mask) == nil)
    #expect(IntensityProfile(plain, inside: mask.map { _ in 0 }) == nil)
  }

  /// A file as it is read, from the quantiles of its patients.
  private func training(_ quantiles: [[Double]]) throws -> TrainingIntensities {
    let rows = { (pick: ([Double]) -> Double) in quantiles[0].indices.map { level in pick(quantiles.map { $0[level] }) }
    }
    let object: [String: Any] = [
      "schemaVersion": 1, "software": "x", "patients": quantiles.count, "syntheticPatients": 0,
      "levels": IntensityProfile.levels,
      "channels": [["role": "FLAIR", "lowest": rows { $0.min()! }, "highest": rows { $0.max()! }]],
    ]
    return try JSONDecoder().decode(TrainingIntensities.self, from: try JSONSerialization.data(withJSONObject: object))
  }

  @Test func onlyWhatLiesClearlyOutsideIsFar() throws {
    let (plain, mask) = image((1...101).map(Float.init))
    let profile = try #require(IntensityProfile(plain, inside: mask))
    let own = profile.quantiles
    let even = try training([own, own])
    #expect(even.departure("FLAIR", profile) == nil && even.departure("T2", profile) == nil)
    // 0.1 SD above a range without width is still like it, 0.11 is not.
    let near = try training([own.map { $0 - 0.099 }])
    #expect(near.departure("FLAIR", profile) == nil)
    var one = own
    one[4] -= 0.11
    let departure = try #require(try training([one]).departure("FLAIR", profile))
    #expect(departure.level == 0.75 && abs(departure.value - departure.highest - 0.11) < 1e-9)
    // A range of 1 SD is widened by half of it.
    one[4] = own[4] + 0.45
    var other = one
    other[4] += 1
    #expect(try training([one, other]).departure("FLAIR", profile) == nil)
    one[4] = own[4] + 0.55
    other[4] = one[4] + 1
    #expect(try training([one, other]).departure("FLAIR", profile)?.level == 0.75)
  }

  @Test func aModelThatKnowsItsTrainingDataWarnsOfOthers() throws {
    let patient = try SmallPatient()
    let model = patient.folder.appendingPathComponent("model")
    try FileManager.default.copyItem(at: sampleModel, to: model)
    try? FileManager.default.removeItem(at: model.appendingPathComponent(TrainingIntensities.fileName))
    let scan = try PatientScan(patient.input(), expectsBrainExtracted: true, reslice: false)
    #expect(try IntensityCheck(scan, against: TrainingIntensities.find(in: model)).record == nil)

    let dataset = patient.folder.appendingPathComponent("training")
    func addPatient(_ number: Int) throws {
      let anat = dataset.appendingPathComponent("sub-\(number)/anat")
      try FileManager.default.createDirectory(at: anat, withIntermediateDirectories: true)
      for (source, suffix) in [(patient.flair, "FLAIR"), (patient.mprage, "T1w")] {
        try FileManager.default.copyItem(at: source, to: anat.appendingPathComponent("sub-\(number)_\(suffix).nii.gz"))
      }
    }
    for number in 1...4 { try addPatient(number) }
    var warned: [String: [Warning.Code]] = [:]
    func write() throws -> Int {
      try ModelIntensities.write(
        model: model, datasets: [dataset], overwrite: false, warn: { warned[$0] = $1.map(\.code) }, progress: { _ in }
      ).patients
    }
    #expect { try write() } throws: { "\($0)".contains("4 patients say too little") }
    try addPatient(5)
    // An MPRAGE on another grid is resliced, and that is said.
    let moved = dataset.appendingPathComponent("sub-5/anat/sub-5_T1w.nii.gz")
    let original = try NIfTIFile.read(moved.path).volume
    try FileManager.default.removeItem(at: moved)
    try NIfTIWriter.write(original.moved(by: 0.5), to: moved.path)
    #expect(try write() == 5)
    #expect(warned == ["sub-1": [], "sub-2": [], "sub-3": [], "sub-4": [], "sub-5": [.mprageResliced]])
    #expect { try write() } throws: {
      $0 as? Fault
        == Fault(
          .output, model.appendingPathComponent(TrainingIntensities.fileName).path, found: "exists", remedy: .replace)
    }

    let same = try IntensityCheck(scan, against: TrainingIntensities.find(in: model))
    #expect(
      same.warnings == [] && same.record?.trainingPatients == 5
        && same.record?.images.map(\.isUnlike) == [false, false])
    // An MPRAGE whose bright tissue was compressed, as by another sequence.
    let other = patient.folder.appendingPathComponent("dull.nii.gz")
    let image = try NIfTIFile.read(patient.mprage.path)
    let highest = try #require(image.volume.voxels.max())
    try NIfTIWriter.write(
      image.volume.map { $0 > highest * 0.3 ? highest * 0.3 + ($0 - highest * 0.3) * 0.1 : $0 }, like: image.header,
      intent: .estimate, to: other.path)
    let dull = try IntensityCheck(
      try PatientScan(
        PatientInput(label: "sub-t", flair: patient.flair, mprage: other), expectsBrainExtracted: true, reslice: false),
      against: TrainingIntensities.find(in: model))
    #expect(dull.warnings.map(\.code) == [.intensitiesUnlikeTraining] && dull.warnings[0].images == ["MPRAGE"])
    #expect(dull.warnings[0].sentence.hasPrefix("The MPRAGE is unlike the 5 patients"))
    #expect(dull.record?.images.map(\.isUnlike) == [false, true])

    // They are part of what a patient was made with: others are not taken for done, and the trail notices.
    guard case .done = try patient.run(modelFolder: model).single(patient.input()) else {
      Issue.record("not done")
      return
    }
    #expect(try AuditCheck(output: patient.output).faults.isEmpty)
    try addPatient(6)
    _ = try ModelIntensities.write(
      model: model, datasets: [dataset], overwrite: true, warn: { _, _ in }, progress: { _ in })
    #expect { try patient.run(modelFolder: model).single(patient.input()) } throws: {
      "\($0)".contains("made with other settings, another model")
    }
    #expect(try AuditCheck(output: patient.output).faults.map(\.kind) == [.alteredModel])

    try Data("{}".utf8).write(to: model.appendingPathComponent(TrainingIntensities.fileName))
    #expect { try IntensityCheck(scan, against: TrainingIntensities.find(in: model)) } throws: {
      ($0 as? Fault)?.subject == .model && ($0 as? Fault)?.remedy == .makeIntensities
        && "\($0)".contains("is no file of training intensities")
    }
    // Before any patient is worked on.
    #expect { try patient.run(modelFolder: model) } throws: {
      ($0 as? Fault)?.subject == .model && ($0 as? Fault)?.remedy == .makeIntensities
        && "\($0)".contains("is no file of training intensities")
    }
  }
}
