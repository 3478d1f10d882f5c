import Foundation
import Testing

@testable import Files

func makeFolder() throws -> URL {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("files-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  return folder.resolvingSymlinksInPath()
}

@Suite struct ContainedPathTests {
  /// By its text alone.
  static let texts: [(text: String, fault: String?)] = [
    ("sub-01/anat/sub-01_mask.nii.gz", nil), ("sub-01.html", nil), ("a b/Jürgen.tsv", nil), ("..a/b..", nil),
    (".hidden", nil), ("a/...", nil), (String(repeating: "a", count: 255), nil), ("", "is empty"),
    ("../victim", "'..'"), ("a/../../b", "'..'"), ("..", "'..'"), ("a/..", "'..'"), ("./a", "'.'"), ("a/./b", "'.'"),
    (".", "'.'"), ("/etc/passwd", "absolute"), ("/", "absolute"), ("//a", "absolute"), ("a//b", "empty part"),
    ("a/", "empty part"), ("a\nb", "control"), ("a\u{0}b", "control"), ("a\u{1B}[2J", "control"),
    ("a\u{2028}b", "control"), ("a\u{85}", "control"), (String(repeating: "a", count: 256), "longer than 255"),
    (String(repeating: "ab/", count: 400) + "a", "longer than 1024"),
  ]

  @Test(arguments: texts.indices) func text(_ index: Int) {
    let (text, fault) = Self.texts[index]
    do { #expect(try ContainedPath(text).text == text && fault == nil) } catch {
      #expect(fault.map { "\(error)".contains($0) } == true, "\(error)")
      #expect(!"\(error)".contains("\n"))
    }
  }

  @Test func aFileNameHasNoFolder() throws {
    #expect(try ContainedPath(fileName: "weights.safetensors").text == "weights.safetensors")
    for name in ["a/b", "..", "", "/a"] { #expect(throws: FileError.self) { try ContainedPath(fileName: name) } }
  }

  /// Links inside a folder, by what they are wanted for.
  @Test func links() throws {
    let above = try makeFolder()
    let folder = above.appendingPathComponent("out")
    let fm = FileManager.default
    for made in ["out/real", "victim", ".git/annex/objects/x", "other/.git/annex/objects"] {
      try fm.createDirectory(at: above.appendingPathComponent(made), withIntermediateDirectories: true)
    }
    for (file, text) in [
      ("out/real/a", "a"), ("victim/v", "v"), (".git/annex/objects/x/k", "k"), ("other/.git/annex/objects/k", "k"),
    ] { try Data(text.utf8).write(to: above.appendingPathComponent(file)) }
    func link(_ name: String, _ target: String) throws {
      try fm.createSymbolicLink(atPath: folder.appendingPathComponent(name).path, withDestinationPath: target)
    }
    try link("inside", "real/a")
    try link("insideFolder", "real")
    try link("outside", "../victim/v")
    try link("outsideFolder", "../victim")
    try link("absolute", above.appendingPathComponent("victim/v").path)
    try link("annexed", "../.git/annex/objects/x/k")
    try link("foreignAnnex", "../other/.git/annex/objects/k")
    try link("nowhere", "../.git/annex/objects/gone")
    try link("loop", "loop")
    let cases: [(path: String, reading: Bool, replacing: Bool, appending: Bool)] = [
      ("real/a", true, true, true), ("new/file", true, true, true), ("inside", true, true, false),
      ("insideFolder/a", true, true, true), ("outside", false, true, false), ("absolute", false, true, false),
      ("outsideFolder/v", false, false, false), ("outsideFolder/new", false, false, false),
      ("annexed", true, true, false), ("foreignAnnex", false, true, false), ("nowhere", false, true, false),
      ("loop", false, true, false), ("loop/a", false, false, false),
    ]
    for (path, reading, replacing, appending) in cases {
      let contained = try ContainedPath(path)
      for (use, isAllowed) in [(ContainedPath.Use.reading, reading), (.replacing, replacing), (.appending, appending)] {
        let place = try? contained.place(in: folder, for: use)
        #expect((place != nil) == isAllowed, "\(path) for \(use)")
        if let place { #expect(place.path == folder.appendingPathComponent(path).path) }
      }
    }
    // The folder itself may be a link.
    let alias = above.appendingPathComponent("alias")
    try fm.createSymbolicLink(atPath: alias.path, withDestinationPath: "out")
    #expect(try ContainedPath("inside").place(in: alias, for: .reading).path == alias.path + "/inside")
    #expect(throws: FileError.self) { try ContainedPath("outside").place(in: alias, for: .reading) }
  }
}
