import ErrorScore
import Results

/// The evaluation as a page like the cohort's. It opens offline and asks for nothing from outside.
enum EvaluationHTML {
  /// - Parameter plots: every plot that the evaluation has, as SVG.
  /// - Returns: the file, UTF-8; equal evaluations give equal bytes.
  static func render(_ evaluation: Evaluation, plots: [EvaluationPlot: String], templates: TemplateFolder)
    throws(ReportsError) -> [UInt8]
  {
    let fields: PageFields = [
      "title": .text(EvaluationPage.title), "introduction": runs(EvaluationPage.introduction(evaluation)),
      "synthetic": .flag(evaluation.cohort.synthetic), "softwareName": .text(evaluation.software.name),
      "softwareVersion": .text(evaluation.software.version), "tiles": .list(tiles(evaluation)),
      "sections": .list(
        EvaluationPage.sections(evaluation).enumerated().map { index, section in
          [
            "id": "section-\(index + 1)", "heading": .text(section.title),
            "blocks": .list(section.blocks.map { parts($0, plots) }),
          ]
        }),
    ]
    return try templates.render("evaluation", try templates.head(styles: ["report", "cohort"]).merging(fields))
  }

  /// What a reader looks for first: what was found, what is false, and how well the order finds it.
  private static func tiles(_ evaluation: Evaluation) -> [PageFields] {
    func tile(_ name: String, _ value: String, _ note: String) -> PageFields {
      ["name": .text(name), "value": .text(value), "note": .text(note)]
    }
    func order(_ table: RankingTable) -> (value: String, by: String) {
      let row = table.row(.errorScore) ?? table.row(.saliencyPeak)
      return (
        Formatting.fixed(row?.estimate(.areaUnderROC)?.value, 2),
        "AUROC of the " + (row?.criterion == .errorScore ? "error score" : "saliency peak")
      )
    }
    let (lesions, candidates) = (order(evaluation.lesions.ranking), order(evaluation.candidates.ranking))
    return [
      tile("Lesions found", Wording.found(evaluation.reference), "of the references"),
      tile("False lesions", Wording.falseLesions(evaluation.reference.pooled), "of the mask"),
      tile("False positives come first", lesions.value, lesions.by),
      tile("Missed lesions come first", candidates.value, candidates.by),
    ]
  }

  private static func parts(_ block: EvaluationSection.Block, _ plots: [EvaluationPlot: String]) -> PageFields {
    var (paragraph, list, table, plot): (PageValue, PageValue, PageValue, PageValue) = (false, false, false, false)
    switch block {
    case .paragraph(let text): paragraph = .fields(["runs": runs(text)])
    case .list(let items): list = .fields(["items": .list(items.map { ["runs": runs($0)] })])
    case .table(let header, let rows):
      table = .fields([
        "header": .lines(header),
        "rows": .list(rows.map { ["first": .text($0.first ?? ""), "cells": .lines(Array($0.dropFirst()))] }),
      ])
    case .plot(let one): plot = plots[one].map { .fields(["svg": .text($0), "caption": .text(one.title)]) } ?? false
    }
    return ["paragraph": paragraph, "list": list, "table": table, "plot": plot]
  }

  /// The text in pieces, of which every second is important.
  private static func runs(_ text: String) -> PageValue {
    let pieces = text.replacing("`", with: "").split(separator: "**", omittingEmptySubsequences: false)
    return .list(
      pieces.enumerated().map { index, piece in
        [
          "strong": .optional(index % 2 == 1 ? String(piece) : nil),
          "plain": .text(index % 2 == 1 ? "" : String(piece)),
        ]
      })
  }
}
