import ErrorScore
import Foundation
import Lesions
import Results

/// The montages and the stack of whole slices, and pictures in layers.
extension ReportPage {
  static func overview(_ results: PatientResults, _ pictures: PagePictures) -> PageFields {
    guard let overview = pictures.overview else { return ["overview": false] }
    let further = overview.further.enumerated().map { at, montage in
      layers(montage.picture, alt: Wording.furtherAlt(montage)).merging(["number": "\(at + 2)"])
    }
    return [
      "overview": .fields(
        layers(overview.first.picture, alt: Wording.overviewAlt(results)).merging([
          "overviewCaption": .text(Wording.overviewCaption(overview, results)),
          "overviewLeftOut": .optional(Wording.overviewLeftOut(overview)),
          "furtherSlices": further.isEmpty
            ? false : .fields(["summary": .text(Wording.furtherSummary(overview)), "furtherMontages": .list(further)]),
        ]))
    ]
  }

  /// What `layers.mustache` shows.
  static func layers(_ picture: LayeredPicture, alt: String) -> PageFields {
    func layer(_ picture: EmbeddedPicture?) -> PageValue {
      picture.map { .fields(["source": .text(PageValue.source($0))]) } ?? .flag(false)
    }
    return [
      "anatomy": .text(PageValue.source(picture.anatomy)), "alt": .text(alt), "width": "\(picture.anatomy.width)",
      "height": "\(picture.anatomy.height)", "pictureScale": PageValue.pictureScale(picture.anatomy),
      "saliencyLayer": layer(picture.saliency), "contourLayer": layer(picture.contours),
      "referenceLayer": layer(picture.reference),
    ]
  }

  // MARK: - All slices

  private struct SliceData: Encodable {
    struct Slice: Encodable {
      let place: String
      let findings: [FindingID]
    }

    let columns: Int
    let rows: Int
    /// The slice that is shown first.
    let start: Int
    let slices: [Slice]
  }

  static func slices(_ results: PatientResults, _ pictures: PagePictures) -> PageFields {
    guard let stack = pictures.sliceStack else { return ["sliceStack": false] }
    let first = results.reviewOrder.first?.finding
    let holding = stack.slices.indices.filter { index in
      first.map { stack.slices[index].findings.contains($0) } ?? false
    }
    let data = SliceData(
      columns: stack.columns, rows: stack.anatomy.height / stack.tileHeight,
      start: holding.isEmpty ? stack.slices.count / 2 : holding[holding.count / 2],
      slices: stack.slices.map { slice in
        SliceData.Slice(
          place: "\(slice.indexName) = \(slice.index), z = \(Formatting.signed(slice.positionMillimetres, 1)) mm",
          findings: slice.findings)
      })
    return [
      "sliceStack": .fields([
        "anatomy": .text(PageValue.source(stack.anatomy)), "width": "\(stack.anatomy.width)",
        "height": "\(stack.anatomy.height)", "tileWidth": "\(stack.tileWidth)", "tileHeight": "\(stack.tileHeight)",
        "columns": "\(stack.columns)", "pictureScale": PageValue.pictureScale(stack.anatomy),
        "alt": .text(Wording.sliceStackAlt(stack)),
        "stackContours": stack.contours.map { .fields(["source": .text(PageValue.source($0))]) } ?? .flag(false),
        "stackReference": stack.reference.map { .fields(["source": .text(PageValue.source($0))]) } ?? .flag(false),
        "sliceData": .text(EmbeddedJSON.text(data)),
      ])
    ]
  }
}

/// JSON that can stand inside a `<script>` element: every `<` is an escape, so nothing in it can end the element.
enum EmbeddedJSON {
  static func text(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let encoded = try? encoder.encode(value) else {
      preconditionFailure("strings, whole numbers and lists of them can be written as JSON")
    }
    return String(decoding: encoded, as: UTF8.self).replacingOccurrences(of: "<", with: "\\u003c")
  }
}

/// The keys of contours and colours, from what the pictures were drawn with.
enum PictureKeys {
  private static let steps = 41
  /// Size of the scale in SVG units.
  private static let width = 164.0

  static func fields(_ results: PatientResults) -> PageFields {
    let scale = SaliencyScale(results.findings)
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
      "referenceColour": .text(ContourColour.reference.hexadecimal),
      "overSaliencyColour": .text(ContourColour.overSaliency.hexadecimal), "scaleSteps": .list(strip),
      "scaleWidth": .text(Formatting.fixed(width, 0)), "scaleLow": .text(Formatting.figure(-scale.limit)),
      "scaleHigh": .text("+" + Formatting.figure(scale.limit)),
    ]
  }
}
