import ArgumentParser
import Files
import Foundation
import Networks
import QualityControl
import Results
import Software

/// Entry point: arguments in, one line of error out, an exit code that scripts can rely on.
@main struct LesionQC: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lesionqc",
    abstract: "Quality control of multiple sclerosis lesion segmentation: explain, rank and report every lesion.",
    discussion: """
      \(Software.disclaimer)

      Exit codes: 0 done, 2 usage, 3 bad input or output folder, 4 bad model, 5 some patients failed, 6 audit \
      verification \
      failed, 7 a page holds what must not be shared, 8 a sanity check failed, 9 another process is at work on the \
      patient (--no-wait), 130 interrupted.
      """,
    version: (["\(Software.name) \(Software.version)"] + Software.dependencies.map { "  \($0.name) \($0.version)" })
      .joined(separator: "\n"),
    subcommands: [
      PrepareCommand.self, PatientCommand.self, RunCommand.self, ReportCommand.self, ReviewCommand.self,
      DICOMCommand.self, EvaluateCommand.self, CalibrateCommand.self, LintCommand.self, AuditCommand.self,
      ModelCommand.self, CheckCommand.self, PhantomCommand.self,
    ])

  static func main() async {
    DurableFile.restrictMask()
    if let line = Suggestion.line(for: Array(CommandLine.arguments.dropFirst()), of: Self.self) {
      ErrorStream.write("lesionqc: \(line)\n")
      Foundation.exit(2)
    }
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch { Foundation.exit(report(error)) }
  }

  /// Writes what the user should read and returns the exit code.
  private static func report(_ error: any Error) -> Int32 {
    if let code = error as? ExitCode { return code.rawValue }
    let classified = ErrorClass.classify(error)
    if let classified {
      ErrorStream.write("lesionqc: \(classified.line)\n")
      return classified.exitCode
    }
    let code = exitCode(for: error)
    let message = fullMessage(for: error)
    if code.isSuccess {
      print(message)
      return 0
    }
    ErrorStream.write("\(message)\n")
    return code == .validationFailure ? 2 : code.rawValue
  }
}
