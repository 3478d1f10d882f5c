import ErrorScore
import Foundation
import PageLint
import Testing

@testable import Lesions
@testable import Reports
@testable import Results

@Suite struct EvaluationPageTests {
  /// Lesions of six patients: `good` sorts errors perfectly, `poor` hardly.
  private func findings(peakIsGood: Bool) -> [LabelledFinding] {
    (0..<6).flatMap { patient in
      (0..<8).flatMap { n in
        [FindingKind.lesion, .candidate].map { kind in
          let isError = n < 4
          let good = (kind == .lesion) == isError ? Double(n) / 100 + 0.1 : 0.7 + Double(n) / 100
          let poor = 0.1 + Double((n * 5 + patient * 3) % 8) / 10
          return LabelledFinding(
            patient: "sub-\(patient)", kind: kind,
            features: RegionFeatures(
              saliency: RegionSaliency(
                flairMaximum: 10 * (peakIsGood ? good : poor), flairMinimum: -1, mprageMaximum: 2, mprageMinimum: -2,
                flairFraction: 0.8, meanInside: 0.4, meanRim: -0.1), volumeMillimetres3: 100 * poor,
              probability: .init(mean: peakIsGood ? poor : good, maximum: poor, meanEntropyNats: 0.5)),
            isError: isError, errorScore: isError ? 0.75 : 0.25)
        }
      }
    }
  }

  /// Twenty patients, two of them with both errors below the cut-off, one with one of ten.
  private let coverage = CutoffCoverage(
    (0..<20).map { patient in
      let text = patient < 2 ? "..xx" : patient == 2 ? "xxxxxxxxxx.x" : "x..."
      return CutoffCoverage.Row(
        JudgedList(name: "sub-\(patient)", patient: "sub-\(patient)", isError: text.map { $0 == "x" }),
        position: text.count / 2 + (patient == 2 ? 5 : 0), tolerated: 0.2)
    })

  @Test func theCoverageOfTheCutoffIsToldEverywhere() throws {
    let evaluation = try evaluation(peakIsGood: true)
    let sentence =
      "more than 20\u{A0}% of the listed errors below it in 2 of 20 patients, 0.10 (0.01 to 0.32); "
      + "promised is at most 10\u{A0}%"
    #expect(
      EvaluationMarkdown.text(evaluation).contains("## Did the review cut-off hold?\n\nReview cut-off: " + sentence))
    #expect(evaluation.verdicts.contains { $0.contains(sentence) })
    // 19 lists of 4 with 2 reviewed, one of 12 with 11.
    #expect(evaluation.verdicts.contains { $0.contains("Above it stand 56\u{A0}% of the findings.") })
    let lines = try table("cutoff.tsv", of: evaluation)
    #expect(lines.count == 21 && lines[1] == "sub-0\t4\t2\t2\t2\t0.2\ttrue")
    #expect(lines[3] == "sub-2\t12\t11\t11\t1\t0.2\tfalse")
  }

  /// Terminal, page, tables and JSON say the same of every score, feature and probability.
  @Test func rankingsWithinPatientsAreToldEverywhere() throws {
    let evaluation = try evaluation(peakIsGood: false)
    let (summary, page) = (evaluation.summary, EvaluationMarkdown.text(evaluation))
    let row = try #require(evaluation.lesions.ranking.row(.saliencyPeak))
    let gain = try #require(row.gainOverProbabilityWithin)
    #expect(gain.value < 0 && gain.upper! < 0 && row.withinPatient?.lists.count == 6)
    #expect(summary.contains("lesions: 24 errors, 24 correct, 6 patients, 6 lists with both"))
    for criterion in RankingCriterion.allCases where evaluation.lesions.ranking.row(criterion) != nil {
      let name = EvaluationWording.criterion(criterion)
      #expect(summary.contains { $0.hasPrefix("  \(name): AUROC ") }, "\(name)")
      #expect(page.contains("\n| \(name) | "), "\(name)")
    }
    let line = try #require(summary.first { $0.hasPrefix("  FLAIR saliency peak: ") })
    for text in [
      "within patients \(EvaluationWording.estimate(row.withinPatient?.mean))",
      "minus mean probability \(EvaluationWording.estimate(row.gainOverProbability))",
      "within patients \(EvaluationWording.estimate(gain))", "errors found in the first 10, 20, 30 %: ",
    ] { #expect(line.contains(text), "\(text)") }
    let words = "Against mean probability, FLAIR saliency peak: over all findings "
    for lines in [summary, page.components(separatedBy: "\n")] {
      let sentence = try #require(lines.first { $0.contains(words) })
      #expect(sentence.contains("worse") && sentence.contains("below it in 6 of 6 lists"))
    }
    #expect(page.contains("| sub-3 | 4 | 4 | "))
    let within = try table("within.tsv", of: evaluation)
    #expect(within.contains("lesion\tmeanProbability\tsub-0\t1\t4\t4"))
    // Eight criteria or more for each of six lists and two kinds.
    #expect(within.count > 1 + 8 * 6 * 2)
    let ranking = try table("ranking.tsv", of: evaluation)
    #expect(ranking.contains("lesion\tmeanProbability\tareaUnderROCWithinPatients\t1\t1\t1\t24\t24\t6"))
    let paired = "lesion\tsaliencyPeak\tareaUnderROCWithinPatientsMinusMeanProbability\t"
    #expect(ranking.contains { $0.hasPrefix(paired + RoundedNumber.significant(gain.value)!) })
  }

  @Test func theCalibrationCurveIsToldEverywhere() throws {
    let evaluation = try evaluation(peakIsGood: true)
    let lines = try table("calibration.tsv", of: evaluation)
    #expect(lines.count == 6 && lines[1] == "lesion\t1\t9\t0.25\t0" && lines[5] == "lesion\t5\t10\t0.75\t1")
    #expect(evaluation.summary.contains { $0.contains("by fifths of the findings: 0.25 and 0.00, ") })
    #expect(EvaluationMarkdown.text(evaluation).contains("![Calibration curve](calibration.svg)"))
    let svg = ReliabilityPlot.svg(evaluation)
    #expect(svg.components(separatedBy: "<polyline").count - 1 == 2 && svg.contains(">lesions<"))
    #expect(!svg.contains("nan") && !svg.contains(">candidates<"))
  }

  private func files(_ evaluation: Evaluation) throws -> [String: [UInt8]] {
    let files = try EvaluationFiles.all(evaluation, templates: TemplateFolder(path: PagesSamples.templates))
    return Dictionary(uniqueKeysWithValues: files.map { ($0.name, $0.bytes) })
  }

  private func table(_ name: String, of evaluation: Evaluation) throws -> [Substring] {
    String(decoding: try #require(try files(evaluation)[name]), as: UTF8.self).split(separator: "\n")
  }

  private func evaluation(peakIsGood: Bool) throws -> Evaluation {
    let findings = findings(peakIsGood: peakIsGood)
    let bootstrap = PatientBootstrap(replicates: 100, seed: 1)
    func group(_ kind: FindingKind, _ isError: Bool) -> [RegionFeatures] {
      findings.filter { $0.kind == kind && $0.isError == isError }.map(\.features)
    }
    let groups: [RegionGroup: [RegionFeatures]] = [
      .truePositive: group(.lesion, false), .falsePositive: group(.lesion, true),
      .missedCandidate: group(.candidate, true), .otherCandidate: group(.candidate, false),
    ]
    let lesions = findings.filter { $0.kind == .lesion }
    return Evaluation(
      cohort: .init(
        model: PagesSamples.model, calibrations: [], samples: 10, synthetic: true,
        patients: [
          .init(
            name: "sub-01", resultsDigest: String(repeating: "a", count: 64), volumeMillilitres: 4.25,
            reference: PagesSamples.reference)
        ]), groups: try RegionGroup.allCases.map { try GroupDistribution($0, groups[$0] ?? []) },
      peaks: RegionGroup.allCases.map {
        .init(group: $0, flairPeaks: (groups[$0] ?? []).map(\.saliency.flairMaximum).sorted())
      }, comparisons: try GroupComparison.all(groups),
      lesions: .init(
        ranking: try RankingTable(findings, kind: .lesion, bootstrap: bootstrap),
        reliability: try Reliability(probabilities: lesions.map { $0.errorScore! }, isError: lesions.map(\.isError))),
      candidates: .init(ranking: try RankingTable(findings, kind: .candidate, bootstrap: bootstrap), reliability: nil),
      coverage: coverage, notes: ["sub-09 was left out: not complete."])
  }

  @Test func aBaselineThatWinsIsNamed() throws {
    let page = EvaluationMarkdown.text(try evaluation(peakIsGood: false))
    #expect(page.contains("**Mean probability beats the saliency peak**: AUROC 1.00 against"))
    #expect(page.contains("The saliency peak alone is not shown to be better than a random order"))
    // The maps of these findings are no sums, and the sum has the same peaks.
    let row = try #require(try evaluation(peakIsGood: false).lesions.ranking.row(.peakOfSum))
    let area = try #require(row.estimate(.areaUnderROC))
    let order = "peak of the sum map, which reaches \(Formatting.fixed(area.value, 2)); the best simple figure"
    #expect(page.contains("\(order) (mean probability) reaches 1.00."))
    #expect(try evaluation(peakIsGood: false).verdicts.contains { $0.hasPrefix("lesions: Mean probability beats") })
  }

  @Test func aPeakThatWinsIsNotTalkedDown() throws {
    let page = EvaluationMarkdown.text(try evaluation(peakIsGood: true))
    #expect(page.contains("None of volume, probability and entropy has a larger AUROC than the saliency peak."))
    #expect(!page.contains("beats the saliency peak") && !page.contains("not shown to be better"))
  }

  @Test func tablesHoldWhatWasGiven() throws {
    let evaluation = try evaluation(peakIsGood: true)
    let page = EvaluationMarkdown.text(evaluation)
    for text in [
      "**synthetic**", "10 noise samples", "| 0.71 | 0.68 | 75 % |".replacingOccurrences(of: "75 %", with: "75\u{A0}%"),
      "24 false positives and 24 true positives in 6 patients; base rate 0.50",
      "![Retention curve](retention-lesions.svg)",
      "Lesions: 24.0 errors expected, 24 found among 48; Brier score 0.062, 0.250 for the base rate alone.",
      "TP against FP", "sub-09 was left out",
    ] { #expect(page.contains(text), "\(text)") }
    // Perfect ranking: AUROC 1 in every resample.
    #expect(page.contains("| FLAIR saliency peak | 1.00 (1.00 to 1.00) |"))
    let ranking = try table("ranking.tsv", of: evaluation)
    #expect(ranking.contains("lesion\tsaliencyPeak\tareaUnderROC\t1\t1\t1\t24\t24\t6"))
    #expect(ranking.contains("lesion\trandom\tareaUnderROC\t0.5\tn/a\tn/a\t24\t24\t6"))
    let groups = try table("groups.tsv", of: evaluation)
    // Peaks of 1, 1.1, 1.2 and 1.3, six times each.
    let line = try #require(groups.first { $0.hasPrefix("FP\t24\tflairPeak\t24\t") })
    let numbers = line.split(separator: "\t").dropFirst(4).compactMap { Double($0) }
    let expected: [Double] = [1, 1, 1.075, 1.15, 1.225, 1.3, 1.3]
    #expect(numbers.count == 7 && zip(numbers, expected).allSatisfy { abs($0 - $1) < 1e-12 }, "\(line)")
    let files = try files(evaluation)
    #expect(files.count == 21)
    let json = try #require(files["evaluation.json"])
    #expect(try JSONDecoder().decode(Evaluation.self, from: Data(json)) == evaluation)
  }

  @Test func everyColumnOfEveryTableIsDefined() throws {
    let files = try files(try evaluation(peakIsGood: true))
    let tables = files.keys.filter { $0.hasSuffix(".tsv") }
    #expect(tables.count == 7)
    for name in tables {
      let header = String(decoding: files[name]!, as: UTF8.self).prefix { $0 != "\n" }.split(separator: "\t")
      let dictionary = try #require(files[name.dropLast(3) + "json"])
      let columns = try #require(try JSONSerialization.jsonObject(with: Data(dictionary)) as? [String: [String: Any]])
      #expect(Set(columns.keys) == Set(header.map(String.init)) && columns.count == header.count, "\(name)")
      for (column, definition) in columns {
        #expect((definition["Description"] as? String)?.isEmpty == false, "\(name) \(column)")
        #expect((definition["Units"] as? String == "mL") == column.hasSuffix("_ml"), "\(name) \(column)")
      }
    }
  }

  /// What the Markdown says stands on the page, without its marks, and nothing is asked for from outside.
  @Test func thePageSaysTheSame() throws {
    for peakIsGood in [false, true] {
      let evaluation = try evaluation(peakIsGood: peakIsGood)
      let page = String(decoding: try #require(try files(evaluation)["evaluation.html"]), as: UTF8.self)
      for section in EvaluationPage.sections(evaluation) {
        #expect(page.contains(">\(HTMLText.escape(section.title))</h2>"), "\(section.title)")
        for case .table(let header, let rows) in section.blocks {
          for cell in header + rows.joined() { #expect(page.contains(">\(HTMLText.escape(cell))</t"), "\(cell)") }
        }
      }
      #expect(page.components(separatedBy: "<svg").count == 5 && !page.contains("**") && !page.contains("`"))
      #expect(page.contains("<strong>Mean probability beats the saliency peak</strong>: AUROC 1.00") == !peakIsGood)
      #expect(page.contains("<dt>Lesions found</dt><dd><b>\(Wording.found(evaluation.reference))</b>"))
      #expect(page.contains("Research software, not a medical device") && page.contains("SYNTHETIC"))
      #expect(ReportLint(identifiers: []).leaks(in: Array(page.utf8)).isEmpty)
    }
  }

  @Test func plotsDrawEveryRegionAndEveryCriterion() throws {
    let evaluation = try evaluation(peakIsGood: true)
    let peaks = PeakPlot.svg(evaluation.peaks)
    #expect(peaks.components(separatedBy: "<circle").count - 1 == 96)
    #expect(peaks.contains(">n = 24<") && peaks.contains(">TP<") && peaks.contains("cand., missed"))
    #expect(!peaks.contains("nan") && !peaks.contains("inf"))
    let curve = RetentionPlot.svg(evaluation.lesions.ranking)
    // Oracle, random order and one line for each criterion with a curve.
    #expect(
      curve.components(separatedBy: "<polyline").count - 1 == 2
        + evaluation.lesions.ranking.rows.filter { $0.retention != nil }.count)
    let empty = RetentionPlot.svg(try RankingTable([], kind: .lesion))
    #expect(empty.contains("no curve") && !empty.contains("nan"))
    #expect(!PeakPlot.svg([]).contains("nan"))
  }

  @Test func theReportStatesTheReviewCutoff() throws {
    let page = try PagesSamples.page(PagesSamples.results(calibrated: true))
    #expect(page.contains("<strong>Review cut-off: the first 5 of 12 findings. Below it stand more than 20\u{A0}%"))
    // The row stands after the fifth finding.
    let parts = page.components(separatedBy: ">Review cut-off</td>")
    #expect(parts.count == 2 && parts[0].components(separatedBy: "data-line-of=").count - 1 == 5)
    var without = PagesSamples.results(calibrated: true)
    without.calibration?.cutoff = nil
    let none = try PagesSamples.page(without)
    #expect(none.contains("<p class=\"lead\">No review cut-off: the calibration was made without one.</p>"))
    #expect(!none.contains("Review cut-off"))
    #expect(
      page.contains("40 patients with reference segmentations (synthetic)")
        && page.contains("AUROC of 0.80 (95\u{A0}% 0.72 to 0.87)"))
    let plain = try PagesSamples.page(PagesSamples.results())
    #expect(!plain.contains("eview cut-off") && !plain.contains("patients with reference"))
  }
}
