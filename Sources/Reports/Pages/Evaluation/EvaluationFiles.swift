public import Results

/// What `lesionqc evaluate` leaves: one page, for browsers and as Markdown with its plots, and every number as tables
/// and JSON.
public enum EvaluationFiles {
  public static let page = "evaluation.html"

  /// Names and bytes; equal evaluations give equal bytes.
  public static func all(_ evaluation: Evaluation, templates: TemplateFolder) throws -> [(name: String, bytes: [UInt8])]
  {
    let plots = EvaluationPlot.all(evaluation).map { (plot: $0, svg: $0.svg(evaluation)) }
    return [
      (
        page,
        try EvaluationHTML.render(evaluation, plots: Dictionary(uniqueKeysWithValues: plots), templates: templates)
      ), ("evaluation.md", Array(EvaluationMarkdown.text(evaluation).utf8)),
      ("evaluation.json", try PrettyJSON.bytes(of: evaluation)),
    ] + plots.map { ($0.plot.file, Array($0.svg.utf8)) } + (try EvaluationTables.files(evaluation))
  }
}

/// The evaluation for repositories and notes, with its plots beside it.
enum EvaluationMarkdown {
  static func text(_ evaluation: Evaluation) -> String {
    let parts =
      [["# \(EvaluationPage.title)", EvaluationPage.introduction(evaluation)]]
      + EvaluationPage.sections(evaluation).map { ["## \($0.title)"] + $0.blocks.map(text) }
    return parts.joined().joined(separator: "\n\n") + "\n"
  }

  private static func text(_ block: EvaluationSection.Block) -> String {
    switch block {
    case .paragraph(let text): text
    case .list(let items): items.map { "- \($0)" }.joined(separator: "\n")
    case .table(let header, let rows):
      ([header, header.map { _ in "---" }] + rows).map { "| " + $0.joined(separator: " | ") + " |" }.joined(
        separator: "\n")
    case .plot(let plot): "![\(plot.title)](\(plot.file))"
    }
  }
}
