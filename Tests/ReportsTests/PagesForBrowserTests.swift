import Foundation
import Lesions
import Testing
import Volumes

@testable import Reports

/// Whole pages of awkward patients, drawn from volumes. With `LESIONQC_PAGE_FOLDER` set they are written there for the tests in a
/// real browser (tools/browser).
@Suite struct PagesForBrowserTests {
  private func write(_ results: PatientResults, as name: String) throws -> [UInt8] {
    let shape = GridShape(160, 192, 160)
    let affine = Affine(rows: results.grid.affine)
    var images = PicturePhantom(
      shape: shape, affine: affine, mark: WorldPoint(x: 0, y: 0, z: 0), markRadiusMillimetres: 60
    ).images()
    images.brainMask.voxels = images.flair.voxels.map { $0 == 100 ? 1 : 0 }
    // A texture, so that the pictures take the room that real ones take.
    var state: UInt32 = 1
    for at in images.flair.voxels.indices where images.flair.voxels[at] == 100 {
      state = state &* 1_664_525 &+ 1_013_904_223
      images.flair.voxels[at] = 60 + Float(state >> 24) / 12
    }
    images.mprage = images.flair
    for finding in results.lesions + results.candidates {
      let at = finding.flair.insideHighest.voxel
      let linear = shape.linearIndex(at)
      if finding.kind == .lesion {
        images.lesionLabels.voxels[linear] = Int32(finding.number)
      } else {
        images.candidateLabels.voxels[linear] = Int32(finding.number)
      }
      let side = 24
      let lower = VoxelIndex(at.i - side / 2, at.j - side / 2, at.k - side / 2)
      let map = (0..<(side * side * side)).map { Float($0 % 97) / 97 - 0.3 }
      images.saliency[finding.id] = SaliencyPicture(
        lower: lower, upper: VoxelIndex(lower.i + side, lower.j + side, lower.k + side), flair: map, mprage: map)
    }
    let page = try ReportPage.render(
      results: results, reportID: String(repeating: "9a", count: 32), auditHead: String(repeating: "7b", count: 32),
      runTime: "2026-11-24T09:00:00Z", pictures: try PagePictures(results: results, images: images),
      templates: TemplateFolder(path: PagesSamples.templates))
    if let folder = ProcessInfo.processInfo.environment["LESIONQC_PAGE_FOLDER"] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(page).write(to: URL(fileURLWithPath: folder).appendingPathComponent(name + ".html"))
    }
    return page
  }

  @Test func noFinding() throws {
    let page = try write(PagesSamples.results(lesions: 0, candidates: 0, truth: false), as: "0")
    #expect(page.count < ReportPage.sizeBudgetBytes)
  }

  @Test func calibrated() throws {
    let results = PagesSamples.results(synthetic: false, calibration: String(repeating: "e", count: 64))
    let page = String(decoding: try write(results, as: "calibrated"), as: UTF8.self)
    #expect(page.contains("class=\"stop-line\""))
  }

  @Test func threeHundredFindings() throws {
    let page = try write(PagesSamples.results(lesions: 280, candidates: 20), as: "300")
    // Noise is the worst case for a picture; the page says when it is larger than it should be.
    #expect(page.count < 3 * ReportPage.sizeBudgetBytes)
    #expect(page.count < ReportPage.sizeBudgetBytes || String(decoding: page, as: UTF8.self).contains("Large file"))
  }
}
