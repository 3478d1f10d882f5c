public import Files

extension Fault {
  /// What is wrong with a file, as a fault of whoever gave it.
  public init(_ error: FileError, _ subject: Subject, role: String? = nil, remedy: Remedy? = nil) {
    switch error {
    case .missing(let path): self.init(subject, path, role: role, found: "no such file", remedy: remedy)
    case .unreadable(let path, let reason):
      self.init(subject, path, role: role, found: "cannot be read (\(reason))", remedy: remedy)
    case .notRegular(let path, let kind): self.init(subject, path, role: role, found: "is \(kind)", expected: "a file")
    case .tooLarge(let path, let bytes, let limit):
      self.init(subject, path, role: role, found: "has \(bytes) bytes", expected: "at most \(limit)", remedy: remedy)
    case .unwritable(let path, let reason):
      self.init(
        subject, path, role: role, found: "cannot be written (\(reason))",
        remedy: remedy ?? .plain("free space or choose another output folder"))
    case .path(let text, let fault):
      self.init(
        subject, FileError.shown(text), role: role, found: "is a path that \(fault)",
        expected: "one that is relative and stays in its folder", remedy: remedy)
    case .leaves(let folder, let path):
      self.init(
        subject, "\(folder)/\(path)", role: role, found: "is a link, or lies behind one, that leads out of the folder",
        remedy: remedy ?? .plain("put the file itself there"))
    case .dangling(let path):
      self.init(
        subject, path, role: role, found: "is a link to nothing",
        remedy: remedy ?? .plain("in a DataLad or git-annex data set fetch it: 'datalad get' or 'git annex get'"))
    }
  }
}

extension Fault: NamesFiles {
  public var namedFiles: [String] { [file] + names }

  public var words: String {
    var bare = self
    bare.names = []
    return bare.description
  }
}
