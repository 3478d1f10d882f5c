package import Foundation
package import Results

/// A file name of BIDS taken apart: `sub-01_acq-3D_FLAIR.nii.gz`.
///
/// Source: Brain Imaging Data Structure 1.10, "Filenames".
package struct BIDSName: Equatable {
  /// As spelt: `sub` → `01`, in the order of the name.
  package let entities: [(key: String, value: String)]
  let suffix: String
  /// With its dots: `.nii.gz`.
  let fileExtension: String

  package static func == (a: BIDSName, b: BIDSName) -> Bool {
    a.suffix == b.suffix && a.fileExtension == b.fileExtension
      && a.entities.elementsEqual(b.entities) { $0.key == $1.key && $0.value == $1.value }
  }

  /// Why a name is none.
  package struct Objection: Error, Equatable { let reason: String }

  package init(_ name: String) throws(Objection) {
    guard name.utf8.elementsEqual(name.precomposedStringWithCanonicalMapping.utf8) else {
      throw Objection(reason: "its name has decomposed letters (not NFC)")
    }
    guard let dot = name.firstIndex(of: ".") else { throw Objection(reason: "its name has no ending") }
    fileExtension = String(name[dot...])
    let parts = name[..<dot].split(separator: "_", omittingEmptySubsequences: false)
    guard let last = parts.last, Self.isLabel(last) else {
      throw Objection(reason: "its name does not end with a suffix of letters and digits")
    }
    suffix = String(last)
    var entities: [(key: String, value: String)] = []
    for part in parts.dropLast() {
      let pair = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2, Self.isLabel(pair[0]), Self.isLabel(pair[1]) else {
        throw Objection(reason: "a part of its name is no entity (key-label of letters and digits)")
      }
      guard !entities.contains(where: { $0.key == pair[0] }) else {
        throw Objection(reason: "an entity stands twice in its name")
      }
      entities.append((String(pair[0]), String(pair[1])))
    }
    guard entities.first?.key == "sub" else { throw Objection(reason: "its name does not begin with sub-") }
    self.entities = entities
  }

  subscript(key: String) -> String? { entities.first { $0.key == key }?.value }

  /// The name without suffix and ending.
  var stem: String { entities.map { "\($0.key)-\($0.value)" }.joined(separator: "_") }

  /// The stem without entities.
  func stem(without keys: Set<String>) -> String {
    entities.filter { !keys.contains($0.key) }.map { "\($0.key)-\($0.value)" }.joined(separator: "_")
  }

  /// ASCII letters and digits, at least one.
  static func isLabel(_ text: some StringProtocol) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) && byte < 0x80
      }
  }
}

/// What a name says about the kind of an image: one table of the entities that change what its voxels mean.
package struct ImageVariant {
  /// Parts of a complex image that are no picture of tissue.
  private static let noPictures: Set = ["phase", "real", "imag"]
  /// Entities of an image that was made from another one or otherwise than the plain one.
  private static let derived = ["rec", "space", "desc"]

  let name: BIDSName

  /// Why an image cannot be read as FLAIR or T1w; nil for one that can.
  var refusal: String? {
    guard let part = name["part"]?.lowercased(), Self.noPictures.contains(part) else { return nil }
    return "it is the \(part == "imag" ? "imaginary" : part) part of a complex image, not its magnitude"
  }

  /// Contrast agent and everything else that a reader must know.
  ///
  /// - Parameter isPrepared: by this program, which says so by names that are no reason to warn.
  func warnings(_ role: String, isPrepared: Bool) -> [Warning] {
    var found: [Warning] = []
    if let agent = name["ce"] { found.append(Warning(.contrastAgent, images: [role], ["agent": .text(agent)])) }
    let own = ["space": PreparedDataset.space, "desc": PreparedDataset.images]
    let entities = Self.derived.filter { key in name[key] != nil && !(isPrepared && name[key] == own[key]) }.map {
      "\($0)-\(name[$0] ?? "")"
    }
    if !entities.isEmpty { found.append(Warning(.derivedImage, images: [role], ["entities": .texts(entities)])) }
    return found
  }

  /// What the names of a patient's images say; names that are not BIDS say nothing.
  ///
  /// - Throws: ``Fault`` for a phase, real or imaginary image.
  package static func warnings(of images: [(role: String, url: URL)]) throws(Fault) -> [Warning] {
    var found: [Warning] = []
    for (role, url) in images {
      guard let name = try? BIDSName(url.lastPathComponent) else { continue }
      let variant = ImageVariant(name: name)
      if let refusal = variant.refusal {
        throw Fault(.input, url.path, role: role, found: refusal, expected: "part-mag or no part-")
      }
      found += variant.warnings(role, isPrepared: PreparedDataset(around: url) != nil)
    }
    return found
  }
}
