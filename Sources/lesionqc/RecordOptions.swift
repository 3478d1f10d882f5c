import Archive
import ArgumentParser
import Digests
import Foundation
import Results

/// Options of every command that leaves a record in an audit trail.
struct RecordOptions: ParsableArguments {
  @Option(name: .customLong("operator"), help: "Who does this, for the audit trail and the report.") var operatorName:
    String?
  @Option(
    help: ArgumentHelp(
      "Secret key that signs the records of this command, as 'lesionqc audit keygen' makes one.", valueName: "file"))
  var signKey: String?

  func validate() throws {
    if let operatorName, let problem = Attribution.problem(ofOperator: operatorName) {
      throw ValidationError("--operator \(problem)")
    }
  }

  /// - Parameter output: the folder whose trails are written; a key that lies in it would be given away with it.
  /// - Throws: ``Fault`` for a key in that folder, `DigestError` for a file that is no key or open to others.
  func attribution(for output: String) throws -> Attribution {
    Attribution(
      operatorName: operatorName ?? Self.answer, signingKey: try signingKey(outside: URL(fileURLWithPath: output)))
  }

  /// Who says so at a terminal, asked once; nil elsewhere, for nobody and for a name that may not stand in a record.
  static let answer: String? = {
    guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else { return nil }
    ErrorStream.write("Operator, for the audit trail and the report (Enter for nobody): ")
    let name = readLine()?.trimmingCharacters(in: .whitespaces) ?? ""
    if let problem = name.isEmpty ? nil : Attribution.problem(ofOperator: name) {
      ErrorStream.write("lesionqc: the operator \(problem); nobody is named\n")
      return nil
    }
    return name.isEmpty ? nil : name
  }()

  /// The answer as an option, for processes that nobody can ask; empty where the option was given.
  static func answered(besides arguments: [String]) -> [String] {
    let isGiven = arguments.contains { $0 == "--operator" || $0.hasPrefix("--operator=") }
    return isGiven ? [] : answer.map { ["--operator", $0] } ?? []
  }

  private func signingKey(outside output: URL) throws -> SigningKey? {
    guard let signKey else { return nil }
    func resolved(_ url: URL) -> String { url.standardizedFileURL.resolvingSymlinksInPath().path + "/" }
    let file = URL(fileURLWithPath: signKey)
    guard !resolved(file).hasPrefix(resolved(output)) else {
      throw Fault(
        .input, signKey, found: "the secret key lies in the folder whose records it signs",
        remedy: .plain("move it out of \(output.path)"))
    }
    return try SigningKey(file: file)
  }
}
