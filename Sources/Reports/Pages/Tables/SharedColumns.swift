import Lesions
import Results

/// What a comparison with a reference segmentation gives, the same columns in every table of patients.
enum ReferenceColumns {
  /// - Parameters:
  ///   - reference: nil where there is none.
  ///   - volume: of the mask, in ml.
  static func all<Row>(_ reference: @escaping (Row) -> ReferenceRecord?, volume: @escaping (Row) -> Double?) -> [Column<
    Row
  >] {
    func difference(_ row: Row) -> (millilitres: Double, percent: Double?)? {
      guard let volume = volume(row) else { return nil }
      return reference(row)?.volumeDifference(to: volume)
    }
    return [
      .number("dsc", "Dice similarity coefficient of the voxels") { reference($0)?.dsc },
      .number("normalised_dsc", "The same at a lesion load of 0.001") { reference($0)?.normalisedDsc },
      .number("lesion_tpr", "Lesion true-positive rate, TP / (TP + FN)") { reference($0)?.lesionTruePositiveRate },
      .number("lesion_fdr", "Lesion false-discovery rate, FP / (TP + FP)") { reference($0)?.lesionFalseDiscoveryRate },
      .number("lesion_fnr", "Lesion false-negative rate, FN / (TP + FN)") { reference($0)?.lesionFalseNegativeRate },
      .number("lesion_f1", "2 TP / (2 TP + FP + FN)") { reference($0)?.lesionF1 },
      .number("lesion_ppv", "Lesion positive predictive value, TP / (TP + FP)") {
        reference($0)?.lesionPositivePredictiveValue
      },
      .count("true_positives", "Lesions of the mask that share a voxel with the reference") {
        reference($0)?.detection.truePositives
      }, .count("false_positives", "Lesions of the mask that share none") { reference($0)?.detection.falsePositives },
      .count("false_negatives", "Lesions of the reference that no lesion of the mask touches") {
        reference($0)?.detection.falseNegatives
      }, .count("reference_lesions", "Lesions of the reference") { reference($0)?.lesions },
      .count("reference_lesions_found", "Lesions of the reference that a lesion of the mask touches") {
        reference($0)?.foundLesions
      }, .millilitres("reference_volume_ml", "Lesion volume of the reference") { reference($0)?.volumeMillilitres },
      .millilitres("volume_difference_ml", "Lesion volume minus that of the reference") { difference($0)?.millilitres },
      .percent("volume_difference_percent", "The same in percent of the reference") { difference($0)?.percent },
    ]
  }
}

/// What the words mean that stand in columns of several tables.
enum TableWords {
  static let locations = Dictionary(
    uniqueKeysWithValues: LesionLocation.allCases.map { ($0.rawValue, Wording.location($0)) })

  static let kinds = Dictionary(
    uniqueKeysWithValues: [FindingKind.lesion, .candidate].map { ($0.rawValue, Wording.kind($0)) })
}
