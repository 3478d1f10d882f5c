import ArgumentParser
import ErrorScore
import Foundation
import QualityControl
import Reports

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Compare a run with expert masks: segmentation, saliency by group, review order.",
    discussion: """
      Writes evaluation.md with plots (SVG), tables (TSV) and evaluation.json. The run need not have had a truth; missed lesions \
      and healthy control regions have saliency only when it had one and --controls.
      """)

  @Argument(help: "Folder that 'lesionqc run' wrote.") var outputDir: String
  @Option(help: "BIDS derivatives with expert masks (*_label-L_mask.nii.gz).") var truth: String
  @Option(help: "Folder to write (default: OUTPUT_DIR/evaluation).") var output: String?
  @Flag(help: "No progress; only results and errors.") var quiet = false

  func run() throws {
    let folder = output ?? outputDir + "/evaluation"
    let evaluation = try CohortEvaluation.write(
      output: URL(fileURLWithPath: outputDir), truth: URL(fileURLWithPath: truth), to: URL(fileURLWithPath: folder)
    ) { name in
      if !quiet { FileHandle.standardError.write(Data("\(name)\n".utf8)) }
    }
    for sentence in evaluation.verdicts { print(sentence) }
    print("\(folder)/evaluation.md: \(evaluation.patients.count) patients")
  }
}
