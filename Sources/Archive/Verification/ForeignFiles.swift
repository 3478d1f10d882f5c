import AuditTrail
import Foundation
import Results

/// What lies in an output folder and is in no record.
struct ForeignFiles {
  /// In folders of patients, where every file is the program's: by the name of the folder.
  private(set) var ofPatients: [(patient: String, path: String)] = []
  /// Elsewhere: pages that a reader saved there, for example.
  private(set) var elsewhere: [String] = []

  private static let own: Set<String> = [
    DatasetFiles.descriptionFile, DatasetFiles.readmeFile, "index.html", "cohort.tsv", "lesions.tsv", "audit",
    "evaluation", "ro-crate-metadata.json", "derivatives",
  ]
  /// What file managers and network drives leave by themselves.
  private static let leftovers: Set<String> = [".DS_Store", "Thumbs.db", "desktop.ini"]

  /// - Parameters:
  ///   - attested: paths of every file that an intact trail attests.
  ///   - unknown: patients whose trail does not say what they have, so that nothing is foreign there.
  init(in root: URL, attested: Set<String>, unknown: Set<String>) {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []).sorted()
    let unknownLabels = Set(unknown.compactMap { $0.split(separator: "_").first.map(String.init) })
    for name in names where !name.hasPrefix(".") && !Self.own.contains(name) {
      if Self.isFolder(root.appendingPathComponent(name)), name.hasPrefix("sub-") {
        guard !unknownLabels.contains(name) else { continue }
        let files = Self.files(below: root.appendingPathComponent(name)).map { "\(name)/\($0)" }
        ofPatients += files.filter { !attested.contains($0) }.map { (name, $0) }
      } else if !Self.isPage(name), !ForeignPictures.isRefusedRegistration(name), !attested.contains(name),
        !Self.leftovers.contains(name)
      {
        elsewhere.append(name)
      }
    }
    let trails = Set(OutputLayout.trailNames(in: root).map { "\($0).jsonl" })
    let folder = OutputLayout.auditFolder(in: root)
    for name in ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    where !trails.contains(name) && !name.hasPrefix(".") && !name.hasSuffix(".lock") {
      elsewhere.append("\(folder.lastPathComponent)/\(name)")
    }
  }

  /// Reports and pages of failures, which other rules are about.
  static func isPage(_ name: String) -> Bool {
    name.wholeMatch(of: #/(failed-)?sub-[A-Za-z0-9]+(_ses-[A-Za-z0-9]+)?\.html/#) != nil
  }

  private static func isFolder(_ url: URL) -> Bool {
    (try? FileManager.default.attributesOfItem(atPath: url.path))?[.type] as? FileAttributeType == .typeDirectory
  }

  /// Everything below a folder that is no folder itself; what a link leads to is not looked into.
  private static func files(below folder: URL) -> [String] {
    var files: [String] = []
    var open = [""]
    while let path = open.popLast() {
      let here = path.isEmpty ? folder : folder.appendingPathComponent(path)
      for name in (try? FileManager.default.contentsOfDirectory(atPath: here.path)) ?? []
      where !leftovers.contains(name) && !name.hasPrefix("._") && !name.hasPrefix(".nfs") {
        let below = path.isEmpty ? name : "\(path)/\(name)"
        if isFolder(folder.appendingPathComponent(below)) { open.append(below) } else { files.append(below) }
      }
    }
    return files.sorted()
  }
}

/// Pictures that a command leaves beside its results without a record of their own.
package enum ForeignPictures {
  private static let ending = "_registration.png"

  /// Of the registration of a patient that was refused; not that of a result, so that nobody takes it for one.
  package static func refusedRegistration(of name: String) -> String { "failed-\(name)\(ending)" }

  static func isRefusedRegistration(_ name: String) -> Bool {
    name.hasPrefix("failed-") && name.hasSuffix(ending)
      && OutputLayout.isPatientName(String(name.dropFirst(7).dropLast(ending.count)))
  }
}
