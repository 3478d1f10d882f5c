import ErrorScore
import Foundation
import Testing

@testable import Reports
@testable import Results

@Suite struct PagesTableTests {
  private func lines(_ bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test func cohortLines() {
    let results = PagesSamples.results(lesions: 2, candidates: 1)
    var reviewed = PagesSamples.entry("sub-01_ses-02", results: results)
    let time = "2026-11-28T09:38:02Z"
    reviewed.review = CohortEntry.Review(
      readers: ["R1", "R2"], figures: .init(lesions: 3, marks: 1, millilitres: 1.5),
      verdicts: [("R1", .init(verdict: .usable, grade: 4, time: time)), ("R2", .init(comment: "motion", time: time))])
    let table = lines(
      CohortTable.bytes([PagesSamples.entry("sub-09_ses-1", .failed, reason: "bad\tfile\nname"), reviewed]))
    #expect(table.count == 4 && table[3].isEmpty)
    #expect(
      table[0]
        == "participant_id\tsession_id\tstate\treason\twarnings\tlesions\tvolume_ml\tcandidates\tcandidates_left_out\t"
        + "dropped_small_components\tdsc\tnormalised_dsc\tlesion_tpr\tlesion_fdr\tlesion_fnr\tlesion_f1\tlesion_ppv\t"
        + "true_positives\tfalse_positives\tfalse_negatives\treference_lesions\treference_lesions_found\t"
        + "reference_volume_ml\tvolume_difference_ml\tvolume_difference_percent\treviewed_lesions\treviewed_volume_ml\t"
        + "readers\tstudy_verdicts\tstudy_grades\t" + "calibration\treport_id\taudit_head\tcohort_patients")
    // 906 + 456 voxels of 0.0012 ml.
    let volume = String(906 * 0.0012 + 456 * 0.0012)
    let difference = 906 * 0.0012 + 456 * 0.0012 - 3.4
    #expect(
      table[1] == "sub-01\tses-02\tdone\tn/a\tthickSlices\t2\t\(volume)\t1\t2\t4\t0.684\t0.71\t0.75\t\(1.0 / 3)\t0.25\t"
        + "0.7059\t\(2.0 / 3)\t6\t3\t2\t8\t6\t3.4\t\(difference)\t\(100 * difference / 3.4)\t3\t1.5\tR1; R2\t"
        + "R1: usable\tR1: 4\tuncalibrated\t5c5c\t" + String(repeating: "7b", count: 32) + "\t2")
    #expect(table[2] == "sub-09\tses-1\tfailed\tbad file name" + String(repeating: "\tn/a", count: 29) + "\t2")
  }

  @Test func findingLinesFollowTheReviewOrder() {
    let results = PagesSamples.results(session: nil, lesions: 2, candidates: 1, reference: false)
    let table = lines(FindingTable.bytes([PagesSamples.entry("sub-01", results: results)]))
    #expect(table.count == 5)
    #expect(table[0] == FindingTable.columns.joined(separator: "\t"))
    let rows = table[1...3].map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
    #expect(rows.allSatisfy { $0.count == FindingTable.columns.count })
    #expect(rows.map { $0[3] } == ["L002", "C001", "L001"])
    #expect(
      rows[0].prefix(27) == [
        "sub-01", "n/a", "1", "L002", "lesion", "12.25", "0.49", "0", "n/a", "\(12.25 * 0.3)", "0.81", "1.225",
        "\(-12.25 / 200)", "456", "\(456 * 1.2)", "-15.75", "-8.5", "10", "74", "102", "80", "0.74", "0.93", "0.412",
        "false", "n/a", "deepWhiteMatter",
      ])
    #expect(rows[0].last == "1" && FindingTable.columns.last == "cohort_patients")
    // Every feature has one column, and its value stands in it.
    let second = Dictionary(uniqueKeysWithValues: zip(FindingTable.columns, rows[0]))
    #expect(second["soft_dice"] == "0.27" && second["brain_edge_mm"] == "0.27" && second["map_minimum"] == "0.52")
    #expect(second["rim_to_peak"] == "\(-1.0 / 200)" && second["rim_balance"] == "\(12.25 / 10 + 12.25 / 200)")
    #expect(second["negative_peak"] == "\(-12.25 * 0.2)" && second["zero_crossing_mm"] == "0.52")
    #expect(second["flair_profile_m1_mm"] == "3" && second["flair_profile_2_mm"] == "-1")
    #expect(second["flair_profile_m3_mm"] == "n/a" && second["flair_profile_9_mm"] == "-2")
  }

  /// What `docs/features.md` names is what the table has.
  @Test func theDictionaryNamesEveryFeatureAndColumn() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "../../docs/features.md"
    ).standardized
    let text = try String(contentsOf: file, encoding: .utf8)
    for feature in ScoreFeature.allCases { #expect(text.contains("`\(feature.rawValue)`"), "\(feature)") }
    for column in FindingTable.columns.drop(while: { $0 != "location" }).dropFirst().dropLast()
    where !column.hasPrefix("flair_profile") { #expect(text.contains("`\(column)`"), "\(column)") }
  }

  @Test func segmentationLabels() {
    let results = PagesSamples.results(lesions: 2)
    #expect(
      lines(SegmentationTable.bytes(results.lesions.reversed())) == [
        "index\tname\tvoxel_count\tvolume_mm3\tlocation", "1\tL001\t906\t1087\tinfratentorial",
        "2\tL002\t456\t547.2\tdeepWhiteMatter", "",
      ])
    #expect(lines(SegmentationTable.bytes([])) == ["index\tname\tvoxel_count\tvolume_mm3\tlocation", ""])
  }

  @Test func numbersReadBackAndUndefinedIsNotANumber() {
    #expect(TabSeparated.number(0.1) == "0.1")
    #expect(TabSeparated.number(3.0) == "3")
    #expect(TabSeparated.number(-0.0) == "0")
    #expect(TabSeparated.number(Double.nan) == nil)
    #expect(TabSeparated.number(nil as Double?) == nil)
    #expect(Double(TabSeparated.number(1.0 / 3)!) == 1.0 / 3)
  }
}
