import Analysis
import Files
public import Foundation
public import PageLint
import Results
import Volumes

/// Looks through every file of a folder before it is shared: pages, headers of images, pictures, tables and JSON, and
/// the names of all of them.
public enum FolderLint {
  /// A file, or a link or a folder with a telling name, relative to the folder.
  public typealias Outcome = (file: String, leaks: [ReportLint.Leak])

  /// Larger files are not looked into, and reported as such.
  private static let longestFile = SmallFile.Limit.page.rawValue

  /// One outcome for each file, in order of name; links are not followed.
  ///
  /// - Parameters:
  ///   - identifiers: further words that must not occur.
  ///   - dates: further dates that may.
  /// - Throws: ``Fault`` for a folder that is not there or is empty.
  public static func outcomes(in folder: URL, identifiers: [String], dates: [String]) throws -> [Outcome] {
    let lint = try LintKnowledge.trails(in: folder).lint(identifiers: identifiers, dates: dates)
    var found: [Outcome] = []
    try look(into: folder, "", lint, &found)
    guard !found.isEmpty else {
      throw Fault(.input, folder.path, found: "holds no file", expected: "a folder that is to be shared")
    }
    return found
  }

  private static func look(into folder: URL, _ place: String, _ lint: ReportLint, _ found: inout [Outcome]) throws {
    for item in FolderListing(folder).items {
      let path = place + item.shown
      var leaks = lint.leaks(inName: item.shown)
      guard let name = item.name else {
        found.append((path, leaks + [.init(.unread, "its name is not UTF-8")]))
        continue
      }
      let url = folder.appendingPathComponent(name)
      switch item.kind {
      case .folder:
        if !leaks.isEmpty { found.append((path + "/", leaks)) }
        try look(into: url, path + "/", lint, &found)
      case .link:
        let target = (try? FileManager.default.destinationOfSymbolicLink(atPath: url.path)) ?? "?"
        found.append((path, leaks + [.init(.link, "leads to \(target)")]))
      case .special: found.append((path, leaks + [.init(.unread, "neither file nor folder")]))
      case .file:
        leaks += fileLeaks(url, lint)
        found.append((path, leaks))
      }
    }
  }

  private static func fileLeaks(_ url: URL, _ lint: ReportLint) -> [ReportLint.Leak] {
    let name = url.lastPathComponent.lowercased()
    if name.hasSuffix(".nii") || name.hasSuffix(".nii.gz") { return imageLeaks(url, lint) }
    let size = (try? FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int) ?? 0
    guard size <= longestFile, let bytes = try? SmallFile.read(url, .page) else {
      return [.init(.unread, size > longestFile ? "larger than \(longestFile >> 20) MB" : "cannot be read")]
    }
    if ReportLint.isPage(bytes) { return lint.leaks(in: bytes) }
    if name.hasSuffix(".png") { return lint.leaks(inPNG: bytes) }
    guard !bytes.contains(0), String(validating: bytes, as: UTF8.self) != nil else {
      return [.init(.unread, "neither page, image, picture nor text")]
    }
    return lint.leaks(inText: bytes)
  }

  /// The voxels are the image; everything that a header says in words is reported, known or not.
  private static func imageLeaks(_ url: URL, _ lint: ReportLint) -> [ReportLint.Leak] {
    guard let texts = try? NIfTIFreeText.texts(in: url.path) else { return [.init(.unread, "has no NIfTI header")] }
    return texts.flatMap { field, text in
      [ReportLint.Leak(.header, "\(field): \(text)")] + lint.leaks(inText: Array(text.utf8))
    }
  }
}
