import Checkpoints
public import Foundation
import Results

/// Which of several images of a patient to take: the BIDS Apps' `--bids-filter-file`.
///
/// A JSON object with `flair` and `t1w`, in any case, each an object of PyBIDS entity names with what a file must have:
/// a text, a number, a list of either; null or `Query.NONE` for a file without that entity, `*`, `Query.ANY` or
/// `Query.REQUIRED` for one that has it, `Query.OPTIONAL` for both. `suffix`, `datatype` and `extension` say what is
/// looked for and where: `{"t1w": {"suffix": "UNIT1", "run": 1}}`.
///
/// Source: PyBIDS `BIDSLayout.get` and `Query`; fMRIPrep, "The filter file".
public struct BIDSFilter: Sendable, Equatable {
  /// What the value of an entity may be.
  enum Wanted: Sendable, Equatable {
    case absent
    case anything
    case optional
    case text(String)
    case number(Int)
  }

  /// PyBIDS names of the entities of an anatomical image, and how they are spelt in a file name.
  private static let entityKeys = [
    "subject": "sub", "session": "ses", "sample": "sample", "acquisition": "acq", "ceagent": "ce", "staining": "stain",
    "tracer": "trc", "reconstruction": "rec", "direction": "dir", "run": "run", "modality": "mod", "echo": "echo",
    "flip": "flip", "inversion": "inv", "mt": "mt", "part": "part", "chunk": "chunk", "space": "space",
    "resolution": "res", "density": "den", "label": "label", "split": "split", "recording": "recording",
    "processing": "proc", "desc": "desc", "description": "desc", "task": "task", "hemisphere": "hemi", "atlas": "atlas",
  ]
  /// What a file is and where it lies.
  private static let placeKeys: Set = ["datatype", "suffix", "extension"]
  /// Entities whose labels are numbers: `run-1` and `run-01` are the same.
  private static let indices: Set = ["run", "echo", "flip", "inv", "chunk", "split"]

  /// `flair` or `t1w` → key as spelt in a file name, or one of ``placeKeys`` → what is allowed.
  private let allowed: [String: [String: [Wanted]]]
  /// What was not used, in words: sections of other programs.
  public let notes: [String]

  /// Takes every image.
  public static let none = BIDSFilter(allowed: [:], notes: [])

  private init(allowed: [String: [String: [Wanted]]], notes: [String]) { (self.allowed, self.notes) = (allowed, notes) }

  /// - Throws: ``Fault`` for a file that cannot be read, is no strict JSON, or names an unknown entity or value.
  public init(file: URL) throws {
    let document: JSONValue
    do { document = try JSONValue(path: file.path) } catch let error as CheckpointError {
      throw Fault(.input, file.path, found: Self.reason(error), expected: "a BIDS filter file (JSON)")
    }
    guard case .object(let sections) = document else {
      throw Fault(.input, file.path, found: "not a JSON object", expected: "{\"flair\": {…}, \"t1w\": {…}}")
    }
    var allowed: [String: [String: [Wanted]]] = [:]
    var others: [String] = []
    for (section, value) in sections {
      let image = section.lowercased()
      guard image == "flair" || image == "t1w" else {
        others.append(section)
        continue
      }
      guard case .object(let entities) = value else {
        throw Fault(
          .input, file.path, role: "\"\(section)\"", found: "is \(value.kind), not an object",
          expected: "an object of entities such as {\"acquisition\": \"3D\"}")
      }
      guard allowed[image] == nil else {
        throw Fault(.input, file.path, role: "\"\(section)\"", found: "is there twice, in other capitals")
      }
      allowed[image] = try Self.entities(entities, section, file)
    }
    self.allowed = allowed
    notes =
      others.isEmpty
      ? []
      : [
        "section\(others.count == 1 ? "" : "s") \(others.sorted().map { "\"\($0)\"" }.joined(separator: ", ")) "
          + "of the filter file skipped: only \"flair\" and \"t1w\" are read here"
      ]
  }

  /// The same, and of images that have a run only those of these runs, whatever the filter said of runs.
  ///
  /// - Parameter runs: labels with or without `run-`; empty: every run.
  public func restricted(toRuns runs: [String]) -> BIDSFilter {
    guard !runs.isEmpty else { return self }
    var allowed = allowed
    for section in ["flair", "t1w"] { allowed[section, default: [:]]["run"] = [.absent] + runs.map { .text($0) } }
    return BIDSFilter(allowed: allowed, notes: notes)
  }

  private static func reason(_ error: CheckpointError) -> String {
    switch error {
    case .malformed(_, let reason, _): reason
    case .unreadable(_, let reason): "cannot be read (\(reason))"
    default: "\(error)"
    }
  }

  private static func entities(_ members: [(key: String, value: JSONValue)], _ section: String, _ file: URL) throws
    -> [String: [Wanted]]
  {
    var found: [String: [Wanted]] = [:]
    for (entity, value) in members {
      let name = entity.lowercased()
      guard let key = placeKeys.contains(name) ? name : entityKeys[name] else {
        throw Fault(
          .input, file.path, role: "\"\(section)\"", found: "\"\(entity)\" is no entity of PyBIDS",
          expected: "one of \((placeKeys.union(entityKeys.keys)).sorted().joined(separator: ", "))")
      }
      guard let values = wanted(value) else {
        throw Fault(
          .input, file.path, role: "\"\(section)\"", found: "\"\(entity)\" is \(value.kind)",
          expected: "a text, a whole number, null, \"*\", a word such as \"Query.NONE\", or a list of these")
      }
      guard found[key] == nil else {
        throw Fault(.input, file.path, role: "\"\(section)\"", found: "\"\(entity)\" is given twice")
      }
      found[key] = values
    }
    return found
  }

  private static func wanted(_ value: JSONValue) -> [Wanted]? {
    switch value {
    case .null: return [.absent]
    case .string(let text): return word(text).map { [$0] }
    case .integer(let number): return [.number(number)]
    case .number(let number): return Int(exactly: number).map { [.number($0)] }
    case .array(let items):
      let values = items.compactMap { item -> [Wanted]? in if case .array = item { nil } else { wanted(item) } }
      return items.isEmpty || values.count < items.count ? nil : values.flatMap(\.self)
    case .bool, .object, .unsigned: return nil
    }
  }

  /// Words of PyBIDS, also as Python prints them (`<Query.NONE: 1>`); nil for a word of that kind that is not known.
  private static func word(_ text: String) -> Wanted? {
    if text == "*" { return .anything }
    let bare = text.drop { $0 == "<" }.prefix { $0 != ":" && $0 != ">" }.lowercased()
    guard bare.hasPrefix("query.") else { return .text(text) }
    switch bare.dropFirst("query.".count) {
    case "none": return .absent
    case "any", "required": return .anything
    case "optional": return .optional
    default: return nil
    }
  }

  // MARK: - What is taken

  /// Suffixes and folders that are looked for: the usual one unless the filter names others; nil for any.
  func places(_ section: String, _ key: String, usual: String) -> [String]? {
    guard let values = allowed[section]?[key] else { return [usual] }
    let texts = values.compactMap { value -> String? in
      switch value {
      case .text(let text): text
      case .number(let number): "\(number)"
      default: nil
      }
    }
    return texts.count == values.count ? texts : nil
  }

  /// Whether an image with this name may be taken; its suffix is another matter.
  func takes(_ name: BIDSName, section: String) -> Bool {
    guard let wanted = allowed[section] else { return true }
    return wanted.allSatisfy { key, values in
      switch key {
      case "datatype", "suffix": true
      case "extension": values.contains { Self.matches(name.fileExtension.dropFirst(), $0, key) }
      default: values.contains { Self.matches(name[key].map { $0[...] }, $0, key) }
      }
    }
  }

  private static func matches(_ found: Substring?, _ wanted: Wanted, _ key: String) -> Bool {
    switch (wanted, found) {
    case (.optional, _), (.absent, nil), (.anything, _?): return true
    case (.number(let number), let found?): return Int(found) == number
    case (.text(let text), let found?):
      // `3T`, `acq-3T` and, of an extension, `nii.gz` and `.nii.gz`.
      let bare =
        text.hasPrefix("\(key)-") ? text.dropFirst(key.count + 1) : text.drop { key == "extension" && $0 == "." }
      return found == bare || indices.contains(key) && Int(found) != nil && Int(found) == Int(bare)
    default: return false
    }
  }
}
