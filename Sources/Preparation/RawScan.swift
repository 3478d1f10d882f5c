import Analysis
import Foundation
import Results
import Volumes

/// The two images of a patient as they came from the scanner.
struct RawScan {
  let flair: PatientScan.Source
  let t1w: PatientScan.Source
  let warnings: [Warning]
  /// Stems of names with the entities that the images came with, but for those that preparing changes.
  let flairStem: String
  let t1Stem: String
  /// Where the images lie in their data set; nil for files that were given one by one, whose names stay untold.
  let places: (flair: String, t1w: String)?

  /// - Parameter raw: the data set that the images lie in.
  /// - Throws: ``Fault`` or an error of `Volumes`, each one line that names the file.
  init(_ input: PatientInput, raw: URL?) throws {
    guard let mprage = input.mprage else {
      throw Fault(
        .input, input.name, role: "MPRAGE", found: "there is no T1w image",
        remedy: .plain("add it: without it there is nothing to register"))
    }
    if PreparedDataset(around: input.flair) != nil {
      throw Fault(
        .input, input.flair.path, role: "FLAIR", found: "is prepared already",
        remedy: .plain("run it as it is, or prepare the raw images"))
    }
    warnings = try ImageVariant.warnings(of: input.images)
    flair = try PatientScan.readImage(input.flair, "FLAIR").source
    t1w = try PatientScan.readImage(mprage, "MPRAGE").source
    if flair.image.volume.voxels == t1w.image.volume.voxels {
      throw Fault(
        .input, mprage.path, role: "MPRAGE", found: "holds the same voxels as the FLAIR image",
        remedy: .plain("give FLAIR and MPRAGE of one patient"))
    }
    let patient = [input.label, input.session].compactMap { $0 }.joined(separator: "_")
    if let raw {
      func place(_ url: URL) -> String {
        let folder = raw.standardizedFileURL.path + "/"
        let path = url.standardizedFileURL.path
        return path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : url.lastPathComponent
      }
      places = (place(input.flair), place(mprage))
      flairStem = Self.stem(patient, input.flair)
      t1Stem = Self.stem(patient, mprage)
    } else {
      // Of a name that was chosen by whoever has the files only the contrast agent is told: a reader must know it.
      places = nil
      flairStem = Self.stem(patient, input.flair, only: ["ce"])
      t1Stem = Self.stem(patient, mprage, only: ["ce"])
    }
  }

  private static let changed: Set = ["sub", "ses", "space", "desc"]

  /// - Parameter only: entities that are taken; nil: all.
  private static func stem(_ patient: String, _ url: URL, only: Set<String>? = nil) -> String {
    let entities = (try? BIDSName(url.lastPathComponent))?.entities ?? []
    let kept = entities.filter { !changed.contains($0.key) && only?.contains($0.key) != false }
    return ([patient] + kept.map { "\($0.key)-\($0.value)" }).joined(separator: "_")
  }
}
