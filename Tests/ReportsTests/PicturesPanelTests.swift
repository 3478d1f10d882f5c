import Testing
import Volumes

@testable import ErrorScore
@testable import Reports
@testable import Results

@Suite struct PicturesPanelTests {
  /// A patient of 30 × 24 × 20 voxels with two lesions, one candidate, a reference, and a map for the first lesion.
  private func patient(_ shape: GridShape = GridShape(30, 24, 20), peak: VoxelIndex = VoxelIndex(12, 10, 8)) -> (
    images: PatientImages, finding: FindingRecord, results: PatientResults
  ) {
    let affine = Affine.scaling(-1, 1, 1.5)
    let world = affine.world(peak)
    var images = PicturePhantom(shape: shape, affine: affine, mark: world, markRadiusMillimetres: 1.6).images()
    images.reference = Volume(shape: shape, affine: affine, repeating: 0)
    for linear in 0..<shape.voxelCount where images.flair.voxels[linear] == 100 {
      images.lesionLabels.voxels[linear] = 1
      images.reference!.voxels[linear] = 1
    }
    images.lesionLabels.voxels[0] = images.lesionLabels.voxels[0] == 0 ? 2 : 1
    images.candidateLabels.voxels[shape.voxelCount - 1] = 1
    let count = shape.voxelCount
    images.saliency["L001"] = SaliencyPicture(
      box: GridBox(shape), flair: (0..<count).map { images.lesionLabels.voxels[$0] == 1 ? 2 : -0.1 },
      mprage: [Float](repeating: 0, count: count))
    let finding = PictureResults.finding(peak: peak, value: 2)
    return (images, finding, PictureResults.results([finding]))
  }

  /// Both halves with their layers laid over the anatomy, as a browser shows them.
  private func composed(_ finding: FindingRecord, _ images: PatientImages, _ look: PatientLook) throws -> [Raster] {
    try FindingPanel.layers(finding: finding, images: images, look: look, tilePixels: 168).map { half in
      var raster = half.anatomy
      raster.lay(half.saliency)
      raster.lay(half.reference)
      raster.lay(half.contours)
      return raster
    }
  }

  /// Corner of a tile in its half.
  private func tile(row: Int, column: Int, pixels: Int = 168) -> (x: Int, y: Int) {
    (6 + column % 3 * (pixels + 3), 6 + 24 + row * (19 + pixels + 3) + 19)
  }

  @Test func thePanelShowsThePeakInTheMiddleOfEveryTile() throws {
    let (images, finding, results) = patient()
    let look = try PatientLook(images: images, results: results)
    let panel = try composed(finding, images, look)
    for row in 0..<3 {
      for column in 0..<3 {
        let corner = tile(row: row, column: column)
        // The lesion is white, the brain around it black; the middle is the lesion and no mark hides it.
        #expect(panel[0][corner.x + 84, corner.y + 84] == .grey(255), "row \(row), column \(column)")
      }
      let flairMap = tile(row: row, column: 3)
      let centre = panel[1][flairMap.x + 84, flairMap.y + 84]
      #expect(centre.red > centre.blue, "a positive value is orange")
      let beside = panel[1][flairMap.x + 84 + 20, flairMap.y + 84 + 3]
      #expect(beside.blue > beside.red, "a negative value is blue")
      let mprageMap = tile(row: row, column: 4)
      let neutral = panel[1][mprageMap.x + 84, mprageMap.y + 84]
      #expect(neutral.red == neutral.blue, "zero leaves the image as it is")
    }
  }

  @Test func contoursHaveTheirColours() throws {
    let (images, finding, results) = patient()
    let look = try PatientLook(images: images, results: results)
    let panel = try composed(finding, images, look)[0]
    let corner = tile(row: 0, column: 2)
    var colours: Set<RGB> = []
    for y in 0..<168 { for x in 0..<168 { colours.insert(panel[corner.x + x, corner.y + y]) } }
    #expect(colours.contains(ContourColour.finding))
    #expect(colours.contains(ContourColour.reference))
    #expect(ContourColour.finding.hexadecimal == "#ffdd33")
  }

  @Test func equalInputGivesEqualBytes() throws {
    let (images, _, results) = patient()
    let first = try PagePictures(results: results, images: images)
    #expect(try PagePictures(results: results, images: images) == first)
    #expect(first.panels["L001"]?.images.anatomy.width == 522 && first.thumbnails["L001"]?.width == 72)
    let panel = try #require(first.panels["L001"])
    for half in [panel.images, panel.maps].compactMap({ $0 }) {
      for layer in half.layers { #expect(layer.width == half.anatomy.width && layer.height == half.anatomy.height) }
    }
    #expect(panel.images.saliency == nil && panel.maps?.saliency != nil)
  }

  @Test func whatIsTakenOffLeavesTheAnatomy() throws {
    var (images, finding, results) = patient()
    let look = try PatientLook(images: images, results: results)
    let with = try FindingPanel.layers(finding: finding, images: images, look: look, tilePixels: 168)
    images.lesionLabels = Volume(shape: images.flair.shape, affine: images.flair.affine, repeating: 0)
    images.candidateLabels = images.lesionLabels
    images.reference = nil
    let without = try FindingPanel.layers(finding: finding, images: images, look: look, tilePixels: 168)
    for (a, b) in zip(with, without) {
      #expect(a.anatomy == b.anatomy)
      #expect(!a.contours.isEmpty && b.contours.isEmpty)
    }
    #expect(!with[1].saliency.isEmpty)
  }

  @Test func aThumbnailShowsAnatomyAndContourAlone() throws {
    var (images, finding, results) = patient()
    images.flair.voxels = images.flair.voxels.map { _ in 50 }
    images.reference = nil
    let look = try PatientLook(images: images, results: results)
    let thumbnail = try FindingPanel.thumbnail(finding: finding, images: images, look: look)
    #expect(thumbnail.millimetresPerPixel == 0.5)
    let picture = try decodePNG(
      PNGPicture(bytes: thumbnail.png, widthPixels: thumbnail.width, heightPixels: thumbnail.height))
    var colours: Set<RGB> = []
    for y in 0..<picture.height { for x in 0..<picture.width { colours.insert(picture[x, y]) } }
    // Brain of one value and the contour, whose colour is rounded: no letter and no halo of one.
    #expect(colours.count == 2 && colours.contains(.grey(0)))
  }

  @Test func withoutAMapTheWholeSliceIsTheFourthColumn() throws {
    var (images, finding, results) = patient()
    let look = try PatientLook(images: images, results: results)
    let with = try composed(finding, images, look)
    images.saliency = [:]
    let without = try composed(finding, images, look)
    #expect(with.count == 2 && without.count == 1 && without[0].width == 12 + 4 * 168 + 3 * 3)
    #expect(try FindingPanel.render(finding: finding, images: images, look: look).maps == nil)
    for row in 0..<3 {
      let (there, here) = (tile(row: row, column: 5), tile(row: row, column: 0))
      for y in 0..<168 {
        for x in 0..<168 { #expect(without[0][here.x + 3 * 171 + x, here.y + y] == with[1][there.x + x, there.y + y]) }
      }
    }
  }

  @Test func lettersAreTwiceTheFontsSizeAndTitlesFitTheirTiles() throws {
    let (images, finding, results) = patient()
    let look = try PatientLook(images: images, results: results)
    let panel = try FindingPanel.layers(finding: finding, images: images, look: look, tilePixels: 168)[0].anatomy
    // The upright stroke of the R at the left edge of the axial FLAIR: two pixels wide, fourteen high.
    let corner = tile(row: 0, column: 0)
    for y in 0..<14 { for x in 0..<2 { #expect(panel[corner.x + 3 + x, corner.y + (168 - 14) / 2 + y] == .grey(225)) } }
    for pixels in [168, 124, 96] {
      let titles = PanelTitles(hasMPRAGE: true, maps: 2, tilePixels: pixels)
      for line in titles.halves.joined().joined() { #expect(Raster.textWidth(line, scale: 2) <= pixels, "\(line)") }
      #expect(titles.halves[1][1].joined(separator: " ") == "MPRAGE saliency")
      #expect(titles.halves[1][1].count == (pixels == 168 ? 1 : 2))
    }
  }

  @Test func theScaleBarStaysClearOfTheLetterBelow() throws {
    let (images, _, results) = patient()
    let look = try PatientLook(images: images, results: results)
    let painter = TilePainter(images: images, look: look)
    for (pixels, scale) in [(168, 2), (124, 2), (96, 1)] {
      let view = look.view(.axial, through: VoxelIndex(12, 10, 8), sideMillimetres: 60, pixels: pixels)
      func marked(_ draw: (inout Raster) -> Void) -> Set<Int> {
        let plain = Raster(width: pixels, height: pixels, colour: .grey(90))
        var raster = plain
        draw(&raster)
        return Set(
          (0..<(pixels * pixels)).filter { raster[$0 % pixels, $0 / pixels] != plain[$0 % pixels, $0 / pixels] })
      }
      let bar = marked { painter.scaleBar(10, view, on: &$0, scale: scale) }
      let letters = marked { painter.letters(view.geometry.letters, on: &$0, scale: scale) }
      #expect(!bar.isEmpty && !letters.isEmpty && bar.isDisjoint(with: letters), "\(pixels)")
    }
  }

  @Test func aContourIsDarkOnItsFarSideAndLeavesTheInsideAsItIs() throws {
    let (images, finding, results) = patient()
    let look = try PatientLook(images: images, results: results)
    let view = look.view(.axial, through: VoxelIndex(12, 10, 8), sideMillimetres: 60, pixels: 168)
    let marks = FindingMarks(finding, images: images, view)
    let painter = TilePainter(images: images, look: look)
    for layer in [painter.contours(marks, view), painter.outline(marks.this, ContourColour.overSaliency, view)] {
      #expect(!marks.this.halo.isEmpty)
      for pixel in marks.this.halo {
        let (colour, alpha) = layer[pixel.x, pixel.y]
        #expect(colour == RGB(0, 0, 0) && alpha > 0.5 && alpha < 0.7)
      }
      // Inside, only the reference's contour, which here is that of the finding.
      let border = Set(marks.reference!.innerContour.map { $0.y * 168 + $0.x })
      for at in 0..<(168 * 168) where marks.this.isSet[at] && !border.contains(at) {
        #expect(layer[at % 168, at / 168].alpha == 0)
      }
    }
  }

  @Test(
    "Awkward grids and places are drawn",
    arguments: [
      (GridShape(1, 1, 1), VoxelIndex(0, 0, 0)), (GridShape(1, 40, 40), VoxelIndex(0, 39, 0)),
      (GridShape(40, 1, 3), VoxelIndex(39, 0, 2)), (GridShape(200, 8, 8), VoxelIndex(0, 7, 7)),
    ]) func awkwardGrids(shape: GridShape, peak: VoxelIndex) throws
  {
    let (images, finding, results) = patient(shape, peak: peak)
    let look = try PatientLook(images: images, results: results)
    for tilePixels in [168, 95, 10] {
      let pictures = try FindingPanel.render(finding: finding, images: images, look: look, tilePixels: tilePixels)
      for layer in pictures.images.layers + (pictures.maps?.layers ?? []) {
        let file = PNGPicture(bytes: layer.png, widthPixels: layer.width, heightPixels: layer.height)
        #expect(try decodePNG(file).width == layer.width)
      }
    }
    let stack = try SliceStack(images: images, look: look)
    #expect(stack.slices.count == shape.nk && stack.anatomy.width == stack.columns * stack.tileWidth)
    _ = try FindingPanel.thumbnail(finding: finding, images: images, look: look)
    _ = try OverviewMontage(images: images, look: look).render(room: 1_000_000)
  }

  @Test func verySmallVoxelsAreDrawnAsASpeck() throws {
    let shape = GridShape(6, 6, 6)
    let images = PicturePhantom(
      shape: shape, affine: .scaling(0.0001, 0.0001, 0.0001), mark: WorldPoint(x: 0, y: 0, z: 0)
    ).images()
    let finding = PictureResults.finding(peak: VoxelIndex(3, 3, 3))
    let results = PictureResults.results([finding])
    let look = try PatientLook(images: images, results: results)
    let panel = try composed(finding, images, look)[0]
    #expect(panel[6 + 20, 6 + 24 + 19 + 20] == .grey(0), "nothing but black around the speck")
  }

  @Test func aPeakOutsideTheGridIsRefused() throws {
    let (images, _, results) = patient()
    let look = try PatientLook(images: images, results: results)
    let finding = PictureResults.finding(peak: VoxelIndex(30, 0, 0))
    #expect(throws: ReportsError.voxelOutsideGrid(finding: "L001", voxel: VoxelIndex(30, 0, 0), shape: look.shape)) {
      try FindingPanel.render(finding: finding, images: images, look: look)
    }
  }

  @Test func aLargeFindingWidensTheField() throws {
    let (images, _, results) = patient(GridShape(200, 200, 40))
    let look = try PatientLook(images: images, results: results)
    func field(_ lower: VoxelIndex, _ upper: VoxelIndex) -> Double {
      let peak = VoxelIndex(100, 100, 20)
      return FindingPanel.fieldOfViewMillimetres(PictureResults.finding(peak: peak, box: (lower, upper)), peak, look)
    }
    #expect(field(VoxelIndex(98, 98, 19), VoxelIndex(102, 102, 21)) == 60)
    // 40.5 mm and 5 mm on both sides, rounded up to tens.
    #expect(field(VoxelIndex(60, 98, 19), VoxelIndex(102, 102, 21)) == 100)
    #expect(field(VoxelIndex(0, 98, 19), VoxelIndex(102, 102, 21)) == 120)
  }

  @Test func theOverviewShowsEveryFindingOrSaysHowManyItDoesNot() throws {
    let shape = GridShape(40, 40, 60)
    let affine = Affine.scaling(1, 1, 1)
    var images = PicturePhantom(shape: shape, affine: affine, mark: WorldPoint(x: 0, y: 0, z: 0)).images()
    // Thirty lesions, each on a slice of its own, and a candidate on the slice of the first.
    for number in 0..<30 { images.lesionLabels[VoxelIndex(20, 20, 2 * number)] = Int32(number + 1) }
    images.candidateLabels[VoxelIndex(5, 5, 0)] = 1
    var results = PictureResults.results([PictureResults.finding(peak: VoxelIndex(20, 20, 0))])
    results.reviewOrder = [ReviewEntry(position: 1, finding: "L001", percentile: 0)]
    let look = try PatientLook(images: images, results: results)
    let montage = OverviewMontage(images: images, look: look)
    #expect(montage.slices.first.count == 24 && montage.slices.further.count == 6)
    for slices in [montage.slices.first, montage.slices.further] {
      #expect(slices == slices.sorted(by: >), "superior first")
    }
    #expect(montage.slices.first.contains(0), "the slice with two findings is worth more than any other")
    let all = Set(montage.slices.first + montage.slices.further)
    #expect(all == Set((0..<30).map { 2 * $0 }))

    let whole = try montage.render(room: 10_000_000)
    #expect(whole.further.map(\.sliceCount) == [6] && whole.slicesLeftOut == 0 && whole.findingsNotShown == 0)
    #expect(
      Wording.overviewCaption(whole, results)
        == "24 of the 30 slices that hold a finding, chosen to show as many findings as they can.")
    #expect(Wording.furtherSummary(whole) == "6 more slices with a finding" && Wording.overviewLeftOut(whole) == nil)

    let narrow = try montage.render(room: 0)
    #expect(narrow.further.isEmpty && narrow.slicesLeftOut == 6 && narrow.findingsNotShown == 6)
    #expect(Wording.overviewLeftOut(narrow)?.hasPrefix("6 further slices with a finding left out") == true)
    #expect(whole.first == narrow.first)

    images.lesionLabels = Volume(shape: shape, affine: affine, repeating: 0)
    images.candidateLabels = images.lesionLabels
    let without = OverviewMontage(images: images, look: look)
    #expect(without.slices.first.count == 12 && without.slices.further.isEmpty)
    let plain = try without.render(room: 1_000_000)
    #expect(plain.findingsNotShown == 0 && plain.first.picture.contours == nil)
  }

  @Test func theOverviewLosesItsContoursAndNumbersWithTheLayer() throws {
    let shape = GridShape(120, 120, 9)
    var images = PicturePhantom(shape: shape, affine: .scaling(1, 1, 1), mark: WorldPoint(x: 0, y: 0, z: 0)).images()
    // Six voxels on one slice.
    for j in 0..<2 { for i in 0..<3 { images.lesionLabels[VoxelIndex(60 + i, 50 + j, 4)] = 7 } }
    let look = try PatientLook(images: images, results: PictureResults.results())
    let picture = try OverviewMontage(images: images, look: look).render(room: 0).first.picture
    func decoded(_ picture: EmbeddedPicture) throws -> Raster {
      try decodePNG(PNGPicture(bytes: picture.png, widthPixels: picture.width, heightPixels: picture.height))
    }
    let anatomy = try decoded(picture.anatomy)
    let outlines = try decoded(try #require(picture.contours))
    #expect(anatomy.width == outlines.width && anatomy.height == outlines.height)
    func pixels(_ raster: Raster) -> [RGB] {
      (0..<(raster.width * raster.height)).map { raster[$0 % raster.width, $0 / raster.width] }
    }
    #expect(!pixels(anatomy).contains(ContourColour.finding))
    let marked = pixels(outlines).indices.filter { pixels(outlines)[$0] == ContourColour.finding }
    // The contour round 3 × 2 voxels of 0.77 mm a pixel, and the strokes of a 7.
    #expect(marked.count > 15)
  }

  @Test func aNumberStaysOffOtherSmallFindings() {
    let beside: LabelPlacement.Bounds = (left: 20, top: 40, right: 24, bottom: 44)
    // Where the number would go.
    let other: LabelPlacement.Bounds = (left: 10, top: 41, right: 13, bottom: 44)
    var free = LabelPlacement(width: 100, height: 100)
    free.place("8", beside: beside, .grey(255))
    #expect(free.placed[0].x == 20 - 4 - Raster.textWidth("8"))
    var kept = LabelPlacement(width: 100, height: 100)
    kept.keepFree(other)
    kept.place("8", beside: beside, .grey(255))
    let label = kept.placed[0]
    #expect(
      label.x > other.right + 1 || label.x + Raster.textWidth("8") < other.left - 1 || label.y > other.bottom + 1
        || label.y + BitmapFont.capitalHeight < other.top - 1)
  }

  @Test func aReportOfManyFindingsStaysWithinItsSize() {
    #expect(FindingPanel.tilePixels(findingCount: 60) == 168)
    #expect(FindingPanel.tilePixels(findingCount: 61) < 168)
    #expect(FindingPanel.tilePixels(findingCount: 500) % TilePainter.blockPixels == 0)
  }
}
