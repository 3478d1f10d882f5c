import Files
import Foundation
import Testing

@testable import Archive

private func makeRoot() throws -> URL {
  let root = FileManager.default.temporaryDirectory.appendingPathComponent("out-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
  return root
}

private func begin(_ root: URL, _ name: String = "sub-01") throws -> (PatientLock, OutputTransaction) {
  let lock = try PatientLock(name, in: root, LockWaiting())
  return (lock, try OutputTransaction(root: root, lock: lock))
}

private func names(_ root: URL) throws -> [String] {
  try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted()
}

@Test func nothingIsInPlaceBeforeTheCommit() throws {
  let root = try makeRoot()
  let (lock, transaction) = try begin(root)
  defer { lock.release() }
  try transaction.write([1, 2, 3], to: "sub-01/anat/a.nii.gz")
  try transaction.write([4], to: "sub-01.html")
  #expect(!FileManager.default.fileExists(atPath: root.appendingPathComponent("sub-01.html").path))
  let files = try transaction.commit(superseding: [])
  #expect(files.map(\.path) == ["sub-01/anat/a.nii.gz", "sub-01.html"])
  #expect(files[0].byteCount == 3)
  lock.release()
  #expect(try names(root) == ["sub-01", "sub-01.html", "sub-01/anat", "sub-01/anat/a.nii.gz"])
}

@Test func abandonedTransactionLeavesNothing() throws {
  let root = try makeRoot()
  do {
    let (lock, transaction) = try begin(root)
    defer { lock.release() }
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
  let (lock, transaction) = try begin(root)
  defer { lock.release() }
  try transaction.write([1], to: "sub-01.html")
  let superseded = try OutputTransaction.File(
    place: ContainedPath("sub-01_desc-L009_saliency.nii.gz"), sha256: "", byteCount: 0)
  _ = try transaction.commit(superseding: [superseded])
  lock.release()
  #expect(try names(root) == ["sub-01.html"])
}

@Test func unwritablePlaceIsOneClearLine() throws {
  let root = try makeRoot()
  let file = root.appendingPathComponent("file")
  try Data().write(to: file)
  #expect { try begin(file) } throws: { error in "\(error)".contains(file.path) && !"\(error)".contains("\n") }
}

@Test func aPlaceBehindALinkThatLeavesTheFolderIsRefusedBeforeAnythingIsTouched() throws {
  let above = try makeRoot()
  let (root, victim) = (above.appendingPathComponent("out"), above.appendingPathComponent("victim"))
  try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
  try FileManager.default.createDirectory(at: victim, withIntermediateDirectories: true)
  try Data([7]).write(to: victim.appendingPathComponent("a.nii.gz"))
  try Data([8]).write(to: root.appendingPathComponent("sub-01.html"))
  try FileManager.default.createSymbolicLink(
    atPath: root.appendingPathComponent("sub-01").path, withDestinationPath: "../victim")
  let (lock, transaction) = try begin(root)
  defer { lock.release() }
  try transaction.write([1], to: "sub-01/a.nii.gz")
  try transaction.write([2], to: "sub-01.html")
  let old = try OutputTransaction.File(place: ContainedPath("sub-01.html"), sha256: "", byteCount: 1)
  #expect { try transaction.commit(superseding: [old]) } throws: { "\($0)".contains("leads out of the folder") }
  #expect(try Data(contentsOf: victim.appendingPathComponent("a.nii.gz")) == Data([7]))
  #expect(try Data(contentsOf: root.appendingPathComponent("sub-01.html")) == Data([8]))
  for path in ["../x", "/tmp/x", "a/../../x", ""] { #expect(throws: (any Error).self) { try transaction.place(path) } }
}

@Test func onlyTheHolderOfTheLockClearsWhatWasLeft() throws {
  let root = try makeRoot()
  for name in [".lesionqc-sub-01.run-99.partial", ".lesionqc-sub-01.partial", ".lesionqc-sub-011.run-1.partial"] {
    try FileManager.default.createDirectory(
      at: root.appendingPathComponent("\(name)/x"), withIntermediateDirectories: true)
  }
  let lock = try PatientLock("sub-01", in: root, LockWaiting())
  #expect(throws: OutputInUse(patient: "sub-01")) { try PatientLock("sub-01", in: root, LockWaiting(waits: false)) }
  lock.release()
  #expect(try FileManager.default.contentsOfDirectory(atPath: root.path) == [".lesionqc-sub-011.run-1.partial"])
}
