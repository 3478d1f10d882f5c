import ErrorScore
import Results

/// Whether a patient is of the kind of a calibration's patients. Where it is not, the calibration orders, and states no
/// probability.
enum CalibrationKinship {
  /// More of the feature values than this outside the cohort's 1st to 99th percentile are too many.
  static let unusualShare = 0.1
  /// In tesla; one magnet is named 3 by one program and 2.89362 by another.
  static let fieldTolerance = 0.2

  /// - Parameters:
  ///   - scanner: of the patient, from the sidecar.
  ///   - features: of every finding, with the model that judges it.
  static func unlike(
    _ cohort: Calibration.Cohort, patientIsSynthetic: Bool, scanner: ScannerIdentity?,
    features: [(RegionFeatures, ErrorModel)]
  ) -> [CalibrationUse.Unlike] {
    var found: [CalibrationUse.Unlike] = []
    if !patientIsSynthetic {
      // Of synthetic patients no scanner can be told.
      if cohort.isAllSynthetic { return [.synthetic] }
      found += [manufacturer(cohort, scanner), fieldStrength(cohort, scanner)].compactMap { $0 }
    }
    let counts = features.map { region, model in model.unusual(region) }
    let (unusual, known) = (counts.reduce(0) { $0 + $1.unusual }, counts.reduce(0) { $0 + $1.known })
    if known > 0, Double(unusual) > unusualShare * Double(known) { found.append(.features) }
    return found
  }

  private static func manufacturer(_ cohort: Calibration.Cohort, _ scanner: ScannerIdentity?) -> CalibrationUse.Unlike?
  {
    guard let name = scanner?.manufacturer, let known = cohort.population?.manufacturers, !known.isEmpty else {
      return .manufacturerUnknown
    }
    return known.contains { word($0) == word(name) } ? nil : .manufacturer
  }

  private static func fieldStrength(_ cohort: Calibration.Cohort, _ scanner: ScannerIdentity?) -> CalibrationUse.Unlike?
  {
    guard let field = scanner?.fieldTesla, let known = cohort.population?.fieldStrengthsTesla, !known.isEmpty else {
      return .fieldStrengthUnknown
    }
    return known.contains { abs($0 - field) <= fieldTolerance } ? nil : .fieldStrength
  }

  /// `SIEMENS`, `Siemens` and `Siemens Healthineers` are one: the first word, without capitals.
  private static func word(_ manufacturer: String) -> Substring {
    manufacturer.lowercased().split { !$0.isLetter && !$0.isNumber }.first ?? ""
  }
}
