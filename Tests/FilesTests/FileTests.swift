import Foundation
import Testing

@testable import Files

@Suite struct SmallFileTests {
  @Test func contentsAndLimits() throws {
    let folder = try makeFolder()
    let file = folder.appendingPathComponent("a")
    for count in [0, 1, 4096, 100_000] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
      try Data(bytes).write(to: file)
      #expect(try SmallFile.read(file, .description) == bytes)
      #expect(try RegularFile(path: file.path).contents(limit: count) == bytes)
      if count > 0 {
        #expect(throws: FileError.tooLarge(path: file.path, bytes: count, limit: count - 1)) {
          try RegularFile(path: file.path).contents(limit: count - 1)
        }
      }
    }
    // A file whose size the system gives as 0 is read as far as it goes.
    #expect(try !SmallFile.read(URL(fileURLWithPath: "/proc/self/status"), .description).isEmpty)
    #expect(throws: FileError.self) { try RegularFile(path: "/proc/self/status").contents(limit: 10) }
  }

  /// Nothing here is opened: a pipe without a writer would wait for ever.
  @Test func whatIsNoFile() throws {
    let folder = try makeFolder()
    let pipe = folder.appendingPathComponent("pipe")
    #expect(mkfifo(pipe.path, 0o600) == 0)
    let linked = folder.appendingPathComponent("linked")
    try FileManager.default.createSymbolicLink(atPath: linked.path, withDestinationPath: "pipe")
    let cases = [
      (folder, "a folder"), (pipe, "a named pipe"), (linked, "a named pipe"),
      (URL(fileURLWithPath: "/dev/zero"), "a device"),
    ]
    for (url, kind) in cases {
      #expect(throws: FileError.notRegular(path: url.path, kind: kind)) { try SmallFile.read(url, .record) }
    }
    let absent = folder.appendingPathComponent("absent")
    #expect(throws: FileError.missing(path: absent.path)) { try SmallFile.read(absent, .record) }
  }
}

@Suite struct DurableFileTests {
  private func mode(_ url: URL) throws -> Int {
    (try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int) ?? -1
  }

  @Test func filesAreReplacedWholeAndClosedToOthers() throws {
    let folder = try makeFolder()
    let below = folder.appendingPathComponent("a/b")
    #expect(try DurableFile.makeFolder(below).map(\.lastPathComponent) == ["b", "a"])
    #expect(try DurableFile.makeFolder(below).isEmpty)
    let file = below.appendingPathComponent("t.tsv")
    for text in ["first", "second and longer", ""] {
      try DurableFile.write(Array(text.utf8), to: file)
      #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }
    #expect(try mode(file) & 0o137 == 0 && mode(below) & 0o027 == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: below.path) == ["t.tsv"])
    #expect(throws: FileError.self) { try DurableFile.create([1], at: file) }
    #expect(throws: FileError.self) { try DurableFile.makeFolder(file) }
  }

  @Test func aLinkIsReplacedAndNotFollowed() throws {
    let folder = try makeFolder()
    let (victim, link) = (folder.appendingPathComponent("victim"), folder.appendingPathComponent("link"))
    try Data("mine".utf8).write(to: victim)
    try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "victim")
    try DurableFile.write([1, 2], to: link)
    #expect(try String(contentsOf: victim, encoding: .utf8) == "mine")
    #expect(try Data(contentsOf: link) == Data([1, 2]))
  }

  @Test func onlyWhatAProcessLeftUnfinishedIsRemoved() throws {
    let folder = try makeFolder()
    let (left, kept) = (
      [".cohort.tsv.partial-12-3", "..bidsignore.partial-1-1"],
      [".cohort.tsv.partial-12", "cohort.tsv.partial-1-2", ".x.partial-a-1", ".other.partial-1-1", "index.html"]
    )
    for name in left + kept { try Data().write(to: folder.appendingPathComponent(name)) }
    DurableFile.removeUnfinished(in: folder) { $0 != "other" }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == kept.sorted())
  }
}

@Suite struct FileLockTests {
  @Test func oneHasIt() throws {
    let folder = try makeFolder()
    let url = folder.appendingPathComponent("new/audit/.sub-01.lock")
    let first = try #require(try FileLock.attempt(url))
    #expect(FileLock.isHeld(url))
    #expect(try FileLock.attempt(url) == nil)
    first.release()
    first.release()
    // Nothing is left, not even the folders that were made for it.
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    #expect(!FileLock.isHeld(url))
    let second = try #require(try FileLock.attempt(url))
    try Data().write(to: folder.appendingPathComponent("new/audit/sub-01.jsonl"))
    second.release()
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("new/audit").path) == [
        "sub-01.jsonl"
      ])
  }

  /// What a killed process leaves is a file without a lock.
  @Test func aFileThatWasLeftIsNoLock() throws {
    let folder = try makeFolder()
    let url = folder.appendingPathComponent(".lock")
    try Data().write(to: url)
    #expect(!FileLock.isHeld(url))
    #expect(try FileLock.attempt(url) != nil)
  }

  /// Many at once: never two at a time, whoever removes the file.
  @Test func neverTwoAtATime() async throws {
    let folder = try makeFolder()
    let url = folder.appendingPathComponent("audit/.lock")
    let inside = folder.appendingPathComponent("inside")
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<6 {
        group.addTask {
          for _ in 0..<50 {
            guard let lock = try? FileLock.attempt(url) else { continue }
            #expect(mkdir(inside.path, 0o700) == 0, "another is inside")
            rmdir(inside.path)
            lock.release()
          }
        }
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }
}

@Suite struct FailureReasonTests {
  private struct Other: NamesFiles, CustomStringConvertible {
    let description: String
    let namedFiles: [String]
  }

  /// Blanks, quotes, lines and parts of a path: nothing of it is left in the words.
  @Test func theFilesAreApart() {
    let path = "/data/Doe Jane 1961/FLAIR scan.nii.gz"
    let cases: [(error: any Error, words: String)] = [
      (FileError.missing(path: path), "no such file"),
      (FileError.unreadable(path: path, reason: "Permission denied"), "cannot be read (Permission denied)"),
      (FileError.leaves(folder: "/data/Doe Jane 1961", path: "a/b.tsv"), "…: is a link"),
      (Other(description: "\(path): FLAIR: no 'FLAIR scan.nii.gz' there", namedFiles: [path]), "FLAIR: no '…' there"),
      (Other(description: "a line\nand \(path)", namedFiles: [path]), "a line and …"),
      (CocoaError(.fileReadNoSuchFile, userInfo: [NSFilePathErrorKey: path]), "the system refused"),
      (NSError(domain: "x", code: 1, userInfo: [NSFilePathErrorKey: path]), "the system refused"),
    ]
    for (error, words) in cases {
      let reason = FailureReason(error)
      #expect(words.hasPrefix("…: ") || reason.words == words, "\(reason.words)")
      for part in ["Doe", "Jane", "1961", "scan", "\n"] { #expect(!reason.words.contains(part), "\(reason.words)") }
    }
  }
}

@Suite struct AvailableMemoryTests {
  static let machine = "MemTotal:       16000000 kB\nMemAvailable:    8000000 kB\n"
  /// Files of made-up systems, and the bytes that are left.
  static let cases: [(files: [String: String], bytes: Int?)] = [
    ([:], nil), (["/proc/meminfo": machine], 8_192_000_000), (["/proc/meminfo": "MemFree: 1 kB"], nil),
    (
      [
        "/proc/meminfo": machine, "/proc/self/cgroup": "0::/job/step\n", "/sys/fs/cgroup/job/memory.max": "1000000\n",
        "/sys/fs/cgroup/job/memory.current": "400000\n",
        "/sys/fs/cgroup/job/memory.stat": "anon 1\ninactive_file 100000\n",
        "/sys/fs/cgroup/job/step/memory.max": "max\n", "/sys/fs/cgroup/job/step/memory.current": "1\n",
      ], 700_000
    ),
    (
      [
        "/proc/meminfo": machine, "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "5000\n",
        "/sys/fs/cgroup/memory.current": "9000\n",
      ], 0
    ),
    (
      [
        "/proc/meminfo": machine, "/proc/self/cgroup": "5:cpu,cpuacct:/x\n4:memory:/docker/a\n",
        "/sys/fs/cgroup/memory/docker/a/memory.limit_in_bytes": "2000000000",
        "/sys/fs/cgroup/memory/docker/a/memory.usage_in_bytes": "500000000",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes": "1",
      ], 1_500_000_000
    ),
  ]

  @Test(arguments: cases.indices) func left(_ index: Int) {
    let (files, bytes) = Self.cases[index]
    #expect(AvailableMemory.bytes { files[$0] } == bytes)
  }

  @Test func thisMachine() throws { #expect(try #require(AvailableMemory.bytes()) > 1_000_000) }
}
