import Foundation
import Testing
import Volumes

@testable import ErrorScore
@testable import Lesions
@testable import Reports
@testable import Results

@Suite struct PicturesCentroidTests {
  private static let shape = GridShape(40, 40, 40)

  /// Lesions with their peaks at (10, 20, 20) and centroids farther along i by the given millimetres, in this work-list
  /// order.
  private func patient(_ distances: [Double]) -> (results: PatientResults, images: PatientImages) {
    let affine = Affine.scaling(1, 1, 1)
    let lesions = distances.enumerated().map { index, distance -> FindingRecord in
      let number = index + 1
      var finding = PictureResults.finding(FindingID(kind: .lesion, number: number), peak: VoxelIndex(10, 20, 20))
      finding.saliency?.flair.inside.maximum.worldMillimetres = WorldPoint(x: 10, y: 20, z: 20)
      return finding.with(
        centroidVoxel: VoxelPoint(i: 10 + distance, j: 20, k: 20),
        centroidMillimetres: WorldPoint(x: 10 + distance, y: 20, z: 20))
    }
    var results = PictureResults.results(lesions)
    results.reviewOrder = lesions.indices.map {
      ReviewEntry(position: $0 + 1, finding: FindingID(kind: .lesion, number: $0 + 1), percentile: 0)
    }
    let images = PicturePhantom(
      shape: Self.shape, affine: affine, mark: WorldPoint(x: 18, y: 20, z: 20), markRadiusMillimetres: 2
    ).images()
    return (results, images)
  }

  @Test func onlyAFarCentroidHasAPanel() throws {
    let (results, images) = patient([0, 3, 3.25, 8])
    #expect(results.lesions.map(\.farCentroidVoxel) == [nil, nil, VoxelIndex(13, 20, 20), VoxelIndex(18, 20, 20)])
    let pictures = try PagePictures(results: results, images: images)
    #expect(pictures.centroidPanels.keys.sorted() == ["L003", "L004"])
    #expect(try PagePictures(results: results, images: images) == pictures)
    #expect(
      Wording.centroidNote(results, drawn: pictures.centroidPanels.count)
        == "Where the centroid lies more than 3 mm from the FLAIR peak, a second panel through the centroid opens "
        + "below the first: 2 findings.")
    #expect(
      Wording.centroid(results.lesions[0], isDrawn: false)
        == "The centroid lies 0.0 mm from it, in nearly the same slices.")
    #expect(
      Wording.centroid(results.lesions[3], isDrawn: true)
        == "The centroid lies 8.0 mm from it; the HTML file holds a panel through it.")
    #expect(Wording.centroidNote(patient([1]).results, drawn: 0) == nil)
  }

  @Test func itShowsTheCentroidInTheMiddle() throws {
    let (results, images) = patient([8])
    let look = try PatientLook(images: images, results: results)
    let finding = results.lesions[0]
    let panel = try FindingPanel.layers(
      finding: finding, through: finding.farCentroidVoxel, images: images, look: look, tilePixels: 124)
    // The middle of the first tile: the bright mark lies at the centroid, 8 mm from the peak.
    let y = 6 + PanelTitles(hasMPRAGE: true, maps: 0, tilePixels: 124).height + 19 + 62
    #expect(panel[0].anatomy[6 + 62, y] == .grey(255))
    let first = try FindingPanel.layers(finding: finding, images: images, look: look, tilePixels: 124)
    #expect(first[0].anatomy[6 + 62, y] != .grey(255))
  }

  @Test func theyGoInTheOrderOfTheWorkListAsLongAsThereIsRoom() throws {
    let (results, images) = patient([8, 0, 5, 8])
    let look = try PatientLook(images: images, results: results)
    func panels(_ room: Int) throws -> [FindingID: FindingPictures] {
      try CentroidPanels.draw(results, images: images, look: look, room: room)
    }
    let all = try panels(8_000_000)
    let first = try #require(all["L001"]).embeddedBytes
    #expect(try panels(first).keys.sorted() == ["L001"] && panels(first - 1).isEmpty && panels(-1).isEmpty)
    #expect(
      Wording.centroidNote(results, drawn: 1)!.hasSuffix(
        "1 finding. 2 others are left out, the last of the work list, to keep the file within 8 MB."))
    #expect(Wording.centroid(results.lesions[0], isDrawn: false)!.hasSuffix("left out to keep the file small."))
  }

  @Test func thePageOpensThemOnDemandWithoutAScript() throws {
    var results = PagesSamples.results()
    // Nine millimetres to the patient's left of where it was, at voxel (67.25, 90.5, 75).
    results.findings[0] = results.findings[0].with(
      centroidVoxel: VoxelPoint(i: 58.25, j: 90.5, k: 75), centroidMillimetres: WorldPoint(x: -13.75, y: -19.5, z: 5))
    var pictures = PagesSamples.pictures(results)
    pictures.centroidPanels = ["L001": pictures.panels["L001"]!]
    let page = try PagesSamples.page(results, pictures: pictures)
    #expect(page.components(separatedBy: "<details class=\"centroid\">").count == 2)
    let alt = Wording.centroidAlt(results.lesions[0], hasMPRAGE: true)
    #expect(page.contains("alt=\"\(alt)\"") && alt.contains("through the centroid, voxel (58, 91, 75)"))
    #expect(pictures.embeddedBytes > PagesSamples.pictures(results).embeddedBytes)
    // A finding without a map is pictured through its centroid, and the page does not speak of a peak.
    let external = try PagesSamples.page(PagesSamples.external())
    #expect(external.contains("Through the centroid, voxel") && !external.contains("Through the FLAIR peak, voxel"))
  }
}
