import Foundation
import Results

/// The images of one patient and session, and which of them is meant.
struct BIDSImages {
  /// A file that looks like the image that was looked for and is not taken.
  struct Rejected {
    /// Relative to the patient's folder.
    let place: String
    /// Names nothing of the place.
    let reason: String
  }

  private static let endings = [".nii.gz", ".nii"]

  /// `sub-01` or `sub-01/ses-02`.
  let folder: URL
  let label: String
  let session: String?
  let filter: BIDSFilter

  /// Whether a folder holds an image, whatever it is called.
  static func arePresent(in folder: URL) -> Bool {
    FolderListing(folder).items.contains { item in
      item.kind != .folder && !item.shown.hasPrefix(".") && endings.contains(where: item.shown.hasSuffix)
    }
  }

  /// The one image of a kind.
  ///
  /// - Parameters:
  ///   - section: of the filter.
  ///   - suffix: where the filter names none.
  ///   - rejected: gets what looks like it and cannot be taken.
  ///   - isNeeded: none is a fault, else nil.
  /// - Throws: ``Fault`` for none, several, or one whose content is not here.
  func only(
    _ section: String, suffix: String, role: String, isNeeded: Bool, rejected: inout [Rejected],
    where isMeant: (BIDSName) -> Bool = { _ in true }
  ) throws(Fault) -> (url: URL, name: BIDSName)? {
    let suffixes = filter.places(section, "suffix", usual: suffix)
    let folders = filter.places(section, "datatype", usual: "anat")
    var found: [(url: URL, name: BIDSName)] = []
    var own: [Rejected] = []
    for datatype in folders ?? FolderListing(folder).items.filter({ $0.kind == .folder }).compactMap(\.name) {
      let place = folder.appendingPathComponent(datatype)
      for item in FolderListing(place).items where item.kind != .folder && looksMeant(item.shown, suffixes) {
        switch name(of: item) {
        case .success(let name):
          if isMeant(name), filter.takes(name, section: section) {
            if let refusal = ImageVariant(name: name).refusal {
              own.append(Rejected(place: "\(datatype)/\(item.shown)", reason: refusal))
            } else {
              found.append((place.appendingPathComponent(item.shown), name))
            }
          }
        case .failure(let objection): own.append(Rejected(place: "\(datatype)/\(item.shown)", reason: objection.reason))
        }
      }
    }
    rejected += own
    let wanted = suffixes.map { $0.map { "*_\($0).nii.gz" }.joined(separator: " or ") } ?? "*.nii.gz"
    let place = folders?.count == 1 ? folder.appendingPathComponent(folders![0]) : folder
    guard let first = found.first else {
      guard isNeeded else { return nil }
      let others = own.isEmpty ? "" : " that can be taken (\(own.count) not taken; the first: \(own[0].reason))"
      throw Fault(
        .input, place.path, role: role, found: "no image \(wanted)\(others)",
        remedy: .plain("add it or leave the patient out"))
    }
    guard found.count == 1 else {
      throw Fault(
        .input, place.path, role: role,
        found: "\(found.count) images (\(found.map(\.url.lastPathComponent).joined(separator: ", ")))",
        remedy: .chooseImage)
    }
    try ContentPointer.requireContent(first.url, role: role)
    return first
  }

  /// The one file, where it has to be there.
  func only(
    _ section: String, suffix: String, role: String, rejected: inout [Rejected],
    where isMeant: (BIDSName) -> Bool = { _ in true }
  ) throws(Fault) -> (url: URL, name: BIDSName) {
    let file = try only(section, suffix: suffix, role: role, isNeeded: true, rejected: &rejected, where: isMeant)
    guard let file else { preconditionFailure("a file that is needed and absent is a fault") }
    return file
  }

  /// A visible image with one of these suffixes.
  private func looksMeant(_ name: String, _ suffixes: [String]?) -> Bool {
    guard !name.hasPrefix("."), let ending = Self.endings.first(where: name.hasSuffix) else { return false }
    guard let suffixes else { return true }
    let base = name.dropLast(ending.count)
    return suffixes.contains { base.hasSuffix("_\($0)") }
  }

  /// The name taken apart, once it belongs to this patient and session.
  private func name(of item: FolderListing.Item) -> Result<BIDSName, BIDSName.Objection> {
    guard let text = item.name else { return .failure(.init(reason: "its name is not UTF-8")) }
    return Result { () throws(BIDSName.Objection) in
      let name = try BIDSName(text)
      guard "sub-\(name["sub"] ?? "")" == label else { throw .init(reason: "its name is that of another patient") }
      if let visit = name["ses"], "ses-\(visit)" != session {
        throw .init(
          reason: session == nil
            ? "its name has a session, and it lies in no folder of one" : "its name is that of another session")
      }
      return name
    }
  }
}
