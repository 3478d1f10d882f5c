import Foundation

/// The folders of a BIDS level, `sub-01` or `ses-02`, that stand for one patient or session each.
enum LabelledFolders {
  /// Names with a label in order, and what was refused: labels that are not letters and digits, names that differ in
  /// capitals alone, and a folder that is there under two names.
  static func of(_ folder: URL, prefix: String) -> (names: [String], refused: [BIDSDataset.Skipped]) {
    var names: [String] = []
    var refused: [BIDSDataset.Skipped] = []
    var places: [String: String] = [:]
    for item in FolderListing(folder).items where item.shown.hasPrefix(prefix) {
      func refuse(_ reason: String) { refused.append(.init(place: item.shown, reason: reason)) }
      guard let name = item.name else {
        if item.kind == .folder { refuse("its name is not UTF-8") }
        continue
      }
      guard let place = identity(of: folder.appendingPathComponent(name)) else { continue }
      guard BIDSName.isLabel(name.dropFirst(prefix.count)) else {
        refuse("its label is not one of BIDS: expected letters and digits after \(prefix)")
        continue
      }
      if let other = places[place] {
        refuse("is the same folder as \(other)")
        continue
      }
      places[place] = name
      names.append(name)
    }
    let spellings = Dictionary(grouping: names) { $0.lowercased() }
    for name in names where spellings[name.lowercased()]?.count ?? 1 > 1 {
      refused.append(
        .init(
          place: name,
          reason: "its name differs from another one in capitals only, so that results could replace each other"))
    }
    return (names.filter { spellings[$0.lowercased()]?.count == 1 }, refused)
  }

  /// Device and inode of a folder, links followed; nil for anything else.
  private static func identity(of url: URL) -> String? {
    var status = stat()
    guard stat(url.path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
    return "\(status.st_dev) \(status.st_ino)"
  }
}
