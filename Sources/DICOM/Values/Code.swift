/// A coded concept: value, coding scheme and meaning (PS3.3, 8.8).
public struct Code: Hashable, Sendable {
  public let value: String
  public let scheme: String
  public let meaning: String

  init(_ value: String, _ scheme: String, _ meaning: String) {
    self.value = value
    self.scheme = scheme
    self.meaning = meaning
  }

  /// Our own, listed in docs/dicom.md.
  static func own(_ value: String, _ meaning: String) -> Code { Code(value, ownScheme, meaning) }

  static let ownScheme = "99LESIONQC"
  static let ownSchemeName = "Codes of lesionqc, listed in its docs/dicom.md"

  var dataSet: DataSet {
    var code = DataSet()
    code.set(.codeValue, value)
    code.set(.codingSchemeDesignator, scheme)
    code.set(.codeMeaning, meaning)
    return code
  }

  init?(_ dataSet: DataSet?) {
    guard let dataSet, let value = dataSet.text(.codeValue), let scheme = dataSet.text(.codingSchemeDesignator) else {
      return nil
    }
    self.init(value, scheme, dataSet.text(.codeMeaning) ?? "")
  }

  /// Whether value and scheme are those of another; meanings may be worded otherwise.
  func isSame(as other: Code) -> Bool { value == other.value && scheme == other.scheme }
}

/// Units of UCUM.
extension Code {
  static let millimetre = Code("mm", "UCUM", "mm")
  static let cubicMillimetre = Code("mm3", "UCUM", "cubic millimeter")
  static let noUnits = Code("1", "UCUM", "no units")
  /// Annotations in braces are numbers without a unit.
  static let logitPerDeviation = Code("{logit}/{SD}", "UCUM", "logit per standard deviation")
}

/// Concepts of SNOMED CT and DCM.
extension Code {
  static let abnormalStructure = Code("49755003", "SCT", "Morphologically Abnormal Structure")
  static let lesion = Code("52988006", "SCT", "Lesion")
  static let brain = Code("12738006", "SCT", "Brain")
  static let volume = Code("118565006", "SCT", "Volume")
  static let diameter = Code("81827009", "SCT", "Diameter")
  static let maximum = Code("56851009", "SCT", "Maximum")
  static let findingSite = Code("363698007", "SCT", "Finding Site")
  static let artificialIntelligence = Code("123110", "DCM", "Artificial Intelligence")
  static let segmentationDerivation = Code("113076", "DCM", "Segmentation")
  static let sourceImage = Code("121322", "DCM", "Source image for image processing operation")
}

/// Our own concepts.
extension Code {
  static let candidate = own("CANDIDATE", "Possible missed lesion")
  static let errorScore = own("ERRORSCORE", "Probability that the finding is an error")
  static let reviewOrder = own("REVIEWORDER", "Position in the review order")
  static let meanProbability = own("MEANPROB", "Mean lesion probability")
  static let saliencyMaximum = own("SALIENCYMAX", "Maximum of FLAIR saliency inside the finding")
  static let saliencyMinimum = own("SALIENCYMIN", "Minimum of FLAIR saliency inside the finding")

  static let location = own("LOCATION", "Location in the brain, inferred from the images")
  static let decision = own("DECISION", "Decision of a reader")
  static let decisionOutcome = own("OUTCOME", "Outcome of the review")
  static let comment = own("COMMENT", "Comment of a reader")
  static let statement = own("STATEMENT", "Statement about the software")
  static let findingKind = own("KIND", "Kind of finding")
}

/// Concepts of structured reports (DCM).
extension Code {
  static let measurementReport = Code("126000", "DCM", "Imaging Measurement Report")
  static let measurements = Code("126010", "DCM", "Imaging Measurements")
  static let measurementGroup = Code("125007", "DCM", "Measurement Group")
  static let qualitativeEvaluations = Code("C0034375", "UMLS", "Qualitative Evaluations")
  static let trackingIdentifier = Code("112039", "DCM", "Tracking Identifier")
  static let trackingUID = Code("112040", "DCM", "Tracking Unique Identifier")
  static let finding = Code("121071", "DCM", "Finding")
  static let referencedSegment = Code("121191", "DCM", "Referenced Segment")
  static let sourceSeries = Code("121232", "DCM", "Source series for segmentation")
  static let language = Code("121049", "DCM", "Language of Content Item and Descendants")
  static let english = Code("en", "RFC5646", "English")
  static let procedureReported = Code("121058", "DCM", "Procedure reported")
  /// Of context group 100, which has none for the brain; the finding site says that.
  static let mr = Code("25056-3", "LN", "MRI unspecified body region")
  static let observerType = Code("121005", "DCM", "Observer Type")
  static let device = Code("121007", "DCM", "Device")
  static let deviceUID = Code("121012", "DCM", "Device Observer UID")
  static let deviceName = Code("121013", "DCM", "Device Observer Name")
  static let deviceManufacturer = Code("121014", "DCM", "Device Observer Manufacturer")
  static let deviceModel = Code("121015", "DCM", "Device Observer Model Name")
  static let deviceSerialNumber = Code("121016", "DCM", "Device Observer Serial Number")
  static let personName = Code("121008", "DCM", "Person Observer Name")
  static let derivation = Code("121401", "DCM", "Derivation")
  static let algorithmName = Code("111001", "DCM", "Algorithm Name")
  static let algorithmVersion = Code("111003", "DCM", "Algorithm Version")
  static let ofInterest = Code("113000", "DCM", "Of Interest")
  static let keyObjectDescription = Code("113012", "DCM", "Key Object Description")
}
