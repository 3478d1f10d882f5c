public import Results

/// The page of one prepared patient: how MPRAGE lies on FLAIR, and how it came there. It opens offline and asks for
/// nothing from outside.
public enum PreparationPage {
  /// - Parameters:
  ///   - patient: and session, as files are named.
  ///   - steps: in the order in which they were done.
  /// - Returns: the file, UTF-8; equal input gives equal bytes.
  public static func render(
    patient: PatientIdentity, steps: [PreparationStep], pictures: PreparationPictures, software: (String, String),
    templates: TemplateFolder
  ) throws(ReportsError) -> [UInt8] {
    let figures = steps.compactMap(\.figures).first
    let fields: PageFields = [
      "patient": .text(ReportPage.name(patient)), "synthetic": .flag(patient.synthetic),
      "softwareName": .text(software.0), "softwareVersion": .text(software.1),
      "figures": .list(rows(figures, steps).map { ["name": .text($0), "value": .text($1)] }),
      "steps": .list(
        steps.map { step in
          [
            "name": .text(step.name.rawValue), "tool": .text(step.tool), "version": .text(step.version ?? "not stated"),
            "seconds": .text(Formatting.fixed(step.seconds, 1)),
            "inputs": .text(
              step.inputs.map { "\($0.role) \(Formatting.shortDigest($0.sha256))" }.joined(separator: ", ")),
          ]
        }),
      "pictures": .list(
        [
          (
            pictures.checkerboardAfter, "Checkerboard, registered",
            "Edges go on from square to square where the images fit."
          ), (pictures.checkerboardBefore, "Checkerboard, by the headers alone", "As the images came."),
          (pictures.outlineOnFLAIR, "Brain mask on FLAIR", "The mask was made on this image."),
          (
            pictures.outlineOnMPRAGEAfter, "Brain mask on MPRAGE, registered",
            "The outline follows the same edge as on FLAIR."
          ), (pictures.outlineOnMPRAGEBefore, "Brain mask on MPRAGE, by the headers alone", "As the images came."),
        ].map { picture, title, caption in
          [
            "title": .text(title), "caption": .text(caption),
            "picture": .picture(
              picture, alt: "\(title): axial, coronal and sagittal slice through the middle of the brain"),
          ]
        }),
    ]
    return try templates.render("preparation", try templates.head(styles: ["report"]).merging(fields))
  }

  private static func rows(_ figures: RegistrationFigures?, _ steps: [PreparationStep]) -> [(String, String)] {
    var rows: [(String, String)] = []
    if let figures {
      rows.append(
        (
          "Forward and backward",
          figures.forwardBackwardMillimetres.map {
            "\(Formatting.fixed($0, 2)) mm on average, "
              + "\(Formatting.fixed(figures.forwardBackwardMaximumMillimetres, 2)) mm at most"
          } ?? "not checked: the transform was given"
        ))
      rows += [
        (
          "Normalised mutual information",
          "\(Formatting.fixed(figures.informationBefore, 3)) before, "
            + "\(Formatting.fixed(figures.informationAfter, 3)) after"
        ), ("Moved by", "\(Formatting.fixed(figures.movementMillimetres, 1)) mm on average"),
        ("Within both images", Formatting.percent(figures.overlap)),
        ("Measured over", figures.isInsideBrainMask ? "the brain mask" : "the inside of the head"),
      ]
    }
    if let millilitres = steps.compactMap(\.brainMillilitres).first {
      rows.append(("Brain mask", "\(Formatting.fixed(millilitres, 0)) ml"))
    }
    return rows
  }
}
