public import Foundation
import Results

/// The files of one patient and the name under which the results go.
public struct PatientInput: Sendable, Equatable {
  /// `sub-01`.
  public let label: String
  /// `ses-02`, if any.
  public let session: String?
  /// Stem of output file names with the source's entities, for example `sub-01_acq-3D`.
  public let stem: String
  public let flair: URL
  /// Nil where there is none; a network of FLAIR alone needs none.
  public let mprage: URL?
  /// Reference segmentation.
  public var reference: URL?
  public var brainMask: URL?
  /// The data set calls its patients synthetic.
  public let synthetic: Bool
  /// The BIDS data set that the images are of.
  public var dataset: URL?

  public init(
    label: String, session: String? = nil, stem: String? = nil, flair: URL, mprage: URL?, reference: URL? = nil,
    brainMask: URL? = nil, synthetic: Bool = false
  ) {
    self.label = label
    self.session = session
    self.stem = stem ?? [label, session].compactMap { $0 }.joined(separator: "_")
    self.flair = flair
    self.mprage = mprage
    self.reference = reference
    self.brainMask = brainMask
    self.synthetic = synthetic
  }

  /// `sub-01` or `sub-01_ses-02`: names the report and the audit trail.
  public var name: String { [label, session].compactMap { $0 }.joined(separator: "_") }

  /// FLAIR, and MPRAGE where there is one.
  package var images: [(role: String, url: URL)] { [("FLAIR", flair)] + (mprage.map { [("MPRAGE", $0)] } ?? []) }

  /// Every file that is read of the patient, in the order of the records.
  package var files: [(role: String, url: URL)] {
    images
      + [(MaskRole.reference, reference), (.brain, brainMask)].compactMap { role, url in url.map { (role.rawValue, $0) }
      }
  }

  /// A BIDS label `sub-…` from what a user typed.
  ///
  /// - Throws: ``Fault`` unless it consists of letters and digits.
  public static func label(from identifier: String) throws -> String {
    let bare = identifier.hasPrefix("sub-") ? String(identifier.dropFirst(4)) : identifier
    let allowed = bare.utf8.allSatisfy { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
    guard !bare.isEmpty, bare.utf8.count <= 64, allowed else {
      throw Fault(
        .input, "patient identifier", found: "is no BIDS label", expected: "1 to 64 letters and digits",
        remedy: .choosePseudonym)
    }
    return "sub-\(bare)"
  }
}
