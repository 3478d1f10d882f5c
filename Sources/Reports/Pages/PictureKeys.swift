import Results

/// The keys of contours and colours, from what the pictures were drawn with.
enum PictureKeys {
  private static let steps = 41
  /// Size of the scale in SVG units.
  private static let width = 164.0

  static func fields(_ results: PatientResults) -> PageFields {
    let scale = SaliencyScale(results.lesions + results.candidates)
    let step = width / Double(steps)
    let strip = (0..<steps).map { index -> PageFields in
      let value = (Double(index) / Double(steps - 1) * 2 - 1) * scale.limit
      let (colour, alpha) = scale.colour(Float(value))
      return [
        "x": .text(Formatting.fixed(Double(index) * step, 1)),
        // Overlapping a little, so that no seam shows.
        "width": .text(Formatting.fixed(step + 0.5, 1)),
        "colour": .text(TilePainter.dimmedTissue.mixed(with: colour, amount: alpha).hexadecimal),
      ]
    }
    return [
      "findingColour": .text(ContourColour.finding.hexadecimal), "otherColour": .text(ContourColour.other.hexadecimal),
      "candidateColour": .text(ContourColour.candidate.hexadecimal),
      "truthColour": .text(ContourColour.truth.hexadecimal),
      "overSaliencyColour": .text(ContourColour.overSaliency.hexadecimal),
      "scaleSteps": .list(strip), "scaleWidth": .text(Formatting.fixed(width, 0)),
      "scaleLow": .text(Formatting.figure(-scale.limit)), "scaleHigh": .text("+" + Formatting.figure(scale.limit)),
    ]
  }
}
