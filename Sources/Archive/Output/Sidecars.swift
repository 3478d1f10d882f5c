package import Analysis
import Foundation
import JSON
import Reports
package import Results

/// What a patient's images are and from which images they were made, as sidecars of BIDS say it.
///
/// Source: BIDS 1.10, derivatives, "Common data types and metadata" and "Imaging data types".
package struct Sidecars {
  private let layout: OutputLayout
  /// BIDS URIs of the images; nil where they lie in no data set, and their place is no business of the derivative.
  private let sources: [String]?

  package init(_ input: PatientInput, _ layout: OutputLayout) {
    self.layout = layout
    sources = input.images.reduce([]) { found, image in
      guard let found, let dataset = input.dataset, let path = DatasetDescription.path(of: image.url, in: dataset)
      else { return nil }
      return found + ["bids:\(DatasetDescription.raw):\(path)"]
    }
  }

  /// Of the files that a run leaves.
  package func write(_ results: PatientResults, hasProbability: Bool, to transaction: OutputTransaction) throws {
    // The tables beside numbered findings share the sidecar with their image.
    let columns = SegmentationTable.definitions.mapValues(Self.json)
    try write("Lesion mask.", ["Type": "Lesion"], beside: layout.mask, to: transaction)
    if hasProbability { try write("Lesion probability.", beside: layout.probability, to: transaction) }
    try write(
      "Numbered lesions: 18-connected components of the lesion mask.", columns, beside: layout.segmentation,
      to: transaction)
    if results.looksForCandidates {
      try write(
        "Numbered missed-lesion candidates: regions below the threshold of the lesion mask.", columns,
        beside: layout.candidates, to: transaction)
    }
  }

  /// Of the mask that a review leaves, which is on the grid of the mask that it corrects.
  static func writeReviewed(_ layout: OutputLayout, to transaction: OutputTransaction) throws {
    let mask = JSONValue.string("bids::\(layout.mask)")
    try transaction.write(
      bytes([
        "Description": "Lesion mask as readers corrected it.", "Sources": [mask], "SpatialReference": mask,
        "Type": "Lesion",
      ]), to: OutputLayout.sidecar(of: layout.reviewedMask))
  }

  private func write(
    _ description: String, _ further: [String: JSONValue] = [:], beside image: String, to transaction: OutputTransaction
  ) throws {
    var members = further
    members["Description"] = .string(description)
    members["SpatialReference"] = .string(sources?.first ?? "orig")
    members["Sources"] = sources.map { .array($0.map { .string($0) }) }
    try transaction.write(Self.bytes(members), to: OutputLayout.sidecar(of: image))
  }

  private static func json(_ definition: ColumnDefinition) -> JSONValue {
    var members: [String: JSONValue] = ["Description": .string(definition.description)]
    members["Units"] = definition.units.map { .string($0) }
    members["Levels"] = definition.levels.map { JSONValue($0.mapValues { .string($0) }) }
    return JSONValue(members)
  }

  private static func bytes(_ members: [String: JSONValue]) -> [UInt8] {
    Array((JSONValue(members).text() + "\n").utf8)
  }
}

extension OutputLayout {
  /// The sidecar of an image.
  static func sidecar(of image: String) -> String { "\(image.dropLast(".nii.gz".count)).json" }
}
