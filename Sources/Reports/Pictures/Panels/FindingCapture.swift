package import Lesions
package import Results

/// A finding's panel as plain pixels, for viewers that know neither layers nor pages: letters, scale, contours and
/// saliency are burnt in, and what the software is stands above.
package struct FindingCapture: Sendable {
  package let width: Int
  package let height: Int
  /// Red, green and blue of each pixel, rows from the top.
  package let pixels: [UInt8]

  private static let margin = 6
  private static let headHeight = 24

  /// - Parameter statement: stands behind the finding's name.
  /// - Throws: ``ReportsError`` for results that are not of these images.
  package static func draw(
    _ findings: [FindingID], of results: PatientResults, images: PatientImages, statement: String
  ) throws(ReportsError) -> [FindingCapture] {
    let look = try PatientLook(images: images, results: results)
    var captures: [FindingCapture] = []
    for finding in findings.compactMap(results.finding) {
      let halves = try FindingPanel.layers(
        finding: finding, images: images, look: look, tilePixels: FindingPanel.tilePixels)
      captures.append(FindingCapture(halves, head: "\(finding.id)  \(statement)"))
    }
    return captures
  }

  /// The halves below each other.
  private init(_ halves: [PanelLayers], head: String) {
    let scale = 1
    let wide = max(halves.map(\.anatomy.width).max() ?? 1, Raster.textWidth(head, scale: scale) + 2 * Self.margin)
    let high = Self.headHeight + halves.reduce(0) { $0 + $1.anatomy.height }
    var raster = Raster(width: wide, height: high, colour: TilePainter.background)
    raster.write(head, x: Self.margin, y: Self.margin, scale: scale, colour: .grey(235), halo: 0)
    var top = Self.headHeight
    for half in halves {
      var flat = half.anatomy
      flat.lay(half.saliency)
      flat.lay(half.contours)
      raster.draw(flat, x: 0, y: top)
      top += flat.height
    }
    (width, height, pixels) = (raster.width, raster.height, raster.bytes)
  }
}
