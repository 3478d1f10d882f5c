import Results

/// The montages of whole slices, and pictures in layers.
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
            ? false
            : .fields(["summary": .text(Wording.furtherSummary(overview)), "furtherMontages": .list(further)]),
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
      "height": "\(picture.anatomy.height)", "saliencyLayer": layer(picture.saliency),
      "contourLayer": layer(picture.contours),
    ]
  }
}
