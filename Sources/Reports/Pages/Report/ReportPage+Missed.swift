import Lesions
import Results

/// The lesions of the reference that the network missed: a row and pictures for each, hidden as everything of the
/// reference is. There is nothing to decide about them.
extension ReportPage {
  static func missed(_ results: PatientResults, _ pictures: PagePictures) -> PageFields {
    guard let reference = results.reference, let missed = results.missed, !missed.isEmpty else {
      return ["missed": false]
    }
    let findings = missed.map { finding -> PageFields in
      let probability = finding.measurements.probability
      let own: PageFields = [
        "missedID": .text("\(finding.id)"), "missedHasMap": .flag(finding.saliency != nil),
        "missedThumbnail": .picture(pictures.thumbnails[finding.id], alt: Wording.thumbnailAlt(finding)),
        "missedVolume": .text(Formatting.cubicMillimetres(finding.measurements.volumeMillimetres3)),
        "missedProbability": .text(
          "\(Formatting.probability(probability?.mean)) / \(Formatting.probability(probability?.maximum))"),
        "missedPlace": .text(results.locations.notAssessed == nil ? Wording.location(finding.location) : ""),
        "missedCentroid": .text(Formatting.position(finding.measurements.centroidMillimetres)),
        "missedPanel": halves(
          pictures.panels[finding.id],
          (Wording.panelAlt(finding, hasMPRAGE: results.hasMPRAGE), Wording.mapsAlt(finding))),
      ]
      return ReportTables.finding(finding, results).merging(own)
    }
    return [
      "missed": .fields([
        "missedHeading": .text(Wording.missedHeading(results)),
        "missedWords": .text(
          Wording.missed(reference, lacksMaps: results.external == nil && !missed.contains { $0.saliency != nil })),
        "missedFindings": .list(findings),
      ])
    ]
  }
}
