import Results
import Volumes

/// The linked viewer: its panes, and the volumes as data elements that a browser keeps and does not run.
extension ReportPage {
  /// The answer of the first screen: a sentence, and the brain from three sides with a link on every finding.
  static func firstScreen(_ results: PatientResults, _ pictures: PagePictures) -> PageFields {
    [
      "answer": .text(Wording.answer(results)),
      "projections": .list(
        pictures.projections.map { projection in
          layers(
            LayeredPicture(anatomy: projection.picture, saliency: nil, contours: nil),
            alt: Wording.projectionAlt(projection, results)
          ).merging([
            "plane": .text(projection.plane),
            "marks": .list(
              projection.marks.map { mark in
                [
                  "markID": .text("\(mark.finding)"), "x": .text(Formatting.fixed(mark.x, 1)),
                  "y": .text(Formatting.fixed(mark.y, 1)),
                ]
              }),
          ])
        }),
    ]
  }

  static func viewer(_ results: PatientResults, _ pictures: PagePictures) -> PageFields {
    guard let volumes = pictures.viewer else { return ["viewer": false] }
    let (planes, left) = (volumes.header.planes, volumes.findingsLeftOut)
    return [
      "viewer": .fields([
        "viewerPanes": .list(
          planes.enumerated().map { at, plane in ["name": .text(plane.name), "isLarge": .flag(at == 0)] }),
        "viewerHasMPRAGE": .flag(results.hasMPRAGE),
        "viewerHasMPRAGEMaps": .flag(results.hasMaps && results.explainsMPRAGE),
        "viewerHeader": .text(EmbeddedJSON.text(volumes.header)),
        "viewerLeftOut": .optional(
          left > 0
            ? "The maps of \(Formatting.counted(left, "finding", "findings")) at the end of the work list are in the "
              + "pictures only, to keep the file within \(PagePictures.viewerBudgetBytes / 1_000_000) MB." : nil),
        "viewerVolumes": .list(
          volumes.elements.map { element in
            [
              "volumeName": .text(element.name), "base64": .text(element.packed.base64),
              "shape": .text(element.shape.sides.map(String.init).joined(separator: " ")),
              "bytesPerVoxel": "\(element.packed.byteCount / element.shape.voxelCount)",
            ]
          }),
      ])
    ]
  }
}
