/// What can go wrong while a report is made. Each description is one line: what is wrong, what was expected, the way out.
public enum ReportsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No folder with `report.mustache` at any of the places that were looked at.
  case templatesNotFound(searched: [String])
  case templateUnreadable(template: String, reason: String)
  /// A tag that is not closed, not known or not allowed in this product's templates.
  case templateSyntax(template: String, line: Int, reason: String)
  /// A tag whose key the page does not provide at that depth.
  case unknownKey(template: String, key: String, line: Int)
  /// A picture that every report must have is missing.
  case missingPicture(finding: String)
  /// libpng refused to write a picture.
  case pngFailed(reason: String)

  public var description: String {
    switch self {
    case .templatesNotFound(let searched):
      "no report templates found; looked for report.mustache in " + searched.joined(separator: ", ")
        + ": set LESIONQC_TEMPLATES to the templates folder of the installation"
    case .templateUnreadable(let template, let reason):
      "template \(template) cannot be read (\(reason)): restore it from the installation"
    case .templateSyntax(let template, let line, let reason):
      "template \(template), line \(line): \(reason)"
    case .unknownKey(let template, let key, let line):
      "template \(template), line \(line): the page has no '\(key)' here: correct the key or the section it stands in"
    case .missingPicture(let finding):
      "no picture of \(finding), expected one for every finding: draw it before the page is rendered"
    case .pngFailed(let reason):
      "a picture could not be encoded as PNG (\(reason))"
    }
  }
}
