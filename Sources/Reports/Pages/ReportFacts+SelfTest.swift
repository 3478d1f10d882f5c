import Results

/// The self-test of a run as the report shows it.
extension ReportFacts {
  static func selfTest(_ results: PatientResults) -> PageFields {
    guard let test = results.selfTest else { return ["selfTest": false, "selfTestLine": false] }
    let rows = test.planted.map { thing -> PageFields in
      [
        "name": .text(Wording.planted(thing.kind)), "size": .text(Wording.size(thing)),
        "place": .text(Formatting.position(thing.centreWorldMillimetres)),
        "outcome": .text(Wording.outcome(thing)),
        "highest": .text(Formatting.probability(thing.highestProbability)),
        "rank": .text(thing.reviewPosition.map { "\($0) of \(test.findingsOrdered)" } ?? Formatting.undefined),
      ]
    }
    return [
      "selfTestLine": .optional(Wording.selfTestLine(test)),
      "selfTest": .fields([
        "plantedTable": rows.isEmpty ? false : .fields(["plantedRows": .list(rows)]),
        "sentences": .lines(Wording.selfTest(test, calibrated: results.calibration != "uncalibrated")),
      ]),
    ]
  }
}
