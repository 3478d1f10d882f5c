/// What is alike in all objects that are made of one patient's results.
public struct ObjectContext: Sendable {
  /// The program and its version, as equipment.
  public struct Equipment: Sendable {
    let name: String
    let version: String

    public init(name: String, version: String) {
      self.name = name
      self.version = version
    }
  }

  /// When the content was made: the local date and time of the record in the audit trail.
  public struct Moment: Sendable, Equatable {
    /// `20261128`.
    let date: String
    /// `163012`.
    let time: String

    public init(date: String, time: String) {
      self.date = date
      self.time = time
    }
  }

  /// The kinds of objects, each in a series of its own.
  public enum Kind: Int, Sendable, CaseIterable {
    case segmentation, report, document, capture, keyObjects

    var modality: String {
      switch self {
      case .segmentation: "SEG"
      case .report: "SR"
      case .document: "DOC"
      case .capture: "OT"
      case .keyObjects: "KO"
      }
    }

    var sopClass: String {
      switch self {
      case .segmentation: SOPClass.segmentation
      case .report: SOPClass.comprehensive3DSR
      case .document: SOPClass.encapsulatedPDF
      case .capture: SOPClass.secondaryCapture
      case .keyObjects: SOPClass.keyObjectSelection
      }
    }

    var words: String {
      switch self {
      case .segmentation: "segmentation"
      case .report: "measurements"
      case .document: "report"
      case .capture: "pictures"
      case .keyObjects: "key images"
      }
    }
  }

  public let source: SourceSeries
  let equipment: Equipment
  let moment: Moment
  let disclaimer: String
  /// What tells this content from every other: digests of the results and of what was decided since.
  private let content: [String]

  /// - Parameters:
  ///   - disclaimer: what stands in every object about the software.
  ///   - content: the same content gives the same UIDs; another one other UIDs.
  public init(source: SourceSeries, equipment: Equipment, moment: Moment, disclaimer: String, content: [String]) {
    self.source = source
    self.equipment = equipment
    self.moment = moment
    self.disclaimer = disclaimer
    self.content = content
  }

  public func seriesUID(_ kind: Kind) -> String { uid("series", kind) }
  /// - Parameter number: of the object in its series, from 1.
  public func instanceUID(_ kind: Kind, _ number: Int = 1) -> String { uid("instance \(number)", kind) }

  private func uid(_ what: String, _ kind: Kind) -> String {
    UID.derived([source.seriesUID, equipment.name, equipment.version] + content + [kind.modality, what])
  }

  /// A UID that is the same in every run for the same voxels of the same series.
  ///
  /// - Parameter voxels: linear indices on the grid of the source, ascending.
  public func trackingUID(kind: String, voxels: [Int]) -> String {
    UID.derived([source.seriesUID, "tracking", kind] + voxels.map(String.init))
  }
}

extension ObjectContext {
  private static let patientAndStudy: [Attribute] = [
    .patientName, .patientID, .patientBirthDate, .patientSex, .studyDate, .studyTime, .accessionNumber,
    .referringPhysicianName, .studyID,
  ]
  private static let whereKnown: [Attribute] = [
    .issuerOfPatientID, .patientIdentityRemoved, .deidentificationMethod, .studyDescription, .patientAge, .patientSize,
    .patientWeight,
  ]
  /// Longest value of the VR LO.
  static let longestLO = 64

  /// Modules of patient, study, series, equipment and SOP common.
  func header(_ kind: Kind, number: Int = 1) -> DataSet {
    var object = DataSet()
    object.set(.specificCharacterSet, "ISO_IR 192")
    object.copyOrEmpty(Self.patientAndStudy, from: source.header)
    object.copy(Self.whereKnown, from: source.header)
    object.set(.studyInstanceUID, source.studyUID)
    object.set(.seriesInstanceUID, seriesUID(kind))
    object.set(.sopClassUID, kind.sopClass)
    object.set(.sopInstanceUID, instanceUID(kind, number))
    object.set(.modality, kind.modality)
    object.set(.seriesNumber, Self.firstSeriesNumber + kind.rawValue)
    object.set(.instanceNumber, number)
    object.set(.seriesDescription, String("\(equipment.name) \(kind.words). \(disclaimer)".prefix(Self.longestLO)))
    object.set(.manufacturer, equipment.name)
    object.set(.manufacturerModelName, equipment.name)
    object.set(.deviceSerialNumber, equipment.version)
    object.set(.softwareVersions, equipment.version)
    object.set(.seriesDate, moment.date)
    object.set(.seriesTime, moment.time)
    object.set(.contentDate, moment.date)
    object.set(.contentTime, moment.time)
    object.set(.instanceCreationDate, moment.date)
    object.set(.instanceCreationTime, moment.time)
    return object
  }

  /// High, so that they stand behind those of the scanner.
  private static let firstSeriesNumber = 9001

  /// Says whose codes the own ones are.
  func nameOwnCodes(in object: inout DataSet) {
    var scheme = DataSet()
    scheme.set(.codingSchemeDesignator, Code.ownScheme)
    scheme.set(.codingSchemeName, Code.ownSchemeName)
    scheme.set(.codingSchemeResponsibleOrganization, equipment.name)
    object.set(.codingSchemeIdentificationSequence, items: [scheme])
  }
}

/// Names an object that another one refers to.
public struct ObjectReference: Sendable, Hashable {
  public let sopClass: String
  public let sopInstance: String

  var dataSet: DataSet {
    var reference = DataSet()
    reference.set(.referencedSOPClassUID, sopClass)
    reference.set(.referencedSOPInstanceUID, sopInstance)
    return reference
  }
}

extension SourceSeries.Frame {
  /// With the frame number where the file has several.
  var reference: DataSet {
    var reference = ObjectReference(sopClass: sopClass, sopInstance: sopInstance).dataSet
    if let number { reference.set(.referencedFrameNumber, number) }
    return reference
  }
}
