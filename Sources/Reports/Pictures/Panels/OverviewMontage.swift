import Lesions
import Results
import Statistics
import Volumes

/// Whole axial FLAIR slices with all findings outlined and numbered; without findings, slices through the brain.
///
/// A pixel is about a millimetre, so that a lesion of six voxels is seen inside its contour.
struct OverviewMontage {
  static let maximumSlices = 24
  /// Of a montage but the first: what it adds are contours, and fewer levels let more slices into the file.
  private static let furtherLevels = 24
  private static let columns = 6
  private static let tileWidth = 168
  private static let gap = 3
  private static let labelHeight = 19

  private let images: PatientImages
  private let look: PatientLook
  private let geometry: SliceGeometry
  private let content: SliceContent
  private let millimetresPerPixel: Double
  private let tileHeight: Int

  init(images: PatientImages, look: PatientLook) {
    self.images = images
    self.look = look
    geometry = look.geometry(.axial)
    content = SliceContent(images: images, normalAxis: geometry.normalAxis)
    let brain = look.brainMillimetres(.axial)
    millimetresPerPixel = max(brain.width * 1.08 / Double(Self.tileWidth), brain.height * 1.08 / 280)
    tileHeight = max(60, Int(saturating: (brain.height * 1.08 / millimetresPerPixel).rounded(.up)))
  }

  /// Indices along the stored axis through the slices, superior first as a reader pages through from the top: those of
  /// the first montage, and the others that hold a finding.
  var slices: (first: [Int], further: [Int]) {
    let first = content.isEmpty ? evenlySpaced() : content.chosenSlices(maximum: Self.maximumSlices)
    return (ordered(first), ordered(Array(Set(content.slices).subtracting(first))))
  }

  /// - Parameter room: bytes of base64 text that the montages may take; the first is drawn in any case.
  func render(room: Int) throws(ReportsError) -> Overview {
    let slices = slices
    let first = Overview.Montage(
      picture: try draw(slices.first, levels: TilePainter.greyLevels / 2), sliceCount: slices.first.count)
    var left = room - first.picture.layers.reduce(0) { $0 + $1.embeddedBytes }
    var waiting = slices.further[...]
    var further: [Overview.Montage] = []
    while !waiting.isEmpty, left > 0 {
      let next = Array(waiting.prefix(Self.maximumSlices))
      let picture = try draw(next, levels: Self.furtherLevels)
      left -= picture.layers.reduce(0) { $0 + $1.embeddedBytes }
      guard left >= 0 else { break }
      further.append(Overview.Montage(picture: picture, sliceCount: next.count))
      waiting = waiting.dropFirst(next.count)
    }
    let drawn = slices.first + slices.further.dropLast(waiting.count)
    return Overview(
      first: first, further: further, slicesLeftOut: waiting.count, findingsNotShown: content.countNotShown(on: drawn))
  }

  private func ordered(_ slices: [Int]) -> [Int] {
    let growsUp = look.affine.rows[geometry.plane.normal][geometry.normalAxis] > 0
    return slices.sorted(by: growsUp ? { $0 > $1 } : { $0 < $1 })
  }

  private func draw(_ slices: [Int], levels: Int) throws(ReportsError) -> LayeredPicture {
    let rows = (slices.count + Self.columns - 1) / Self.columns
    var montage = PanelLayers(
      width: min(Self.columns, slices.count) * (Self.tileWidth + Self.gap) + Self.gap,
      height: rows * (Self.labelHeight + tileHeight + Self.gap) + Self.gap, millimetresPerPixel: millimetresPerPixel)
    for (at, slice) in slices.enumerated() {
      let x = Self.gap + at % Self.columns * (Self.tileWidth + Self.gap)
      let y = Self.gap + at / Self.columns * (Self.labelHeight + tileHeight + Self.gap)
      montage.anatomy.write("\(geometry.indexName) = \(slice)", x: x, y: y + 2, scale: 2, colour: .grey(200), halo: 0)
      montage.draw(tile(slice, levels), x: x, y: y + Self.labelHeight)
    }
    return try montage.encoded()
  }

  private func tile(_ slice: Int, _ levels: Int) -> PanelLayers.Tile {
    let painter = TilePainter(images: images, look: look)
    let view = look.view(
      .axial, slice: slice, millimetresPerPixel: millimetresPerPixel, width: Self.tileWidth, height: tileHeight)
    var anatomy = painter.image(.flair, view, levels: levels)
    painter.letters(view.geometry.letters, on: &anatomy)
    painter.scaleBar(20, view, on: &anatomy)
    var outlines = Layer(width: view.width, height: view.height)
    var labels = LabelPlacement(width: view.width, height: view.height)
    var numbers: [(text: String, bounds: LabelPlacement.Bounds, colour: RGB)] = []
    for mark in content.findings(on: slice) {
      let voxels = (mark.kind == .lesion ? images.lesionLabels : images.candidateLabels).voxels
      let colour = mark.kind == .lesion ? ContourColour.finding : ContourColour.candidate
      let mask = view.mask { Int(voxels[$0]) == mark.number }
      painter.trace(mask.outerContour, colour, on: &outlines)
      guard let bounds = mask.bounds else { continue }
      labels.keepFree(bounds)
      numbers.append(((mark.kind == .lesion ? "" : "C") + String(mark.number), bounds, colour))
    }
    for number in numbers { labels.place(number.text, beside: number.bounds, number.colour) }
    for label in labels.placed { outlines.write(label.text, x: label.x, y: label.y, colour: label.colour) }
    return PanelLayers.Tile(anatomy: anatomy, contours: outlines, reference: painter.referenceLine(view))
  }

  /// Twelve slices between the tenth and the ninetieth percent of the brain's height; fewer if it has fewer.
  private func evenlySpaced() -> [Int] {
    let lower = look.brain.lower.along(geometry.normalAxis)
    let last = look.brain.upper.along(geometry.normalAxis) - 1
    let height = Double(last - lower)
    return Array(Set((0..<12).map { lower + Int(saturating: (height * (0.1 + 0.8 * Double($0) / 11)).rounded()) }))
  }
}
