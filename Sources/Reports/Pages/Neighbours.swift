import Results

/// The findings beside a finding: confluent disease and mimics come in groups.
enum Neighbours {
  static let farthestMillimetres = 20.0
  static let most = 3

  /// Identifiers and distances of centroids, nearest first; ties in the order of the results.
  static func nearest(to finding: FindingFacts, _ results: PatientResults) -> [(id: String, millimetres: Double)] {
    func distance(_ other: FindingFacts) -> Double {
      zip(finding.centroidWorldMillimetres, other.centroidWorldMillimetres)
        .reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
    let near = (results.lesions + results.candidates).filter { $0.id != finding.id }
      .map { (id: $0.id, millimetres: distance($0)) }.filter { $0.millimetres <= farthestMillimetres }
    let sorted = near.enumerated().sorted { ($0.element.millimetres, $0.offset) < ($1.element.millimetres, $1.offset) }
    return sorted.prefix(most).map(\.element)
  }

  static func fields(of finding: FindingFacts, _ results: PatientResults) -> PageFields {
    let near = nearest(to: finding, results)
    return [
      "hasNeighbours": .flag(!near.isEmpty),
      "neighbours": .list(
        near.enumerated().map { index, neighbour in
          [
            "neighbour": .text(neighbour.id), "distance": .text(Formatting.fixed(neighbour.millimetres, 1)),
            "separator": .text(index + 1 < near.count ? ", " : ""),
          ]
        }),
    ]
  }
}
