public import Volumes

/// The images of one series and where they lie in the patient: what the objects that go back refer to.
public struct SourceSeries: Sendable, Equatable {
  /// One image, of a file with one or with several.
  public struct Frame: Sendable, Equatable {
    public let sopClass: String
    public let sopInstance: String
    /// From 1, in a file with several images; nil in a file with one.
    public let number: Int?
    /// Of the centre of the first pixel, mm, LPS+ as DICOM has it.
    let position: [Double]
  }

  /// The elements of its first image, without those of the pixels: patient, study, series, equipment.
  public private(set) var header: DataSet
  /// In ascending order along the normal of the images.
  public private(set) var frames: [Frame]
  /// Columns, rows and images.
  public let shape: GridShape
  /// Maps (column, row, image) to mm, RAS+.
  public let affine: Affine

  init(header: DataSet, frames: [Frame], shape: GridShape, affine: Affine) {
    self.header = header
    self.frames = frames
    self.shape = shape
    self.affine = affine
  }

  public var seriesUID: String { header.text(.seriesInstanceUID) ?? "" }
  public var studyUID: String { header.text(.studyInstanceUID) ?? "" }
  public var frameOfReferenceUID: String { header.text(.frameOfReferenceUID) ?? "" }
  public var description: String { header.text(.seriesDescription) ?? "" }
}

extension SourceSeries {
  /// What says who the patient is and which study this is, beside UIDs.
  private static let identity: [Attribute] = [
    .studyDate, .seriesDate, .studyTime, .seriesTime, .accessionNumber, .institutionName, .referringPhysicianName,
    .studyDescription, .seriesDescription, .issuerOfPatientID, .patientBirthDate, .patientAge, .patientSize,
    .patientWeight, .studyID, .contentDate, .contentTime, .instanceCreationDate, .instanceCreationTime,
  ]

  /// The series under a pseudonym: no identifier stays, and every UID of patient, study, series, frame of reference and
  /// images is derived anew.
  ///
  /// - Parameters:
  ///   - label: stands for name and ID.
  ///   - uid: a new UID for an old one.
  public func pseudonymised(as label: String, uid: (String) -> String) -> SourceSeries {
    var made = self
    for attribute in Self.identity { made.header.remove(attribute) }
    made.header.set(.patientName, label)
    made.header.set(.patientID, label)
    made.header.set(.patientIdentityRemoved, "YES")
    made.header.set(.deidentificationMethod, "lesionqc pseudonym key; UIDs derived anew")
    for attribute in [Attribute.studyInstanceUID, .seriesInstanceUID, .frameOfReferenceUID, .sopInstanceUID] {
      made.header.set(attribute, uid(header.text(attribute) ?? ""))
    }
    made.frames = frames.map {
      Frame(sopClass: $0.sopClass, sopInstance: uid($0.sopInstance), number: $0.number, position: $0.position)
    }
    return made
  }

  /// Whether it stands under a pseudonym.
  public var isPseudonymous: Bool { header.text(.patientIdentityRemoved) == "YES" }
}
