import Files
import Foundation
import Results

/// A file that only says where its content is: what version control of large data leaves in a clone.
enum ContentPointer {
  /// Pointers are short texts.
  private static let longest = 1024

  /// Makes sure that a file's content is here.
  ///
  /// - Throws: ``Fault`` that names the command which fetches it: for a link into `.git/annex` that leads nowhere, a
  ///   pointer file of git-annex or Git LFS, and any other link to a missing file.
  static func requireContent(_ url: URL, role: String?) throws(Fault) {
    var status = stat()
    guard lstat(url.path, &status) == 0 else { return }
    if status.st_mode & S_IFMT == S_IFLNK {
      var target = stat()
      guard stat(url.path, &target) != 0 else { return try requireNoPointer(url, role, size: Int(target.st_size)) }
      let link = (try? FileManager.default.destinationOfSymbolicLink(atPath: url.path)) ?? "?"
      if link.contains(".git/annex/") { throw missing(url, role, "a link of git-annex", annex) }
      throw Fault(
        .input, url.path, role: role, found: "is a link to \(link), which does not exist",
        remedy: .plain("mend the link, or mount what it leads to"))
    }
    if status.st_mode & S_IFMT == S_IFREG { try requireNoPointer(url, role, size: Int(status.st_size)) }
  }

  private static let annex = "datalad get"

  private static func requireNoPointer(_ url: URL, _ role: String?, size: Int) throws(Fault) {
    guard (1...longest).contains(size), let data = try? SmallFile.read(url, .description) else { return }
    let text = String(decoding: data, as: UTF8.self)
    if text.hasPrefix("version https://git-lfs") { throw missing(url, role, "a pointer of Git LFS", "git lfs pull") }
    if text.hasPrefix("/annex/objects/") || text.hasPrefix("../.git/annex/") || text.hasPrefix(".git/annex/") {
      throw missing(url, role, "a pointer of git-annex", annex)
    }
  }

  private static func missing(_ url: URL, _ role: String?, _ kind: String, _ command: String) -> Fault {
    Fault(
      .input, url.path, role: role, found: "is \(kind) whose content is not on this machine",
      remedy: .plain(
        "fetch it with '\(command)\(command == annex ? " \"\(url.lastPathComponent)\"" : "")' in its folder"
          + (command == annex ? " (or 'git annex get')" : "")))
  }
}
