import Results

/// A part of the page of an evaluation. In its texts `**` stands around what is most important and a backtick around
/// the name of a file.
struct EvaluationSection {
  enum Block {
    case paragraph(String)
    case list([String])
    case table([String], [[String]])
    case plot(EvaluationPlot)
  }

  let title: String
  var blocks: [Block]

  init(_ title: String, _ blocks: [Block]) {
    self.title = title
    self.blocks = blocks
  }
}

/// A drawing of an evaluation, by the name of its file.
enum EvaluationPlot: String, CaseIterable {
  case peaks
  case retentionLesions = "retention-lesions"
  case retentionCandidates = "retention-candidates"
  case calibration

  var file: String { "\(rawValue).svg" }

  var title: String {
    switch self {
    case .peaks: "Distribution of the FLAIR peak by group"
    case .retentionLesions, .retentionCandidates: "Retention curve"
    case .calibration: "Calibration curve"
    }
  }

  static func all(_ evaluation: Evaluation) -> [EvaluationPlot] {
    allCases.filter { $0 != .calibration || evaluation.hasReliability }
  }

  func svg(_ evaluation: Evaluation) -> String {
    switch self {
    case .peaks: PeakPlot.svg(evaluation.peaks)
    case .retentionLesions: RetentionPlot.svg(evaluation.lesions.ranking)
    case .retentionCandidates: RetentionPlot.svg(evaluation.candidates.ranking)
    case .calibration: ReliabilityPlot.svg(evaluation)
    }
  }
}
