import Foundation
import PageLint
import Results
import SharedPatients
import Testing

@testable import Archive
@testable import Volumes

/// A folder that is to be shared, with one file of each kind that says too much.
@Suite(.serialized) struct FolderLintTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("lint-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    SmallPatient.useTemplates()
  }

  private func write(_ bytes: [UInt8], _ name: String) throws {
    let url = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  private func leaks(_ identifiers: [String] = ["Novakova"]) throws -> [String: [ReportLint.Leak]] {
    Dictionary(
      uniqueKeysWithValues: try FolderLint.outcomes(in: folder, identifiers: identifiers, dates: ["2026-11-24"]).map {
        ($0.file, $0.leaks)
      })
  }

  /// A NIfTI-1 or NIfTI-2 file with these bytes at a place of its header, and an extension.
  private func image(
    _ version: NIfTIVersion = .one, _ field: HeaderField? = nil, _ text: String = "", comment: [UInt8] = []
  ) -> [UInt8] {
    var header = NIfTIHeader(version: version, isBigEndian: false)
    for (index, value) in [3, 2, 2, 2, 1, 1, 1, 1].enumerated() { header.set(.dim, index, to: value) }
    header.set(.voxOffset, to: version.smallestVoxelOffset + (comment.isEmpty ? 0 : comment.count + 8))
    if let field {
      var bytes = header.storedBytes(field)
      bytes.replaceSubrange(0..<text.utf8.count, with: Array(text.utf8))
      header.setBytes(field, bytes)
    }
    let size = UInt8(comment.count + 8)
    let flag: [UInt8] = comment.isEmpty ? [0, 0, 0, 0] : [1, 0, 0, 0, size, 0, 0, 0, 6, 0, 0, 0]
    return header.bytes + flag + comment + [UInt8](repeating: 1, count: 8)
  }

  /// A stored (not compressed) gzip member with a name in its header (RFC 1952).
  private func gzip(_ bytes: [UInt8], name: String = "", time: UInt8 = 0) -> [UInt8] {
    let length = [UInt8(bytes.count & 255), UInt8(bytes.count >> 8)]
    let header: [UInt8] =
      [0x1F, 0x8B, 8, name.isEmpty ? 0 : 8, 0, time, 0, 0, 0, 3] + (name.isEmpty ? [] : Array(name.utf8) + [0])
    return header + [1] + length + length.map { ~$0 } + bytes + [UInt8](repeating: 0, count: 8)
  }

  @Test("Headers of images", arguments: [HeaderField.descrip, .auxFile, .intentName, .dbName, .dataType]) func headers(
    _ field: HeaderField
  ) throws {
    try write(image(.one, field, "Novakova"), "a.nii")
    try write(gzip(image(.one, field, "Novakova")), "b.nii.gz")
    let found = try leaks()
    for name in ["a.nii", "b.nii.gz"] { #expect(found[name]?.map(\.kind) == [.header, .identifier], "\(found)") }
    // A remark that nobody knows as a name is one, too.
    try write(image(.one, field, "TE=2.9"), "a.nii")
    #expect(try leaks()["a.nii"]?.map(\.kind) == [.header])
  }

  @Test func furtherPlacesOfAnImage() throws {
    try write(image(), "clean.nii")
    try write(image(.two), "clean2.nii")
    try write(image(.two, .descrip, "Dr Novakova"), "two.nii")
    try write(image(comment: Array("Novakova^Jana".utf8)), "extension.nii")
    try write(image(comment: "Novakova".utf16.flatMap { [UInt8($0 & 255), 0] }), "wide.nii")
    try write(gzip(image(), name: "novakova_flair.nii"), "named.nii.gz")
    try write(gzip(image(), time: 95), "timed.nii.gz")
    try write([1, 2, 3], "broken.nii")
    let found = try leaks()
    #expect(found["clean.nii"] == [] && found["clean2.nii"] == [])
    for name in ["two.nii", "extension.nii", "wide.nii", "named.nii.gz"] {
      #expect(found[name]?.map(\.kind) == [.header, .identifier], "\(name) \(found[name] ?? [])")
    }
    #expect(found["timed.nii.gz"]?.map(\.kind) == [.header])
    #expect(found["broken.nii"]?.map(\.kind) == [.unread])
  }

  @Test func namesTablesPicturesAndWhatCannotBeRead() throws {
    try write(Array("id\tvolume\nL001\t0.3\n".utf8), "sub-01/anat/table.tsv")
    try write(Array("who\tvolume\nNova kova\t0.3\n12.03.1964\t1\n".utf8), "bad.tsv")
    try write(Array(#"{"a": "\u004eovakova", "b": 3}"#.utf8), "bad.json")
    try write(Array("x".utf8), "Nova\u{301}kova 1964-03-12.txt")
    try write(Array("x".utf8), "sub-novakova/x.txt")
    try write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "cut.png")
    try write(Array("%PDF-1.4\n".utf8) + [0, 0xFF], "a.pdf")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: "/home/jane")
    let found = try leaks()
    #expect(found["sub-01/anat/table.tsv"] == [])
    #expect(found["bad.tsv"]?.map(\.kind) == [.identifier, .date] && found["bad.tsv"]?.map(\.line) == [2, 3])
    #expect(found["bad.json"]?.map(\.kind) == [.identifier])
    #expect(Set(found.first { $0.key.contains("1964") }?.value.map(\.kind) ?? []) == [.identifier, .date])
    #expect(found["sub-novakova/"]?.map(\.kind) == [.identifier])
    #expect(found["cut.png"]?.map(\.kind) == [.picture])
    #expect(found["a.pdf"]?.map(\.kind) == [.unread] && found["link"]?.map(\.kind) == [.link])
  }

  @Test func anEmptyOrAbsentFolderIsRefused() throws {
    #expect(throws: Fault.self) { try FolderLint.outcomes(in: folder, identifiers: [], dates: []) }
    #expect(throws: Fault.self) {
      try FolderLint.outcomes(in: folder.appendingPathComponent("x"), identifiers: [], dates: [])
    }
  }

  @Test("Every short word of the pages is known as one") func shortWords() throws {
    let patient = try SmallPatient()
    _ = try patient.run().single(patient.input(reference: true))
    let known = LintKnowledge.pageWords()
    for name in ["sub-t.html", "index.html"] {
      let page = try String(contentsOf: patient.output.appendingPathComponent(name), encoding: .utf8).replacing(
        try Regex("(base64,|octet-stream;base64\"[^>]*>)[A-Za-z0-9+/=]*"), with: "")
      let words = Set(LintKnowledge.words(of: page).filter { $0.count == 2 && $0.first!.isLetter })
      #expect(words.subtracting(known) == [], "\(name)")
    }
    let own = LintKnowledge(names: ["ms", "x7", "root", "Lesion", "jane", ""], pageWords: known)
    #expect(own.identifiers == ["jane", "x7"] && own.addressees == ["Lesion", "ms"])
  }
}
