import Analysis
import AuditTrail
import Foundation
import Reports
import SharedPatients
import Testing
import Volumes

@testable import Archive
@testable import Results

/// Decisions on the results that stand in an output folder.
private struct Desk {
  let patient: SmallPatient
  let stored: StoredPatient

  init() throws {
    patient = try SmallPatient()
    _ = try patient.run().single(patient.input())
    stored = try StoredPatient("sub-t", in: patient.output)
  }

  func file(
    _ reader: String, _ verdicts: [String: ReviewDecisions.Verdict], reportID: String? = nil, asPage: Bool = false,
    time: String = "2026-11-24T09:00:00Z", marks: [ReviewDecisions.Mark]? = nil, study: ReviewDecisions.Study? = nil
  ) throws -> URL {
    var decisions = ReviewDecisions(
      reportId: reportID ?? stored.reportID, patient: "sub-t", session: nil, reader: reader, savedAt: time,
      decisions: verdicts.sorted { $0.key < $1.key }.map {
        .init(id: $0.key, decision: $0.value, reasons: [.vessel], comment: "a </script> b", time: time)
      })
    (decisions.marks, decisions.study) = (marks, study)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    var text = String(decoding: try encoder.encode(decisions), as: UTF8.self)
    if asPage {
      text = text.replacingOccurrences(of: "<", with: "\\u003c")
      text =
        "<!DOCTYPE html>\n<script>let a = 1</script>\n"
        + "<script type=\"application/json\" id=\"decisions\">\(text)</script>\n<p>page</p>"
    }
    let url = patient.folder.appendingPathComponent("\(reader)-\(UUID().uuidString).\(asPage ? "html" : "json")")
    try Data(text.utf8).write(to: url)
    return url
  }

  @discardableResult func apply(_ files: [URL], overwrite: Bool = false) throws -> [String] {
    try ReviewApplication(files: files, output: patient.output, overwrite: overwrite).run().flatMap(\.lines)
  }

  func events() throws -> [String] { try stored.log.records().map(\.event) }
  func url(_ path: String) -> URL { stored.layout.url(path) }
  func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: url(path).path) }
}

@Suite(.serialized) struct ReviewApplicationTests {
  @Test func marksChangeCountsAloneAndVerdictsStandOnThePageToSign() throws {
    let desk = try Desk()
    let (results, time) = (desk.stored.results, "2026-11-24T09:00:00Z")
    func mark(_ id: String, _ voxel: [Int], diameter: Double? = nil) -> ReviewDecisions.Mark {
      let place = Affine(rows: results.grid.affine).world(VoxelIndex(voxel[0], voxel[1], voxel[2]))
      return .init(
        id: id, voxel: voxel, positionMillimetres: [place.x, place.y, place.z], diameterMillimetres: diameter,
        comment: "beside a sulcus", time: time)
    }
    // The second reader's mark is 2 voxels from the first reader's: one lesion.
    let files = [
      try desk.file(
        "R1", ["L001": .reject], marks: [mark("R001", [10, 10, 10], diameter: 4)],
        study: .init(verdict: .needsCorrection, grade: 2, comment: "motion", time: time)),
      try desk.file("R2", [:], marks: [mark("R001", [12, 10, 10])]),
    ]
    let lines = try desk.apply(files)
    #expect(lines.contains("1 lesion marked by readers: counted, without volume"))
    #expect(lines.contains("R1: needs correction, grade 2 (large corrections needed), 2026-11-24 09:00 UTC. motion"))
    #expect(try desk.events().suffix(4) == ["decision", "study", "study", "reviewed"])

    let left = results.lesions.dropFirst().reduce(0) { $0 + $1.measurements.volumeMillilitres }
    let entry = try #require(try CohortFiles.entries(in: desk.patient.output).first)
    #expect(entry.review?.figures.lesions == results.lesions.count)
    #expect(entry.review?.figures.marks == 1)
    #expect(abs((entry.review?.figures.millilitres ?? 0) - left) < 1e-9)
    #expect(entry.review?.readers == ["R1", "R2"] && entry.review?.grades == ["R1: 2"])
    let page = try String(contentsOf: desk.url(desk.stored.layout.reviewedPage), encoding: .utf8)
    #expect(page.contains("R1: reject, vessel or perivascular space, 2026-11-24 09:00 UTC. a &lt;/script&gt; b"))
    #expect(page.contains("1 lesion was marked by readers: counted, without volume"))
    #expect(page.contains("needs correction, grade 2 (large corrections needed)"))

    // Twice changes nothing; a mark that was removed is gone.
    let count = try desk.events().count
    #expect(try desk.apply(files, overwrite: true).first?.hasPrefix("nothing new") == true)
    #expect(try desk.events().count == count)
    try desk.apply(
      [try desk.file("R1", [:], time: "2026-11-24T10:00:00Z", study: .init(verdict: .usable, time: time))],
      overwrite: true)
    let after = try #require(try CohortFiles.entries(in: desk.patient.output).first)
    #expect(after.review?.verdicts == ["R1: usable"] && after.review?.figures.marks == 1)
  }

  @Test func marksThatAreNotOnTheGridAreRefused() throws {
    let desk = try Desk()
    let time = "2026-11-24T09:00:00Z"
    for (voxel, position) in [([9999, 0, 0], [0.0, 0, 0]), ([10, 10, 10], [500.0, 0, 0])] {
      let mark = ReviewDecisions.Mark(id: "R001", voxel: voxel, positionMillimetres: position, time: time)
      #expect { try desk.apply([try desk.file("R1", [:], marks: [mark])]) } throws: {
        ($0 as? Fault)?.found.contains("R001 lies outside the grid") == true
      }
    }
    #expect(
      throws: Fault.self, performing: { try desk.apply([try desk.file("R1", [:], study: .init(grade: 6, time: time))]) }
    )
    #expect(!desk.exists(desk.stored.layout.reviewedPage))
  }

  @Test func aMaskThatWasEditedElsewhereTakesThePlaceOfTheDecisions() throws {
    let desk = try Desk()
    let layout = desk.stored.layout
    let labels = try NIfTIFile.read(desk.url(layout.segmentation).path)
    let affine = labels.volume.affine
    // L001 is gone, and a block of 3 × 3 × 3 voxels is new.
    var edited = labels.volume.voxels.map { $0 > 1 ? UInt8(1) : 0 }
    let corner = try #require(
      labels.volume.voxels.indices.first { linear in
        let at = labels.volume.shape.voxel(at: linear)
        return [at.i, at.j, at.k].allSatisfy { $0 == 2 }
      })
    let block = (0..<27).map {
      let at = labels.volume.shape.voxel(at: corner)
      return labels.volume.shape.linearIndex(VoxelIndex(at.i + $0 % 3, at.j + $0 / 3 % 3, at.k + $0 / 9))
    }
    for voxel in block { edited[voxel] = 1 }
    func write(_ voxels: [UInt8], _ name: String) throws -> URL {
      let url = desk.patient.folder.appendingPathComponent(name)
      try NIfTIWriter.write(
        Volume(shape: labels.volume.shape, affine: affine, voxels: voxels), like: labels.header, intent: .label,
        to: url.path)
      return url
    }
    let decisions = try desk.file("R1", ["L002": .accept])
    func apply(_ mask: URL?, overwrite: Bool = false) throws -> [String] {
      var application = ReviewApplication(files: [decisions], output: desk.patient.output, overwrite: overwrite)
      application.correctedMask = mask.map { .init($0) }
      return try application.run().flatMap(\.lines)
    }
    let lines = try apply(write(edited, "edited.nii.gz"))
    let results = desk.stored.results
    let removed = results.lesions[0].measurements.voxelCount
    let kept = results.lesions.dropFirst().reduce(0) { $0 + $1.measurements.voxelCount }
    let dice = String(format: "%.3f", 2 * Double(kept) / Double(2 * kept + removed + 27))
    #expect(lines.contains { $0.contains("Dice \(dice) with the mask before; 27 voxels (") }, "\(lines)")
    #expect(try NIfTIFile.read(desk.url(layout.reviewedMask).path).volume.voxels == edited.map { Float($0) })
    #expect(try desk.events().suffix(3) == ["decision", "corrected", "reviewed"])
    let entry = try #require(try CohortFiles.entries(in: desk.patient.output).first)
    #expect(entry.review?.figures.lesions == results.lesions.count)
    let voxel = affine.voxelVolumeMillimetres3 / 1000
    #expect(abs((entry.review?.figures.millilitres ?? 0) - Double(kept + 27) * voxel) < 1e-9)
    let page = try String(contentsOf: desk.url(layout.reviewedPage), encoding: .utf8)
    #expect(page.contains("The mask was edited by hand: Dice \(dice)"))
    #expect(page.contains(">in the edited mask<") || page.contains("Accepted as it is: L002"))
    #expect(try AuditCheck(output: desk.patient.output).faults.isEmpty)

    // It stays when decisions are applied again without it.
    #expect(try apply(nil)[0].hasPrefix("nothing new"))
    // Another grid, and what is no mask, are refused.
    let shape = labels.volume.shape
    let other = desk.patient.folder.appendingPathComponent("other.nii.gz")
    try NIfTIWriter.write(
      Volume(
        shape: GridShape(shape.ni, shape.nj, 3), affine: affine, voxels: Array(edited.prefix(shape.ni * shape.nj * 3))),
      like: NIfTIHeader(shape: GridShape(shape.ni, shape.nj, 3), affine: affine), intent: .label, to: other.path)
    #expect { try apply(other, overwrite: true) } throws: { "\($0)".contains("does not lie on the grid of FLAIR") }
    #expect(throws: Fault.self) { try apply(desk.url(layout.segmentation), overwrite: true) }
  }

  @Test func rejectedLesionsLeaveAndAcceptedCandidatesJoinTheMask() throws {
    let desk = try Desk()
    let results = desk.stored.results
    #expect(results.lesions.count >= 2 && results.candidates.count >= 1)
    let lines = try desk.apply([
      try desk.file("R1", ["L001": .reject, "L002": .editNeeded, "C001": .accept], asPage: true)
    ])
    #expect(lines[0].contains("3 new decisions; 1 of \(results.lesions.count) lesions removed, 1 of "))
    #expect(lines.contains("outline to be corrected by hand: L002"))
    #expect(lines.contains("page to sign: \(desk.url(desk.stored.layout.reviewedPage).path)"))

    let before = try NIfTIFile.read(desk.url(desk.stored.layout.segmentation).path)
    let after = try NIfTIFile.read(desk.url(desk.stored.layout.reviewedMask).path)
    let flair = try NIfTIFile.read(desk.patient.flair.path)
    #expect(after.volume.affine == flair.volume.affine && after.volume.shape == flair.volume.shape)
    // The candidate's voxels by its own definition: probability of at least 0.1 inside its box, outside every lesion.
    let probability = try NIfTIFile.read(desk.url(desk.stored.layout.probability).path)
    let candidate = results.candidates[0]
    var expected = 0
    for voxel in after.volume.voxels.indices {
      let place = after.volume.shape.voxel(at: voxel)
      let inBox = candidate.measurements.boundingBox.contains(place)
      let label = Int(before.volume.voxels[voxel])
      let isCandidate = inBox && label == 0 && after.volume.voxels[voxel] == 1
      if isCandidate { expected += probability.volume.voxels[voxel] >= 0.1 ? 1 : -1000 }
      #expect(after.volume.voxels[voxel] == (label > 1 || isCandidate ? 1 : 0))
    }
    #expect(expected == candidate.measurements.voxelCount)

    let table = try String(contentsOf: desk.url(desk.stored.layout.decisionTable), encoding: .utf8).split(
      separator: "\n"
    ).map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
    #expect(table.count == 1 + results.lesions.count + results.candidates.count)
    #expect(
      table[1][0] == "L001" && table[1][5] == "notALesion" && table[1][9] == "false" && table[1][10] == "R1: reject")
    #expect(table[1][12] == "R1: a </script> b")
    #expect(try desk.events() == ["started", "finished", "decision", "decision", "decision", "reviewed"])
    let record = try #require(try desk.stored.log.records().first { $0.event == "decision" })
    #expect(record.details["reportId"]?.stringValue == desk.stored.reportID)
    #expect(try AuditCheck(output: desk.patient.output).faults.isEmpty)
    // The patient is still complete: a second run does not take the review for a foreign file.
    guard case .upToDate = try desk.patient.run().single(desk.patient.input()) else {
      Issue.record("ran again")
      return
    }
  }

  @Test func applyingTwiceDoesNotDouble() throws {
    let desk = try Desk()
    let file = try desk.file("R1", ["L001": .reject, "C001": .unsure])
    try desk.apply([file])
    let (events, mask) = (try desk.events(), try Data(contentsOf: desk.url(desk.stored.layout.reviewedMask)))
    #expect(try desk.apply([file])[0].hasPrefix("nothing new"))
    #expect(try desk.apply([file, file])[0].hasPrefix("nothing new"))
    #expect(try desk.events() == events)
    #expect(try Data(contentsOf: desk.url(desk.stored.layout.reviewedMask)) == mask)
  }

  @Test func severalReadersAreMergedWithConflictsAndAgreement() throws {
    let desk = try Desk()
    #expect(desk.stored.results.lesions.count >= 3)
    let first = try desk.file("R1", ["L001": .reject, "L002": .reject, "L003": .accept, "C001": .unsure])
    let second = try desk.file("R2", ["L001": .accept, "L002": .reject, "L003": .editNeeded])
    let lines = try desk.apply([first, second])
    #expect(lines.contains("CONFLICT L001: R1 reject, R2 accept; the network's answer stays"))
    // Answers: 1 of 3 alike. Chance: R1 ⅔ reject ⅓ accept; R2 ⅓ each: ⅔·⅓ + ⅓·⅓ = ⅓, so kappa 0.
    // Lesion or not: 2 of 3 alike; chance ⅔·⅓ + ⅓·⅔ = 4/9, kappa (6/9 − 4/9) / (5/9) = 0.4.
    #expect(
      lines.last
        == "agreement (Cohen): answers 33 % alike over 3, kappa 0.00; lesion or not 67 % alike over 3, kappa 0.40")
    let mask = try NIfTIFile.read(desk.url(desk.stored.layout.reviewedMask).path).volume.voxels
    let labels = try NIfTIFile.read(desk.url(desk.stored.layout.segmentation).path).volume.voxels
    #expect(zip(mask, labels).allSatisfy { $0 == ($1 == 0 || $1 == 2 ? 0 : 1) }, "only L002 is gone")

    // A third reader breaks the tie, on another day; the earlier decisions are read from the trail.
    let third = try desk.file("R3", ["L001": .reject, "L002": .reject, "L003": .accept])
    #expect { try desk.apply([third]) } throws: { ($0 as? Fault)?.remedy == .replace }
    #expect(try desk.events().count == 2 + 7 + 1)
    let again = try desk.apply([third], overwrite: true)
    #expect(again.contains("CONFLICT L001: R1 reject, R2 accept, R3 reject; majority: not a lesion"))
    #expect(again.last?.hasPrefix("agreement (Fleiss)") == true)
    #expect(try AuditCheck(output: desk.patient.output).faults.isEmpty)
  }

  @Test func aLaterDecisionOfAReaderReplacesTheEarlierOne() throws {
    let desk = try Desk()
    let early = try desk.file("R1", ["L001": .reject])
    let late = try desk.file("R1", ["L001": .accept], time: "2026-11-25T07:00:00Z")
    let lines = try desk.apply([late, early])
    #expect(lines[0].contains("2 new decisions; 0 of"))
    #expect(!lines.contains { $0.hasPrefix("CONFLICT") })
    let same = try desk.file("R1", ["L001": .unsure])
    #expect { try desk.apply([same], overwrite: true) } throws: { "\($0)".contains("says both") }
  }

  @Test func whatDoesNotFitIsRefusedAndNothingIsWritten() throws {
    let desk = try Desk()
    let good = try desk.file("R1", ["L001": .reject])
    func write(_ text: String) throws -> URL {
      let url = desk.patient.folder.appendingPathComponent("\(UUID().uuidString).json")
      try Data(text.utf8).write(to: url)
      return url
    }
    let goodText = try String(contentsOf: good, encoding: .utf8)
    for (file, text) in [
      (
        try desk.file("R2", ["L001": .reject], reportID: String(repeating: "0a", count: 32)),
        "review the present report"
      ), (try desk.file("R2", ["L900": .reject]), "L900"), (try desk.file("R2", [:]), "nobody has decided"),
      (try desk.file(" ", ["L001": .reject]), "no reader"), (try write("{}"), "'schemaVersion' is missing"),
      (try write("<html><script>1</script></html>"), "holds no decisions"),
      (try write(goodText.replacing("\"reject\"", with: "\"maybe\"")), "docs/schemas/decisions.schema.json"),
      (try write(goodText.replacing("sub-t", with: "../../etc")), "does not hold"),
      (try write(goodText.replacing("09:00:00Z", with: "nine")), "no UTC time"),
      (desk.patient.folder.appendingPathComponent("absent.html"), "no such file"),
    ] {
      #expect { try desk.apply([good, file]) } throws: { error in
        "\(error)".contains(text) && !"\(error)".contains("\n") && (error as? Fault)?.subject == .input
      }
    }
    #expect(try desk.events() == ["started", "finished"])
    for path in [desk.stored.layout.reviewedMask, desk.stored.layout.decisionTable, desk.stored.layout.reviewSummary] {
      #expect(!desk.exists(path))
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: desk.patient.output.path).allSatisfy {
        !$0.hasSuffix(".partial")
      })
  }

  @Test func withoutTemplatesNothingIsWritten() throws {
    let desk = try Desk()
    let file = try desk.file("R1", ["L001": .reject])
    let application = ReviewApplication(files: [file], output: desk.patient.output, overwrite: false)
    #expect(throws: ReportsError.templatesNotFound(searched: ["nowhere"])) {
      try application.run { throw ReportsError.templatesNotFound(searched: ["nowhere"]) }
    }
    #expect(try desk.events() == ["started", "finished"])
    for path in [desk.stored.layout.reviewedMask, desk.stored.layout.decisionTable, desk.stored.layout.reviewSummary] {
      #expect(!desk.exists(path))
    }
  }

  @Test func aRedrawnReportNamesTheReadersThatItDoesNotShow() throws {
    let desk = try Desk()
    let rendering = try ReportRendering(
      output: desk.patient.output, moved: nil, overwrite: false, control: RunControl())
    #expect(try rendering.readers(of: "sub-t").isEmpty)
    try desk.apply([try desk.file("R2", ["L001": .reject]), try desk.file("R1", ["L001": .accept])])
    #expect(try rendering.readers(of: "sub-t") == ["R1", "R2"])
  }

  @Test func aNewRunMakesDecisionsStale() throws {
    let desk = try Desk()
    let file = try desk.file("R1", ["L001": .reject])
    try desk.apply([file])
    _ = try desk.patient.run({ $0.seed = 2 }, options: { $0.overwrite = true }).single(desk.patient.input())
    #expect(!desk.exists(desk.stored.layout.reviewedMask), "a mask of other results does not outlive them")
    #expect { try desk.apply([file]) } throws: { "\($0)".contains("review the present report") }
    let check = try AuditCheck(output: desk.patient.output)
    #expect(check.faults.isEmpty)
    #expect(check.notes.contains("sub-t: 1 decision made on earlier results; it does not count for the present ones"))
  }

  @Test func alteredReviewsAreFound() throws {
    let desk = try Desk()
    try desk.apply([try desk.file("R1", ["L001": .reject])])
    let table = desk.url(desk.stored.layout.decisionTable)
    try (Data(contentsOf: table) + Data("x".utf8)).write(to: table)
    #expect(try AuditCheck(output: desk.patient.output).faults.map(\.kind) == [.alteredOutput])
  }
}
