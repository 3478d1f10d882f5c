import Results

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

  /// Size as base64 text.
  var embeddedBytes: Int { (png.count + 2) / 3 * 4 }
}

/// A picture with what can be taken off it: pictures of one size, transparent but for the first.
public struct LayeredPicture: Sendable, Equatable {
  public let anatomy: EmbeddedPicture
  public let saliency: EmbeddedPicture?
  public let contours: EmbeddedPicture?

  public init(anatomy: EmbeddedPicture, saliency: EmbeddedPicture?, contours: EmbeddedPicture?) {
    self.anatomy = anatomy
    self.saliency = saliency
    self.contours = contours
  }

  var layers: [EmbeddedPicture] { [anatomy, saliency, contours].compactMap { $0 } }
}

/// Three planes through the peak of one finding.
public struct FindingPictures: Sendable, Equatable {
  /// FLAIR, MPRAGE, FLAIR with contours; without a map the whole slice as well.
  public let images: LayeredPicture
  /// FLAIR saliency, MPRAGE saliency, whole slice; nil without a map.
  public let maps: LayeredPicture?

  public init(images: LayeredPicture, maps: LayeredPicture?) {
    self.images = images
    self.maps = maps
  }

  /// Size as base64 text.
  var embeddedBytes: Int { (images.layers + (maps?.layers ?? [])).reduce(0) { $0 + $1.embeddedBytes } }
}

/// Every axial slice of the brain, each a tile of one picture, for paging through.
public struct SliceStack: Sendable, Equatable {
  public struct Slice: Sendable, Equatable {
    /// Index along the stored axis through the slices, and its name: `k`.
    public let index: Int
    public let indexName: String
    /// World z of the slice's middle, mm.
    public let positionMillimetres: Double
    /// Findings that the slice shows.
    public let findings: [String]

    public init(index: Int, indexName: String, positionMillimetres: Double, findings: [String]) {
      self.index = index
      self.indexName = indexName
      self.positionMillimetres = positionMillimetres
      self.findings = findings
    }
  }

  public let anatomy: EmbeddedPicture
  public let contours: EmbeddedPicture?
  public let tileWidth: Int
  public let tileHeight: Int
  public let columns: Int
  /// Row by row from the top left tile, from inferior to superior.
  public let slices: [Slice]

  public init(
    anatomy: EmbeddedPicture, contours: EmbeddedPicture?, tileWidth: Int, tileHeight: Int, columns: Int,
    slices: [Slice]
  ) {
    self.anatomy = anatomy
    self.contours = contours
    self.tileWidth = tileWidth
    self.tileHeight = tileHeight
    self.columns = columns
    self.slices = slices
  }
}

/// The pictures of one report, by finding identifier (`L001`, `C001`) where there is one per finding.
public struct PagePictures: Sendable, Equatable {
  /// Five views in three planes through the peak; for every finding of the results.
  public var panels: [String: FindingPictures]
  /// The same through the centroid, where that shows something else, see ``CentroidPanels``.
  public var centroidPanels: [String: FindingPictures]
  /// Small pictures for the work list.
  public var thumbnails: [String: EmbeddedPicture]
  /// Montages of the slices that hold a finding.
  public var overview: Overview?
  /// The whole brain for paging through.
  public var sliceStack: SliceStack?
  /// The colour scale that all saliency pictures of the patient share.
  public var colourBar: EmbeddedPicture?
  /// Sentences about how the pictures were made: windowing, colour scale.
  public var notes: [String]

  public init(
    panels: [String: FindingPictures], centroidPanels: [String: FindingPictures] = [:],
    thumbnails: [String: EmbeddedPicture], overview: Overview?, sliceStack: SliceStack? = nil,
    colourBar: EmbeddedPicture?, notes: [String]
  ) {
    self.panels = panels
    self.centroidPanels = centroidPanels
    self.thumbnails = thumbnails
    self.overview = overview
    self.sliceStack = sliceStack
    self.colourBar = colourBar
    self.notes = notes
  }

  /// Size of all pictures as base64 text.
  var embeddedBytes: Int {
    let stack = sliceStack.map { [$0.anatomy, $0.contours].compactMap { $0 } } ?? []
    let single = [colourBar].compactMap { $0 } + stack + Array(thumbnails.values)
    return (overview?.embeddedBytes ?? 0) + single.reduce(0) { $0 + $1.embeddedBytes }
      + panels.values.reduce(0) { $0 + $1.embeddedBytes }
      + centroidPanels.values.reduce(0) { $0 + $1.embeddedBytes }
  }
}
