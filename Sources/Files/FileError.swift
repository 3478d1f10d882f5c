/// What is wrong with a file, or with a path that something names.
public enum FileError: Error, Equatable, Sendable {
  case missing(path: String)
  /// The system refused; `reason` is its own text.
  case unreadable(path: String, reason: String)
  /// A folder, a named pipe, a device or a socket, refused before it is opened.
  case notRegular(path: String, kind: String)
  /// Larger than anything of its kind is.
  case tooLarge(path: String, bytes: Int, limit: Int)
  case unwritable(path: String, reason: String)
  /// A path in a record that is not relative, or not within its folder.
  case path(text: String, fault: String)
  /// A link that leads out of the folder that it should stay in.
  case leaves(folder: String, path: String)
  /// A link that leads nowhere.
  case dangling(path: String)
}

extension FileError {
  /// What is wrong, without the path.
  public var reason: String {
    switch self {
    case .missing: "no such file"
    case .unreadable(_, let reason), .unwritable(_, let reason): reason
    case .notRegular(_, let kind): "it is \(kind), not a file"
    case .tooLarge(_, let bytes, let limit): "it has \(bytes) bytes, the most allowed are \(limit)"
    case .path(_, let fault): "its path \(fault)"
    case .leaves: "it is a link, or lies behind one, that leads out of its folder"
    case .dangling: "it is a link to nothing; in a DataLad or git-annex data set fetch it"
    }
  }
}

extension FileError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missing(let path): "\(path): no such file"
    case .unreadable(let path, let reason): "\(path): cannot be read (\(reason))"
    case .notRegular(let path, let kind): "\(path): is \(kind), not a file"
    case .tooLarge(let path, let bytes, let limit):
      "\(path): has \(bytes) bytes, more than the \(limit) that such a file may have"
    case .unwritable(let path, let reason):
      "\(path): cannot be written (\(reason)); free space or choose another folder"
    case .path(let text, let fault):
      "the path '\(Self.shown(text))' \(fault); a path in a record is relative and stays in its folder"
    case .leaves(let folder, let path):
      "\(folder)/\(path): is a link, or lies behind one, that leads out of the folder; put the file itself there"
    case .dangling(let path):
      "\(path): is a link to nothing; in a DataLad or git-annex data set fetch it ('datalad get', 'git annex get')"
    }
  }

  /// A text that may hold anything, on one line and not too long.
  public static func shown(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars.prefix(100) {
      let isControl = scalar.properties.generalCategory == .control || [0x2028, 0x2029].contains(scalar.value)
      line += isControl ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
    }
    return line
  }
}

extension FileError: NamesFiles {
  public var namedFiles: [String] {
    switch self {
    case .missing(let path), .unreadable(let path, _), .notRegular(let path, _), .tooLarge(let path, _, _),
      .unwritable(let path, _), .dangling(let path):
      [path]
    case .path(let text, _): [Self.shown(text)]
    case .leaves(let folder, let path): ["\(folder)/\(path)", folder, path]
    }
  }
}
