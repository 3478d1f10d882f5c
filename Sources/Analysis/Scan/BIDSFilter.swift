import Files
public import Foundation
import Results

/// Which of several images of a patient to take: the BIDS Apps' `--bids-filter-file`.
///
/// A JSON object with `flair` and `t1w`, each an object of PyBIDS entity names with the value that a file must have: a
/// text, a number, a list of either, or null for a file without that entity. `{"flair": {"acquisition": "3D"}, "t1w":
/// {"run": 1}}`
public struct BIDSFilter: Sendable, Equatable {
  /// PyBIDS names of the entities of an anatomical image, and how they are spelt in a file name.
  private static let entityKeys = [
    "subject": "sub", "session": "ses", "acquisition": "acq", "ceagent": "ce", "reconstruction": "rec", "run": "run",
    "space": "space", "resolution": "res", "part": "part", "echo": "echo", "direction": "dir", "desc": "desc",
  ]
  /// Keys that say where the image lies and what it is: asked for anyway.
  private static let impliedKeys: Set = ["datatype", "suffix", "extension"]

  /// Image suffix in lower case → entity as spelt in a file name → allowed values, nil for an absent entity.
  private let allowed: [String: [String: [String?]]]

  /// Takes every image.
  public static let none = BIDSFilter(allowed: [:])

  private init(allowed: [String: [String: [String?]]]) { self.allowed = allowed }

  /// - Throws: ``Fault`` for a file that cannot be read or names an unknown image or entity.
  public init(file: URL) throws {
    guard let data = (try? SmallFile.read(file, .description)).map({ Data($0) }) else {
      throw Fault(.input, file.path, found: "cannot be read", expected: "a BIDS filter file (JSON)")
    }
    guard let images = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] else {
      throw Fault(.input, file.path, found: "not a JSON object", expected: "{\"flair\": {…}, \"t1w\": {…}}")
    }
    var allowed: [String: [String: [String?]]] = [:]
    for (image, value) in images.sorted(by: { $0.key < $1.key }) {
      guard ["flair", "t1w"].contains(image), let entities = value as? [String: Any] else {
        throw Fault(
          .input, file.path, found: "\"\(image)\" is no image that is read here",
          expected: "\"flair\" and \"t1w\" with an object each")
      }
      for (entity, value) in entities.sorted(by: { $0.key < $1.key }) where !Self.impliedKeys.contains(entity) {
        guard let key = Self.entityKeys[entity], let values = Self.values(value) else {
          throw Fault(
            .input, file.path, role: "\"\(image)\"",
            found: "\"\(entity)\" is no entity with a text, number, list or null",
            expected: "one of \(Self.entityKeys.keys.sorted().joined(separator: ", "))")
        }
        allowed[image, default: [:]][key] = values
      }
    }
    self.allowed = allowed
  }

  /// Whether a file such as `sub-01_acq-3D_FLAIR.nii.gz` may be taken as the image of this suffix.
  func takes(_ name: String, suffix: String) -> Bool {
    guard let wanted = allowed[suffix.lowercased()] else { return true }
    var found: [String: String] = [:]
    for part in name.split(separator: "_") {
      let pair = part.split(separator: "-", maxSplits: 1)
      if pair.count == 2 { found[String(pair[0])] = String(pair[1]) }
    }
    return wanted.allSatisfy { key, values in values.contains { Self.matches(found[key], $0) } }
  }

  /// Equal as text, or as whole numbers: run 1 is spelt `run-1` or `run-01`.
  private static func matches(_ found: String?, _ wanted: String?) -> Bool {
    if found == wanted { return true }
    guard let found = found.flatMap({ Int($0) }), let wanted = wanted.flatMap({ Int($0) }) else { return false }
    return found == wanted
  }

  private static func values(_ value: Any) -> [String?]? {
    switch value {
    case is NSNull: [nil]
    case let text as String: [text]
    case let number as NSNumber: [number.stringValue]
    case let list as [Any]:
      list.isEmpty
        ? nil
        : list.reduce([String?]?.some([])) { sum, item in
          guard !(item is [Any]), let sum, let more = values(item) else { return nil }
          return sum + more
        }
    default: nil
    }
  }
}
