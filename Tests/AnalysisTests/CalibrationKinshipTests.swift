import ErrorScore
import Results
import Testing

@testable import Analysis
@testable import Lesions

/// Which patients a calibration states probabilities for.
@Suite struct CalibrationKinshipTests {
  private func cohort(
    synthetic: Int?, of patients: Int = 10, manufacturers: [String] = ["Siemens", "Philips Medical Systems"],
    fields: [Double] = [1.5, 3]
  ) -> Calibration.Cohort {
    Calibration.Cohort(
      patients: patients, synthetic: synthetic != 0, resultsDigests: [],
      population: synthetic.map {
        .init(mostLesions: 40, syntheticPatients: $0, manufacturers: manufacturers, fieldStrengthsTesla: fields)
      })
  }

  private func unlike(
    _ cohort: Calibration.Cohort, synthetic: Bool = false, _ manufacturer: String? = "Siemens", _ field: Double? = 3
  ) -> [CalibrationUse.Unlike] {
    CalibrationKinship.unlike(
      cohort, patientIsSynthetic: synthetic, scanner: ScannerIdentity(manufacturer: manufacturer, fieldTesla: field),
      features: [])
  }

  @Test func phantomsSayNothingOfPersons() {
    #expect(unlike(cohort(synthetic: 10)) == [.synthetic])
    // A file that does not say how many.
    #expect(unlike(cohort(synthetic: nil)) == [.synthetic])
    #expect(unlike(cohort(synthetic: 10), synthetic: true) == [])
    #expect(unlike(cohort(synthetic: 9)) == [] && unlike(cohort(synthetic: 0)) == [])
  }

  @Test(
    arguments: [
      ("Siemens", 3, []), ("SIEMENS Healthineers", 2.894, []), ("philips", 1.494, []),
      ("GE MEDICAL SYSTEMS", 3, [.manufacturer]), ("Siemens", 7, [.fieldStrength]),
      ("GE", 0.5, [.manufacturer, .fieldStrength]), (nil, 3, [.manufacturerUnknown]),
      ("Siemens", nil, [.fieldStrengthUnknown]), (nil, nil, [.manufacturerUnknown, .fieldStrengthUnknown]),
    ] as [(String?, Double?, [CalibrationUse.Unlike])]) func scanners(
      manufacturer: String?, field: Double?, expected: [CalibrationUse.Unlike]
    )
  {
    let real = cohort(synthetic: 0)
    #expect(unlike(real, manufacturer, field) == expected)
    #expect(unlike(real, synthetic: true, manufacturer, field) == [])
  }

  @Test func aCalibrationWithoutScannersKnowsNone() {
    #expect(
      unlike(cohort(synthetic: 0, manufacturers: [], fields: [])) == [.manufacturerUnknown, .fieldStrengthUnknown])
  }

  /// 1st to 99th percentile of 1 … 101 is 2 to 100.
  @Test func featuresOutOfRange() throws {
    func region(_ volume: Double) -> RegionFeatures {
      RegionFeatures(
        saliency: RegionSaliency(
          flairMaximum: 3, flairMinimum: -1, mprageMaximum: nil, mprageMinimum: nil, flairFraction: nil, meanInside: 1,
          meanRim: nil), volumeMillimetres3: volume,
        probability: ProbabilityMeasurements(mean: 0.5, maximum: 0.6, meanEntropyNats: 0.4))
    }
    let model = try ErrorModel(
      fitting: (1...101).map {
        LabelledFinding(patient: "p\($0)", kind: .lesion, features: region(Double($0)), isError: $0 % 2 == 0)
      }, features: [.volume])
    func found(_ volumes: [Double]) -> [CalibrationUse.Unlike] {
      CalibrationKinship.unlike(
        cohort(synthetic: 0), patientIsSynthetic: true, scanner: nil, features: volumes.map { (region($0), model) })
    }
    #expect(model.unusual(region(1.5)) == (1, 1) && model.unusual(region(100)) == (0, 1))
    #expect(found(Array(repeating: 50, count: 9) + [1.5]) == [])
    #expect(found(Array(repeating: 50, count: 8) + [1.5]) == [.features])
    #expect(found(Array(repeating: 50, count: 8) + [100.5]) == [.features])
    #expect(found([]) == [])
  }
}
