import Lesions

/// A finished picture to embed: an encoded PNG, its size in pixels and its scale.
struct EmbeddedPicture: Sendable, Equatable {
  let png: [UInt8]
  let width: Int
  let height: Int
  /// The same along rows and columns; of the crops where a picture also holds whole slices; nil where nobody says.
  var millimetresPerPixel: Double?

  /// Size as base64 text.
  var embeddedBytes: Int { (png.count + 2) / 3 * 4 }
}

extension EmbeddedPicture {
  init(_ picture: PNGPicture, millimetresPerPixel: Double? = nil) {
    self.init(
      png: picture.bytes, width: picture.widthPixels, height: picture.heightPixels,
      millimetresPerPixel: millimetresPerPixel)
  }
}

/// A picture with what can be taken off it: pictures of one size, transparent but for the first.
struct LayeredPicture: Sendable, Equatable {
  let anatomy: EmbeddedPicture
  let saliency: EmbeddedPicture?
  let contours: EmbeddedPicture?
  /// Contours of the reference segmentation, hidden until the reader has decided.
  var reference: EmbeddedPicture?

  var layers: [EmbeddedPicture] { [anatomy, saliency, contours, reference].compactMap { $0 } }
}

/// Three planes through the peak of one finding.
struct FindingPictures: Sendable, Equatable {
  /// FLAIR, MPRAGE, FLAIR with contours; without a map the whole slice as well.
  let images: LayeredPicture
  /// FLAIR saliency, MPRAGE saliency, whole slice; nil without a map.
  let maps: LayeredPicture?

  /// Size as base64 text.
  var embeddedBytes: Int { (images.layers + (maps?.layers ?? [])).reduce(0) { $0 + $1.embeddedBytes } }
}

/// Whole axial slices with every finding outlined and numbered.
struct Overview: Sendable, Equatable {
  struct Montage: Sendable, Equatable {
    let picture: LayeredPicture
    let sliceCount: Int
  }

  /// The slices that together show the most findings; without a finding, slices through the brain.
  let first: Montage
  /// The other slices that hold a finding, as far as the file has room for them, from superior to inferior.
  let further: [Montage]
  /// Slices that hold a finding and stand in no montage.
  let slicesLeftOut: Int
  /// Findings that no drawn slice shows; they are on their own panels.
  let findingsNotShown: Int

  /// Size as base64 text.
  var embeddedBytes: Int { ([first] + further).flatMap(\.picture.layers).reduce(0) { $0 + $1.embeddedBytes } }
}

/// Every axial slice of the brain, each a tile of one picture, for paging through.
struct SliceStack: Sendable, Equatable {
  struct Slice: Sendable, Equatable {
    /// Index along the stored axis through the slices, and its name: `k`.
    let index: Int
    let indexName: String
    /// World z of the slice's middle, mm.
    let positionMillimetres: Double
    /// Findings that the slice shows.
    let findings: [FindingID]
  }

  let anatomy: EmbeddedPicture
  let contours: EmbeddedPicture?
  var reference: EmbeddedPicture?
  let tileWidth: Int
  let tileHeight: Int
  let columns: Int
  /// Row by row from the top left tile, from inferior to superior.
  let slices: [Slice]
}

/// The pictures of one report.
public struct PagePictures: Sendable, Equatable {
  /// Above this a report says that it is large.
  static let sizeBudgetBytes = 8_000_000
  /// The same for an excerpt, to be sent.
  static let excerptBudgetBytes = 5_000_000
  /// The same for a page with the viewer's volumes.
  static let viewerBudgetBytes = 20_000_000

  /// Five views in three planes through the peak; for every finding of the results.
  var panels: [FindingID: FindingPictures]
  /// The same through the centroid, where that shows something else, see ``CentroidPanels``.
  var centroidPanels: [FindingID: FindingPictures] = [:]
  /// Small pictures for the work list.
  var thumbnails: [FindingID: EmbeddedPicture]
  /// Montages of the slices that hold a finding.
  var overview: Overview?
  /// The whole brain from three sides, for the first screen.
  var projections: [Projection] = []
  /// The whole brain for paging through.
  var sliceStack: SliceStack?
  /// The volumes of the linked viewer; nil in a compact report, and where they do not fit.
  var viewer: ViewerVolumes?
  /// Findings of the patient that the page was not given.
  package var findingsLeftOut = 0
  /// Sentences about how the pictures were made.
  var notes: [String]

  /// Size of all pictures as base64 text, without the viewer's volumes.
  var embeddedBytes: Int {
    let stack = sliceStack.map { [$0.anatomy, $0.contours, $0.reference].compactMap { $0 } } ?? []
    return (overview?.embeddedBytes ?? 0)
      + (stack + Array(thumbnails.values) + projections.map(\.picture)).reduce(0) { $0 + $1.embeddedBytes }
      + (Array(panels.values) + Array(centroidPanels.values)).reduce(0) { $0 + $1.embeddedBytes }
  }
}
