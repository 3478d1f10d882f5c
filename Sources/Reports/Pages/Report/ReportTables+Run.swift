import Lesions
import Results
import Saliency

/// Sanity checks of the maps, the self-test and the locations of the lesions.
extension ReportTables {
  static func checks(_ results: PatientResults) -> PageFields {
    guard let checks = results.checks, !checks.isEmpty else { return ["checks": false, "failedChecks": false] }
    let rows = checks.map { check -> PageFields in
      [
        "name": .text(check.check.name), "verdict": .text(check.verdict), "failed": .flag(check.passed == false),
        "figures": .text(check.figures), "rule": .text(check.check.rule),
      ]
    }
    let failed = checks.filter { $0.passed == false }.map(\.check.name)
    return [
      "checks": .fields(["checkRows": .list(rows)]),
      "failedChecks": .optional(
        failed.isEmpty
          ? nil : "Failed: \(failed.joined(separator: "; ")). The maps and every order made from them may be wrong."),
    ]
  }

  static func selfTest(_ results: PatientResults) -> PageFields {
    guard let test = results.selfTest else { return ["selfTest": false, "selfTestLine": false] }
    let rows = test.inserted.map { thing -> PageFields in
      [
        "name": .text(Wording.inserted(thing.kind)), "size": .text(Wording.size(thing)),
        "position": .text(Formatting.position(thing.centreWorldMillimetres)), "outcome": .text(Wording.outcome(thing)),
        "maximum": .text(Formatting.probability(thing.maximumProbability)),
        "rank": .text(thing.reviewPosition.map { "\($0) of \(test.findingsOrdered)" } ?? Formatting.undefined),
      ]
    }
    return [
      "selfTestLine": .optional(Wording.selfTestLine(test)),
      "selfTest": .fields([
        "insertedTable": rows.isEmpty ? false : .fields(["insertedRows": .list(rows)]),
        "sentences": .lines(Wording.selfTest(test, calibrated: results.calibration != nil)),
      ]),
    ]
  }

  // MARK: - Locations

  /// Lesions by location: a table where locations were assessed, otherwise the reason once.
  static func locations(_ results: PatientResults) -> PageFields {
    if let limitation = results.locations.notAssessed {
      return ["locations": false, "locationsNotAssessed": .optional(Wording.location(limitation))]
    }
    let rows = LesionLocation.allCases.compactMap { location -> PageFields? in
      let here = results.lesions.filter { $0.location == location }
      if here.isEmpty && location == .notAssessed { return nil }
      return [
        "name": .text(Wording.location(location)), "count": .text(Formatting.count(here.count)),
        "volume": .text(Formatting.millilitres(here.reduce(0) { $0 + $1.measurements.volumeMillilitres })),
      ]
    }
    return ["locations": .fields(["locationRows": .list(rows)]), "locationsNotAssessed": false]
  }

  /// Nothing where no finding has a location: the reason is said once for the patient.
  static func locationRow(_ finding: FindingRecord, _ results: PatientResults) -> [PageFields] {
    guard results.locations.notAssessed == nil else { return [] }
    return [
      row(
        "Location", Wording.location(finding.location),
        finding.location == .notAssessed ? "the two images do not settle it" : "from this scan alone, no atlas")
    ]
  }

  static func locationRule(_ results: PatientResults) -> PageFields {
    let ventricles = results.locations.ventriclesMillilitres.map {
      "lateral ventricles found: \(Formatting.fixed($0, 1)) ml"
    }
    return row("Location", LocationRule.words, ventricles ?? results.locations.notAssessed.map(Wording.location))
  }
}
