/// The findings of one kind, ranked by one criterion after the other on the same resamples of whole patients.
struct RankingResamples {
  /// One criterion on the cohort and on every resample.
  struct Ranked {
    let criterion: RankingCriterion
    let whole: RankingStatistics
    let within: WithinPatient?
    /// [measure][replicate]
    let resampled: [[Double?]]
  }

  let clusters: [String]
  private let findings: [LabelledFinding]
  private let isError: [Bool]
  /// Position of each finding's patient in `clusters`.
  private let cluster: [Int]
  private let clusterOfList: [String: String]
  /// [replicate][cluster]
  private let times: [[Int]]
  private let bootstrap: PatientBootstrap

  init(_ findings: [LabelledFinding], _ bootstrap: PatientBootstrap) {
    self.findings = findings
    self.bootstrap = bootstrap
    isError = findings.map(\.isError)
    let clusters = Set(findings.map(\.cluster)).sorted()
    let position = Dictionary(uniqueKeysWithValues: clusters.enumerated().map { ($1, $0) })
    self.clusters = clusters
    cluster = findings.map { position[$0.cluster]! }
    clusterOfList = Dictionary(findings.map { ($0.patient, $0.cluster) }) { first, _ in first }
    times = clusters.isEmpty ? [] : (0..<bootstrap.replicates).map { bootstrap.times($0, patients: clusters.count) }
  }

  /// - Throws: when a score is not a number.
  func ranked(_ criterion: RankingCriterion, _ scores: [Double]) throws(ErrorScoreError) -> Ranked {
    let whole = try RankingStatistics(scores: scores, isError: isError)
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var resampled = RankingMeasure.allCases.map { _ in [Double?]() }
    for times in times {
      let ranking = RankingStatistics(order: order, scores: scores, isError: isError) { times[cluster[$0]] }
      for (m, measure) in RankingMeasure.allCases.enumerated() { resampled[m].append(measure.value(of: ranking)) }
    }
    return Ranked(
      criterion: criterion, whole: whole,
      within: try WithinPatient(findings, scores: scores, clusters: clusters, times: times, bootstrap: bootstrap),
      resampled: resampled)
  }

  func measures(_ ranked: Ranked) -> [RankingRow.Measured] {
    RankingMeasure.allCases.enumerated().compactMap { m, measure in
      measure.value(of: ranked.whole).map {
        .init(measure: measure, estimate: bootstrap.estimate($0, ranked.resampled[m], patients: clusters.count))
      }
    }
  }

  /// Difference of the areas under the ROC curve of all findings together.
  func gain(_ own: Ranked, over other: Ranked) -> Estimate? {
    guard let a = own.whole.areaUnderROC, let b = other.whole.areaUnderROC else { return nil }
    let area = RankingMeasure.allCases.firstIndex(of: .areaUnderROC)!
    return bootstrap.estimate(
      a - b, zip(own.resampled[area], other.resampled[area]).map { a, b in a.flatMap { a in b.map { a - $0 } } },
      patients: clusters.count)
  }

  /// Mean difference of the areas under the ROC curve inside the lists.
  func gainWithin(_ own: Ranked, over other: Ranked) -> Estimate? {
    guard let a = own.within, let b = other.within else { return nil }
    return WithinPatient.difference(
      a, b, cluster: { clusterOfList[$0]! }, clusters: clusters, times: times, bootstrap: bootstrap)
  }
}
