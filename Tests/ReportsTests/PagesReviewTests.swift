import Lesions
import Testing
import Volumes

@testable import Reports
@testable import Results

@Suite struct PagesReviewTests {
  @Test func neighboursAreTheNearestWithinTwentyMillimetres() {
    func finding(_ kind: FindingKind, _ number: Int, _ x: Double, _ y: Double, _ z: Double) -> FindingRecord {
      PagesSamples.finding(kind, number, peak: 1).with(centroidMillimetres: WorldPoint(x: x, y: y, z: z))
    }
    var results = PagesSamples.results(lesions: 0, candidates: 0)
    results.findings = [
      finding(.lesion, 1, 0, 0, 0), finding(.lesion, 2, 0, 3, 4), finding(.lesion, 3, 20, 0, 0),
      finding(.lesion, 4, 0, 0, 20.01), finding(.lesion, 5, 12, 0, 0), finding(.candidate, 1, 0, -5, 0),
    ]
    let near = Neighbours.nearest(to: results.lesions[0], results)
    #expect(near.map(\.id) == ["L002", "C001", "L005"])
    #expect(near.map(\.millimetres) == [5, 5, 12])
    #expect(Neighbours.nearest(to: results.lesions[3], results).map(\.id) == ["L002"])
  }

  @Test func aLayerKeepsItsColoursAndOpacitiesAsAFile() throws {
    var layer = Layer(width: 3, height: 2)
    #expect(layer.isEmpty)
    layer.set(RGB(255, 0, 10), alpha: 0.5, x: 1, y: 0)
    layer.set(RGB(1, 2, 3), x: 2, y: 1)
    layer.set(RGB(9, 9, 9), x: 3, y: 0)
    #expect(!layer.isEmpty)
    // libpng lays what is transparent over the ground that it is given: black here.
    let seen = try decodePNG(layer.png())
    #expect(seen[2, 1] == RGB(1, 2, 3) && seen[0, 0] == RGB(0, 0, 0))
    var laid = Raster(width: 3, height: 2, colour: .grey(100))
    laid.lay(layer)
    #expect(laid[1, 0] == RGB(178, 50, 55) && laid[0, 1] == .grey(100))
  }

  @Test func slicesRunFromInferiorToSuperiorHoweverTheyAreStored() throws {
    for direction in [1.0, -1.0] {
      let affine = Affine.scaling(1, 1, direction)
      let shape = GridShape(20, 20, 12)
      var images = PicturePhantom(shape: shape, affine: affine, mark: WorldPoint(x: 0, y: 0, z: 0)).images()
      images.lesionLabels[VoxelIndex(10, 10, 3)] = 1
      let stack = try SliceStack(images: images, look: PatientLook(images: images, results: PictureResults.results()))
      #expect(stack.slices.map(\.index) == (direction > 0 ? Array(0..<12) : (0..<12).reversed()))
      #expect(stack.slices.map(\.positionMillimetres) == stack.slices.map(\.positionMillimetres).sorted())
      #expect(stack.slices.first { $0.index == 3 }?.findings == ["L001"] && stack.contours != nil)
    }
  }
}
