public import Foundation

/// A path that a record names inside a folder, such as an audit trail, a results file or a model description.
///
/// What names it is input, not truth, so there is one rule: it is relative, has neither `..` nor an empty part nor a
/// control character, and it stays in its folder also when links are followed. One exception is made: a file that is a
/// link into the `.git/annex` of the data set around the folder is read, and never written through.
public struct ContainedPath: Sendable, Hashable, CustomStringConvertible {
  /// What the path is wanted for, which decides which links are followed.
  public enum Use: Sendable {
    /// Its content is read: links may be followed as far as they stay in the folder, or lead into its annex.
    case reading
    /// It is replaced or removed: a link in its place is replaced itself.
    case replacing
    /// Bytes are added to it in place, so that no link may stand there.
    case appending
  }

  /// Parts separated by `/`.
  public let text: String

  private static let longestPath = 1024
  private static let longestPart = 255

  /// - Throws: ``FileError/path(text:fault:)``.
  public init(_ text: String) throws(FileError) {
    if let fault = Self.fault(text) { throw .path(text: text, fault: fault) }
    self.text = text
  }

  /// A file's name alone, without a folder.
  ///
  /// - Throws: ``FileError/path(text:fault:)``.
  public init(fileName: String) throws(FileError) {
    guard !fileName.contains("/") else { throw .path(text: fileName, fault: "is no file name but a path") }
    try self.init(fileName)
  }

  public var description: String { text }

  /// What is wrong with a path by its text alone; nil for one that may be used.
  static func fault(_ text: String) -> String? {
    if text.isEmpty { return "is empty" }
    if text.unicodeScalars.contains(where: isControl) { return "holds a control character" }
    if text.utf8.first == UInt8(ascii: "/") { return "is absolute" }
    if text.utf8.count > longestPath { return "is longer than \(longestPath) bytes" }
    for part in text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      if part.isEmpty { return "has an empty part" }
      if part.elementsEqual("..".utf8) { return "has a part '..'" }
      if part.elementsEqual(".".utf8) { return "has a part '.'" }
      if part.count > longestPart { return "has a part longer than \(longestPart) bytes" }
    }
    return nil
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control || scalar.value == 0x2028 || scalar.value == 0x2029
  }

  /// Where the path lies in a folder, once its links are known to stay there.
  ///
  /// - Throws: ``FileError/leaves(folder:path:)`` for a link that leads out of the folder,
  ///   ``FileError/dangling(path:)`` for one that leads nowhere and would have to be followed.
  public func place(in folder: URL, for use: Use) throws(FileError) -> URL {
    let place = folder.appendingPathComponent(text)
    guard let root = RealPath(folder.path) else { return place }
    var here = root.text
    let parts = text.split(separator: "/").map(String.init)
    for (index, part) in parts.enumerated() {
      let isLast = index == parts.count - 1
      here += (here == "/" ? "" : "/") + part
      var status = stat()
      // What does not exist yet cannot lead anywhere.
      guard lstat(here, &status) == 0 else { return place }
      guard status.st_mode & S_IFMT == S_IFLNK else { continue }
      if isLast, use == .replacing { return place }
      guard !(isLast && use == .appending) else { throw .leaves(folder: folder.path, path: text) }
      guard let target = RealPath(here) else { throw .dangling(path: place.path) }
      guard root.holds(target) || (isLast && use == .reading && root.holdsInAnnex(target)) else {
        throw .leaves(folder: folder.path, path: text)
      }
      here = target.text
    }
    return place
  }
}

/// A path without links.
private struct RealPath {
  let text: String

  /// Nil for a path that leads nowhere.
  init?(_ path: String) {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    text = String(cString: resolved)
  }

  func holds(_ other: RealPath) -> Bool { text == "/" || other.text == text || other.text.hasPrefix(text + "/") }

  /// Whether a path lies in the annex of the data set that this folder is, or is a part of.
  func holdsInAnnex(_ other: RealPath) -> Bool {
    guard let git = other.text.range(of: "/.git/"), other.text[git.upperBound...].contains("annex/objects/") else {
      return false
    }
    let dataset = other.text[..<git.lowerBound]
    return text == dataset || text.hasPrefix(dataset + "/")
  }
}
