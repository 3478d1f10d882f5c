/// An error whose words name files. What they say without the names may stand on a page; the names may not, since
/// folders and files of the input can name a person.
public protocol NamesFiles: Error {
  /// Every path and file name that ``words`` hold.
  var namedFiles: [String] { get }
  /// What is wrong, on one line; the description where an error says nothing else.
  var words: String { get }
}

extension NamesFiles { public var words: String { "\(self)" } }

/// Why something failed, the reason apart from the files that it is about.
public struct FailureReason: Sendable, Equatable {
  /// One line without a path and without a name of a file or a folder of the input.
  public let words: String
  /// What the words are about; for the audit trail and the terminal.
  public let files: [String]

  /// Shorter names are left alone: they would be found inside of words.
  private static let shortestName = 4

  /// - Parameter error: of this program, or of the system, whose own words may name anything and are left out.
  public init(_ error: any Error) {
    guard let naming = error as? any NamesFiles else {
      files = []
      words = Self.isOfSystem(error) ? "the system refused" : Self.oneLine("\(error)")
      return
    }
    files = naming.namedFiles
    var text = Self.oneLine(naming.words)
    for file in files.map(Self.oneLine) where text.hasPrefix("\(file): ") { text.removeFirst(file.count + 2) }
    let parts = files.flatMap { [$0, String($0.split(separator: "/").last ?? "")] }.map(Self.oneLine)
    for name in Set(parts).filter({ $0.count >= Self.shortestName }).sorted(by: { ($1.count, $0) < ($0.count, $1) }) {
      text = text.replacing(name, with: "…")
    }
    words = text
  }

  /// Errors of Foundation describe themselves with everything they know.
  private static func isOfSystem(_ error: any Error) -> Bool {
    let module = String(reflecting: type(of: error)).prefix { $0 != "." }
    return ["Foundation", "FoundationEssentials", "__C"].contains(String(module))
  }

  private static func oneLine(_ text: String) -> String { String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 }) }
}
