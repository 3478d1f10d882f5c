import Results

/// Trust checks of the maps as the report shows them.
extension ReportFacts {
  static func checks(_ results: PatientResults) -> PageFields {
    guard let checks = results.checks, !checks.isEmpty else { return ["checks": false] }
    let rows = checks.map { check -> PageFields in
      [
        "name": .text(check.name), "verdict": .text(check.verdict), "failed": .flag(check.passed == false),
        "figures": .text(check.measures.isEmpty ? check.detail : check.figures), "rule": .text(check.rule),
      ]
    }
    return ["checks": .fields(["checkRows": .list(rows)])]
  }
}

extension Wording {
  /// Nil when no check failed.
  static func failedChecks(_ results: PatientResults) -> String? {
    let failed = (results.checks ?? []).filter { $0.passed == false }.map(\.name)
    guard !failed.isEmpty else { return nil }
    return "Failed: \(failed.joined(separator: "; ")). The maps and every order made from them may be wrong."
  }
}
