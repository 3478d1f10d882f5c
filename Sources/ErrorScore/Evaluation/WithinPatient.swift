/// How well a criterion ranks inside single lists: what the reader of one list feels. Levels that differ between
/// patients play no part, as they do where the findings of all patients are pooled.
public struct WithinPatient: Hashable, Sendable, Codable {
  /// One list with errors and correct findings; others cannot be ranked.
  public struct List: Hashable, Sendable, Codable {
    /// `sub-01` or `sub-01_ses-02`.
    public let name: String
    public let errors: Int
    public let correct: Int
    public let areaUnderROC: Double
  }

  /// Mean area under the ROC curve of the lists; its interval is from resamples of whole patients.
  public let mean: Estimate
  /// By name; none in a calibration file, which names nobody.
  public internal(set) var lists: [List]

  /// Nil without such a list.
  ///
  /// - Parameter times: how often each cluster is drawn in each resample, by its position in `clusters`.
  init?(
    _ findings: [LabelledFinding], scores: [Double], clusters: [String], times: [[Int]], bootstrap: PatientBootstrap
  ) throws(ErrorScoreError) {
    let lists = try Self.lists(findings, scores)
    guard let mean = Self.estimate(lists.map { ($0.list.areaUnderROC, $0.cluster) }, clusters, times, bootstrap) else {
      return nil
    }
    self.mean = mean
    self.lists = lists.map(\.list)
  }

  private static func lists(_ findings: [LabelledFinding], _ scores: [Double]) throws(ErrorScoreError) -> [(
    list: List, cluster: String
  )] {
    let visits = Dictionary(grouping: findings.indices) { findings[$0].patient }
    var lists: [(List, String)] = []
    for name in visits.keys.sorted() {
      let own = visits[name]!
      let ranking = try RankingStatistics(scores: own.map { scores[$0] }, isError: own.map { findings[$0].isError })
      guard let area = ranking.areaUnderROC else { continue }
      lists.append(
        (
          List(name: name, errors: ranking.errorCount, correct: ranking.correctCount, areaUnderROC: area),
          findings[own[0]].cluster
        ))
    }
    return lists
  }

  private static func estimate(
    _ values: [(value: Double, cluster: String)], _ clusters: [String], _ times: [[Int]], _ bootstrap: PatientBootstrap
  ) -> Estimate? {
    guard !values.isEmpty else { return nil }
    let position = Dictionary(uniqueKeysWithValues: clusters.enumerated().map { ($1, $0) })
    let placed = values.map { ($0.value, position[$0.cluster]!) }
    let resampled = times.map { times -> Double? in
      let (sum, count) = placed.reduce((0.0, 0)) { ($0.0 + $1.0 * Double(times[$1.1]), $0.1 + times[$1.1]) }
      return count > 0 ? sum / Double(count) : nil
    }
    return bootstrap.estimate(
      values.reduce(0) { $0 + $1.value } / Double(values.count), resampled, patients: Set(values.map(\.cluster)).count)
  }

  /// Mean difference to another criterion, list by list, on the same resamples.
  static func difference(
    _ own: WithinPatient, _ other: WithinPatient, cluster: (String) -> String, clusters: [String], times: [[Int]],
    bootstrap: PatientBootstrap
  ) -> Estimate? {
    estimate(
      zip(own.lists, other.lists).map { ($0.areaUnderROC - $1.areaUnderROC, cluster($0.name)) }, clusters, times,
      bootstrap)
  }
}
