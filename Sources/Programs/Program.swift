import Files
public import Foundation

/// A program of this machine that is run without a shell.
public struct Program: Sendable, Hashable {
  /// As it was asked for.
  public let name: String
  public let file: URL

  /// - Parameter name: looked up in PATH; one with a `/` is a path.
  /// - Throws: ``ProgramError/notFound(program:)``.
  public init(_ name: String) throws(ProgramError) {
    try self.init(name, searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
  }

  public init(_ name: String, searchPath: String) throws(ProgramError) {
    let places = name.contains("/") ? [name] : searchPath.split(separator: ":").map { "\($0)/\(name)" }
    var isFolder: ObjCBool = false
    guard
      let place = places.first(where: {
        FileManager.default.isExecutableFile(atPath: $0)
          && FileManager.default.fileExists(atPath: $0, isDirectory: &isFolder) && !isFolder.boolValue
      })
    else { throw .notFound(program: name) }
    self.name = name
    file = URL(fileURLWithPath: place)
  }

  /// How a call is watched.
  public struct Watch {
    let limitSeconds: Double
    let isStopped: () -> Bool

    /// - Parameter isStopped: asked ten times a second; once it says so the program is ended.
    public init(limitSeconds: Double, isStopped: @escaping () -> Bool = { false }) {
      self.limitSeconds = limitSeconds
      self.isStopped = isStopped
    }
  }

  /// Runs the program to its end, with nothing to read, and returns what it wrote on both streams.
  ///
  /// It leads a process group of its own. At the time limit, or when it is stopped, the whole group is asked to end and
  /// killed two seconds later: what the program started does not outlive it.
  ///
  /// - Parameters:
  ///   - arguments: handed over as they are.
  ///   - log: a file for what it writes; made anew.
  /// - Throws: ``ProgramError``; `CancellationError` when it was stopped.
  @discardableResult public func run(_ arguments: [String], log: URL, watch: Watch) throws -> String {
    let child = try start(arguments, log: log)
    let deadline = Date().addingTimeInterval(watch.limitSeconds)
    var status: Int32 = 0
    var pause: UInt32 = 5_000
    while waitpid(child, &status, WNOHANG) == 0 {
      let isStopped = watch.isStopped()
      if isStopped || Date() >= deadline {
        end(child)
        if isStopped { throw CancellationError() }
        throw ProgramError.tooLong(program: name, limitSeconds: watch.limitSeconds)
      }
      usleep(pause)
      pause = min(pause * 2, 100_000)
    }
    let text = words(in: log)
    let signal = status & 0x7F
    if signal != 0 { throw ProgramError.killed(program: name, signal: signal) }
    let code = status >> 8 & 0xFF
    if code != 0 { throw ProgramError.failed(program: name, exitCode: code, lastWords: Self.lastLine(of: text)) }
    return text
  }

  /// - Returns: the process, which is also its group.
  private func start(_ arguments: [String], log: URL) throws(ProgramError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF))
    posix_spawnattr_setpgroup(&attributes, 0)
    // Signals that this process ignores would be ignored there, too.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&signals, number) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    var words: [UnsafeMutablePointer<CChar>?] = ([file.path] + arguments).map { strdup($0) } + [nil]
    var environment: [UnsafeMutablePointer<CChar>?] =
      ProcessInfo.processInfo.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + environment { free(text) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, file.path, &actions, &attributes, &words, &environment)
    guard code == 0 else { throw .notStarted(program: name, reason: String(cString: strerror(code))) }
    return child
  }

  private func end(_ child: pid_t) {
    kill(-child, SIGTERM)
    var status: Int32 = 0
    for _ in 0..<40 where waitpid(child, &status, WNOHANG) == 0 { usleep(50_000) }
    // What is left of the group, also where its leader is gone.
    kill(-child, SIGKILL)
    _ = waitpid(child, &status, 0)
  }

  /// What was written; empty where that is more than a log.
  private func words(in log: URL) -> String {
    String(decoding: (try? SmallFile.read(log, .description)) ?? [], as: UTF8.self)
  }

  /// The last line with letters, without control characters and at most 160 characters long.
  static func lastLine(of text: String) -> String? {
    let lines = text.split(whereSeparator: \.isNewline).map { line in
      String(
        String.UnicodeScalarView(
          line.unicodeScalars.filter { ![.control, .format].contains($0.properties.generalCategory) }))
    }
    return lines.last { $0.contains(where: \.isLetter) }.map { String($0.prefix(160)) }
  }
}
