import Lesions
import Results

/// Where in the brain the findings lie, as the report shows it.
extension ReportFacts {
  /// Lesions by place: a table where places were assessed, otherwise the reason once.
  static func places(_ results: PatientResults) -> PageFields {
    guard let rule = results.locationRule, rule.notAssessed == nil else {
      return ["places": false, "placesNotAssessed": .optional(Wording.placesNotAssessed(results))]
    }
    let rows = LesionLocation.allCases.compactMap { location -> PageFields? in
      let here = results.lesions.filter { $0.location == location.rawValue }
      if here.isEmpty && location == .notAssessed { return nil }
      return [
        "name": .text(Wording.place(location)), "count": .text(Formatting.count(here.count)),
        "volume": .text(Formatting.millilitres(here.reduce(0) { $0 + $1.volumeMillilitres })),
      ]
    }
    return ["places": .fields(["placeRows": .list(rows)]), "placesNotAssessed": false]
  }

  static func placeRow(_ finding: FindingFacts) -> [PageFields] {
    let isAssessed = finding.location != LesionLocation.notAssessed.rawValue
    return Wording.location(finding.location).map {
      [row("Place", $0, isAssessed ? "from this scan alone, no atlas" : "the two images do not settle it")]
    } ?? []
  }

  static func placeRule(_ results: PatientResults) -> [PageFields] {
    guard let rule = results.locationRule else { return [] }
    let ventricles = rule.ventriclesMillilitres.map { "lateral ventricles found: \(Formatting.fixed($0, 1)) ml" }
    return [row("Place", rule.rule, ventricles ?? Wording.placesNotAssessed(results))]
  }
}

extension Wording {
  static func place(_ location: LesionLocation) -> String {
    switch location {
    case .periventricular: "periventricular"
    case .juxtacortical: "juxtacortical"
    case .infratentorial: "infratentorial"
    case .deepWhiteMatter: "deep white matter"
    case .notAssessed: "place not assessed"
    }
  }

  /// Nil in results of a version that did not look.
  static func location(_ code: String?) -> String? { code.flatMap(LesionLocation.init(rawValue:)).map(place) }

  /// Why no finding has a place; nil where findings were assessed.
  static func placesNotAssessed(_ results: PatientResults) -> String? {
    guard let rule = results.locationRule else { return "the version that made these results did not look" }
    return rule.notAssessed
  }
}
