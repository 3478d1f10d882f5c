public import Files

/// Why another program did not do its work: one line with the fault and the way out.
public enum ProgramError: Error, Equatable, Sendable {
  /// Not in any folder of PATH, or no file that may be run.
  case notFound(program: String)
  /// One that this program knows by name, and the Debian package that has it.
  case notInstalled(program: String, package: String)
  case notStarted(program: String, reason: String)
  /// Its last words are what it wrote last, cut to one line.
  case failed(program: String, exitCode: Int32, lastWords: String?)
  case killed(program: String, signal: Int32)
  case tooLong(program: String, limitSeconds: Double)
  case noOutput(program: String)
}

extension ProgramError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFound(let program): "\(program): no such program; install it, or write its whole path"
    case .notInstalled(let program, let package):
      "\(program): is not installed; 'apt-get install \(package)' installs it"
    case .notStarted(let program, let reason): "\(program): cannot be started (\(reason)); check the installation"
    case .failed(let program, let code, let words):
      "\(program): ended with exit code \(code)\(words.map { " ('\($0)')" } ?? ""); run it by hand to see why"
    case .killed(let program, let signal):
      "\(program): was ended by signal \(signal)\(signal == 9 ? ", perhaps for want of memory" : ""); "
        + "run it by hand to see why"
    case .tooLong(let program, let limit):
      "\(program): was ended after its time limit of \(Int(limit)) s; allow it more, or check what it waits for"
    case .noOutput(let program): "\(program): ended well and wrote no file at {out}; check its arguments"
    }
  }
}

extension ProgramError: NamesFiles {
  private var program: String {
    switch self {
    case .notFound(let program), .notInstalled(let program, _), .notStarted(let program, _), .failed(let program, _, _),
      .killed(let program, _), .tooLong(let program, _), .noOutput(let program):
      program
    }
  }

  public var namedFiles: [String] { [program] }

  /// What a program wrote may name anything.
  public var words: String {
    if case .failed(let program, let code, _) = self {
      return ProgramError.failed(program: program, exitCode: code, lastWords: nil).description
    }
    return description
  }
}
