import ErrorScore
import Lesions
import Results

/// One measure of one criterion of a ranking.
struct RankedMeasure {
  let table: RankingTable
  let criterion: RankingCriterion
  let measure: String
  let estimate: Estimate

  static func all(_ table: RankingTable) -> [RankedMeasure] {
    table.rows.flatMap { row in
      let gains = [
        ("areaUnderROCWithinPatients", row.withinPatient?.mean), ("areaUnderROCMinusPeak", row.gainOverPeak),
        ("areaUnderROCMinusErrorScore", row.gainOverScore),
        ("areaUnderROCMinusMeanProbability", row.gainOverProbability),
        ("areaUnderROCWithinPatientsMinusMeanProbability", row.gainOverProbabilityWithin),
      ].compactMap { name, gain in gain.map { (name, $0) } }
      return (row.measures.map { ($0.measure.rawValue, $0.estimate) } + gains).map {
        RankedMeasure(table: table, criterion: row.criterion, measure: $0.0, estimate: $0.1)
      }
    }
  }
}

/// One criterion inside one list.
struct RankedList {
  let kind: FindingKind
  let criterion: RankingCriterion
  let list: WithinPatient.List

  static func all(_ table: RankingTable) -> [RankedList] {
    table.rows.flatMap { row in
      (row.withinPatient?.lists ?? []).map { RankedList(kind: table.kind, criterion: row.criterion, list: $0) }
    }
  }
}

/// One point of a calibration curve.
struct CalibrationBin {
  let kind: FindingKind
  /// From 1.
  let number: Int
  let bin: Reliability.Bin

  static func all(_ kind: Evaluation.Kind) -> [CalibrationBin] {
    (kind.reliability?.bins ?? []).enumerated().map { CalibrationBin(kind: kind.ranking.kind, number: $0 + 1, bin: $1) }
  }
}
