import Foundation
import JSON
import Software

/// The content of `dataset_description.json`.
struct DatasetDescription: Equatable {
  /// Name of the data set with the images in BIDS URIs.
  static let raw = "raw"

  var version: String
  /// Kind and name of the container that the program runs in, `docker:lesionqc:1.0`; nil outside of one.
  var container: String?
  /// Path of the data set with the images, relative to the output folder; nil where there is none.
  var rawPath: String?

  var bytes: [UInt8] {
    var generator: [String: JSONValue] = [
      "Description":
        "Lesion masks, instance saliency maps and review reports. Research software, not a medical device.",
      "Name": "lesionqc", "Version": .string(version),
    ]
    if let container {
      let parts = container.split(separator: ":", maxSplits: 1)
      generator["Container"] = JSONValue([
        "Tag": .string(String(parts.count > 1 ? parts[1] : parts.first ?? "")),
        "Type": .string(String(parts.count > 1 ? parts[0] : "docker")),
      ])
    }
    var members: [String: JSONValue] = [
      "BIDSVersion": "1.10.0", "DatasetType": "derivative", "GeneratedBy": [JSONValue(generator)],
      "Name": "lesionqc: quality control of multiple sclerosis lesion segmentation",
    ]
    if let rawPath { members["DatasetLinks"] = JSONValue([Self.raw: .string(rawPath)]) }
    return Array((JSONValue(members).text() + "\n").utf8)
  }

  /// What the program writes that is like this file in what may differ, whoever wrote it; the version is left as it is.
  init(like bytes: [UInt8]?) {
    guard let bytes, let document = try? bytes.withUnsafeBytes({ try JSONParser.parse($0) }) else {
      self.init(container: nil)
      return
    }
    let tool = document["GeneratedBy"]?.arrayValue?.first?["Container"]
    let named = [tool?["Type"]?.stringValue, tool?["Tag"]?.stringValue].compactMap(\.self)
    self.init(
      container: named.count == 2 ? named.joined(separator: ":") : nil,
      rawPath: document["DatasetLinks"]?[Self.raw]?.stringValue)
  }

  init(version: String = Software.version, container: String? = ownContainer, rawPath: String? = nil) {
    (self.version, self.container, self.rawPath) = (version, container, rawPath)
  }

  static var ownContainer: String? { ProcessInfo.processInfo.environment["LESIONQC_CONTAINER"] }

  /// The place of a file below a folder; nil where it lies elsewhere.
  static func path(of file: URL, in folder: URL) -> String? {
    let (file, folder) = (file.standardizedFileURL.pathComponents, folder.standardizedFileURL.pathComponents)
    guard file.count > folder.count, file.starts(with: folder) else { return nil }
    return file.dropFirst(folder.count).joined(separator: "/")
  }

  /// A folder as seen from another one, `../..`, percent-encoded as in a URI.
  static func relativePath(to folder: URL, from start: URL) -> String {
    let (folder, start) = (folder.standardizedFileURL.pathComponents, start.standardizedFileURL.pathComponents)
    let common = zip(folder, start).prefix { $0 == $1 }.count
    let names = folder.dropFirst(common).map { $0.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? $0 }
    let path = Array(repeating: "..", count: start.count - common) + names
    return path.isEmpty ? "." : path.joined(separator: "/")
  }
}
