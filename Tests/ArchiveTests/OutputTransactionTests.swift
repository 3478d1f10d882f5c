import Foundation
import Testing

@testable import Archive

private func makeRoot() throws -> URL {
  let root = FileManager.default.temporaryDirectory.appendingPathComponent("out-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
  return root
}

private func names(_ root: URL) throws -> [String] {
  try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted()
}

@Test func nothingIsInPlaceBeforeTheCommit() throws {
  let root = try makeRoot()
  let transaction = try OutputTransaction(root: root, name: "sub-01")
  try transaction.write([1, 2, 3], to: "sub-01/anat/a.nii.gz")
  try transaction.write([4], to: "sub-01.html")
  #expect(!FileManager.default.fileExists(atPath: root.appendingPathComponent("sub-01.html").path))
  let files = try transaction.commit(superseding: [])
  #expect(files.map(\.path) == ["sub-01/anat/a.nii.gz", "sub-01.html"])
  #expect(files[0].byteCount == 3)
  #expect(try names(root) == ["sub-01", "sub-01.html", "sub-01/anat", "sub-01/anat/a.nii.gz"])
}

@Test func abandonedTransactionLeavesNothing() throws {
  let root = try makeRoot()
  do {
    let transaction = try OutputTransaction(root: root, name: "sub-01")
    try transaction.write([1], to: "sub-01.html")
  }
  #expect(try names(root).isEmpty)
}

@Test func supersededFilesGoAndACrashedRunIsCleared() throws {
  let root = try makeRoot()
  try Data([9]).write(to: root.appendingPathComponent("sub-01_desc-L009_saliency.nii.gz"))
  let stale = root.appendingPathComponent(".lesionqc-sub-01.partial")
  try FileManager.default.createDirectory(at: stale, withIntermediateDirectories: true)
  try Data([9]).write(to: stale.appendingPathComponent("left-over"))
  let transaction = try OutputTransaction(root: root, name: "sub-01")
  try transaction.write([1], to: "sub-01.html")
  _ = try transaction.commit(superseding: ["sub-01_desc-L009_saliency.nii.gz"])
  #expect(try names(root) == ["sub-01.html"])
}

@Test func unwritablePlaceIsOneClearLine() throws {
  let root = try makeRoot()
  let file = root.appendingPathComponent("file")
  try Data().write(to: file)
  #expect { try OutputTransaction(root: file, name: "sub-01") } throws: { error in
    "\(error)".contains(file.path) && !"\(error)".contains("\n")
  }
}
