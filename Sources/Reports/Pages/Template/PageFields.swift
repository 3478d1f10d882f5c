import Foundation

/// What a page offers to its template: a key has a text, a switch, one group of further keys, or a list of groups.
///
/// Kept as plain values rather than reflected types, so that the keys of a template can be checked against them.
enum PageValue: Sendable, Equatable, ExpressibleByStringInterpolation, ExpressibleByBooleanLiteral {
  case text(String)
  case flag(Bool)
  case fields(PageFields)
  case list([PageFields])

  init(stringLiteral value: String) { self = .text(value) }
  init(booleanLiteral value: Bool) { self = .flag(value) }

  /// A section that is rendered only when there is a text, which it offers as `text`.
  static func optional(_ text: String?) -> PageValue { text.map { .fields(["text": .text($0)]) } ?? .flag(false) }

  /// A list of paragraphs, each offered as `text`.
  static func lines(_ texts: [String]) -> PageValue { .list(texts.map { ["text": .text($0)] }) }

  static func picture(_ picture: EmbeddedPicture?, alt: String) -> PageValue {
    guard let picture else { return .flag(false) }
    return .fields([
      "source": .text(source(picture)), "width": "\(picture.width)", "height": "\(picture.height)", "alt": .text(alt),
      "pictureScale": pictureScale(picture),
    ])
  }

  /// For scripts and tests: what a pixel of the picture measures.
  static func pictureScale(_ picture: EmbeddedPicture) -> PageValue {
    .optional(picture.millimetresPerPixel.map(significant))
  }

  /// The picture as the address of an image inside the file.
  static func source(_ picture: EmbeddedPicture) -> String {
    "data:image/png;base64," + Data(picture.png).base64EncodedString()
  }

  var isShown: Bool {
    switch self {
    case .flag(let shown): shown
    case .list(let groups): !groups.isEmpty
    case .text, .fields: true
    }
  }

  /// The form that the template library walks through.
  fileprivate var rendered: Any {
    switch self {
    case .text(let text): text
    case .flag(let flag): flag
    case .fields(let fields): fields.rendered
    case .list(let groups): groups.map(\.rendered)
    }
  }
}

/// One group of keys.
struct PageFields: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  private var values: [String: PageValue]

  init(dictionaryLiteral elements: (String, PageValue)...) { values = Dictionary(uniqueKeysWithValues: elements) }

  subscript(key: String) -> PageValue? { values[key] }

  /// Both groups together; a key in both is a mistake.
  func merging(_ other: PageFields) -> PageFields {
    var merged = self
    merged.values.merge(other.values) { _, _ in preconditionFailure("the same page key twice") }
    return merged
  }

  var rendered: [String: Any] { values.mapValues(\.rendered) }
}
