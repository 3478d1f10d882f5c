/// The command of another program as a user writes it, with `{in}` and `{out}` where the files go.
///
/// No shell reads it. Words end at spaces and tabs; what stands between two `'` or two `"` belongs to one word, and the
/// quotes are taken off. Nothing else has a meaning: no variable, no wildcard, no backslash, no pipe.
public struct CommandTemplate: Sendable, Hashable {
  /// The program, then its arguments.
  public let words: [String]

  static let input = "{in}"
  static let output = "{out}"

  /// Why a text is no command. The description goes on after the option's name.
  public enum Problem: Error, Hashable, Sendable, CustomStringConvertible {
    case empty
    case openQuote(Character)
    case controlCharacter
    case missing(String)
    /// A placeholder that is only a part of a word, or the program.
    case notAWord(String)

    public var description: String {
      switch self {
      case .empty: "names no program"
      case .openQuote(let quote): "has a \(quote) without its second one"
      case .controlCharacter: "holds a control character"
      case .missing(let place): "has no \(place)"
      case .notAWord(let word): "has '\(word)', where {in} and {out} are arguments of their own"
      }
    }
  }

  public init(_ text: String) throws(Problem) {
    let words = try Self.split(text)
    guard let program = words.first else { throw .empty }
    let places = [Self.input, Self.output]
    for word in words where places.contains(where: word.contains) && (!places.contains(word) || word == program) {
      throw .notAWord(word)
    }
    for place in places where !words.contains(place) { throw .missing(place) }
    self.words = words
  }

  private static func split(_ text: String) throws(Problem) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in text {
      if character.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }), character != "\t" {
        throw .controlCharacter
      }
      if let open = quote {
        if character == open { quote = nil } else { word!.append(character) }
      } else if character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if character == " " || character == "\t" {
        if let done = word { words.append(done) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    if let quote { throw .openQuote(quote) }
    if let done = word { words.append(done) }
    return words
  }

  public var program: String { words[0] }

  /// The arguments with paths in place of `{in}` and `{out}`.
  public func arguments(input: String, output: String) -> [String] {
    words.dropFirst().map { $0 == Self.input ? input : $0 == Self.output ? output : $0 }
  }
}
