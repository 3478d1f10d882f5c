/// A finished picture to embed: an encoded PNG and its size in pixels.
public struct EmbeddedPicture: Sendable, Equatable {
  public let png: [UInt8]
  public let width: Int
  public let height: Int

  public init(png: [UInt8], width: Int, height: Int) {
    self.png = png
    self.width = width
    self.height = height
  }
}

/// The pictures of one report, by finding identifier (`L001`, `C001`) where there is one per finding.
public struct PagePictures: Sendable, Equatable {
  /// Five views in three planes through the peak; one for every finding of the results.
  public var panels: [String: EmbeddedPicture]
  /// Small pictures for the work list.
  public var thumbnails: [String: EmbeddedPicture]
  /// Montage of the slices that hold a finding.
  public var overview: EmbeddedPicture?
  /// The colour scale that all saliency pictures of the patient share.
  public var colourBar: EmbeddedPicture?
  /// Sentences about how the pictures were made: windowing, colour scale.
  public var notes: [String]

  public init(
    panels: [String: EmbeddedPicture], thumbnails: [String: EmbeddedPicture], overview: EmbeddedPicture?,
    colourBar: EmbeddedPicture?, notes: [String]
  ) {
    self.panels = panels
    self.thumbnails = thumbnails
    self.overview = overview
    self.colourBar = colourBar
    self.notes = notes
  }
}
