import Analysis
package import Foundation
import JSON
import Software

/// The content of `dataset_description.json`.
package struct DatasetDescription: Equatable {
  /// Name of the data set with the images in BIDS URIs.
  static let raw = "raw"

  var kind: DatasetFiles.Kind
  var version: String
  /// Kind and name of the container that the program runs in, `docker:lesionqc:1.0`; nil outside of one.
  var container: String?
  /// Path of the data set with the images, relative to the output folder; nil where there is none.
  var rawPath: String?

  var bytes: [UInt8] {
    var generator: [String: JSONValue] = [
      "Description": .string("\(kind.purpose). Research software, not a medical device."), "Name": "lesionqc",
      "Version": .string(version),
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
      "Name": .string(kind.name),
    ]
    if case .prepared(synthetic: true, _) = kind { members["Keywords"] = [.string(PreparedDataset.keyword)] }
    if let rawPath { members["DatasetLinks"] = JSONValue([Self.raw: .string(rawPath)]) }
    return Array((JSONValue(members).text() + "\n").utf8)
  }

  /// What a version writes for a folder of a kind, with what may differ (container, place of the raw data set of
  /// results) as a standing description has it.
  init(_ kind: DatasetFiles.Kind = .results, like standing: [UInt8]? = nil, version: String = Software.version) {
    (self.kind, self.version) = (kind, version)
    let document = standing.flatMap { bytes in try? bytes.withUnsafeBytes { try JSONParser.parse($0) } }
    let tool = document?["GeneratedBy"]?.arrayValue?.first?["Container"]
    let named = [tool?["Type"]?.stringValue, tool?["Tag"]?.stringValue].compactMap(\.self)
    container = named.count == 2 ? named.joined(separator: ":") : nil
    rawPath =
      switch kind {
      case .results: document?["DatasetLinks"]?[Self.raw]?.stringValue
      case .prepared(_, let raw): raw
      }
  }

  /// From `LESIONQC_CONTAINER`.
  static var ownContainer: String? { ProcessInfo.processInfo.environment["LESIONQC_CONTAINER"] }

  /// The place of a file below a folder; nil where it lies elsewhere.
  static func path(of file: URL, in folder: URL) -> String? {
    let (file, folder) = (file.standardizedFileURL.pathComponents, folder.standardizedFileURL.pathComponents)
    guard file.count > folder.count, file.starts(with: folder) else { return nil }
    return file.dropFirst(folder.count).joined(separator: "/")
  }

  /// A folder as seen from another one, `../..`, percent-encoded as in a URI.
  package static func relativePath(to folder: URL, from start: URL) -> String {
    let (folder, start) = (
      folder.resolvingSymlinksInPath().pathComponents, start.resolvingSymlinksInPath().pathComponents
    )
    let common = zip(folder, start).prefix { $0 == $1 }.count
    let names = folder.dropFirst(common).map { $0.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? $0 }
    let path = Array(repeating: "..", count: start.count - common) + names
    return path.isEmpty ? "." : path.joined(separator: "/")
  }
}

extension DatasetFiles.Kind {
  fileprivate var name: String {
    switch self {
    case .results: "lesionqc: quality control of multiple sclerosis lesion segmentation"
    case .prepared: PreparedDataset.name
    }
  }

  fileprivate var purpose: String {
    switch self {
    case .results: "Lesion masks, instance saliency maps and review reports"
    case .prepared: "FLAIR and T1w on the grid of the FLAIR, registered, 0 outside the brain"
    }
  }
}
