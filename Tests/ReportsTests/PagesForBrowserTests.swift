import Foundation
import Lesions
import Results
import Testing
import Volumes

@testable import Reports

/// Whole pages of awkward patients, drawn from volumes. With `LESIONQC_PAGE_FOLDER` set they are written there for the tests in a
/// real browser (tools/browser).
@Suite struct PagesForBrowserTests {
  private func page(_ results: PatientResults) throws -> [UInt8] {
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
    return try ReportPage.render(
      results: results, reportID: String(repeating: "9a", count: 32), auditHead: String(repeating: "7b", count: 32),
      runTime: "2026-11-24T09:00:00Z", pictures: try PagePictures(results: results, images: images),
      templates: TemplateFolder(path: PagesSamples.templates))
  }

  private func write(_ results: PatientResults, as name: String) throws -> [UInt8] {
    let page = try self.page(results)
    try write(page, as: name)
    return page
  }

  @Test func noFinding() throws {
    let page = try write(PagesSamples.results(lesions: 0, candidates: 0, truth: false), as: "0")
    #expect(page.count < ReportPage.sizeBudgetBytes)
  }

  /// Centroids 9 mm from their peaks.
  private func far(_ findings: [FindingFacts]) -> [FindingFacts] {
    findings.map { finding in
      var finding = finding
      finding.centroidVoxel[0] -= 9
      finding.centroidWorldMillimetres[0] += 9
      return finding
    }
  }

  private func write(_ page: [UInt8], as name: String) throws {
    guard let folder = ProcessInfo.processInfo.environment["LESIONQC_PAGE_FOLDER"] else { return }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(page).write(to: URL(fileURLWithPath: folder).appendingPathComponent(name + ".html"))
  }

  @Test func manyWarnings() throws {
    let page = String(decoding: try write(PagesNoticeTests.awkward(), as: "warnings"), as: UTF8.self)
    #expect(page.contains("more notes"))
  }

  @Test func calibrated() throws {
    var results = PagesSamples.results(synthetic: false, calibration: String(repeating: "e", count: 64))
    results.lesions[0] = far([results.lesions[0]])[0]
    let page = String(decoding: try write(results, as: "calibrated"), as: UTF8.self)
    #expect(page.contains("class=\"stop-line\""))
  }

  @Test func threeHundredFindings() throws {
    var results = PagesSamples.results(lesions: 280, candidates: 20)
    results.lesions = far(results.lesions)
    let page = try write(results, as: "300")
    // Noise is the worst case for a picture; the page says when it is larger than it should be.
    #expect(page.count < 3 * ReportPage.sizeBudgetBytes)
    #expect(page.count < ReportPage.sizeBudgetBytes || String(decoding: page, as: UTF8.self).contains("Large file"))
    // Second panels take only what is left.
    #expect(
      page.count < ReportPage.sizeBudgetBytes
        || !String(decoding: page, as: UTF8.self).contains("<details class=\"centroid\">"))
  }

  @Test func secondPanelsFillAFileUpToItsBudgetAndNoFurther() throws {
    var results = PagesSamples.results(lesions: 50, candidates: 0)
    results.lesions = far(results.lesions)
    let page = try self.page(results)
    let drawn = String(decoding: page, as: UTF8.self).components(separatedBy: "<details class=\"centroid\">").count - 1
    #expect(page.count < ReportPage.sizeBudgetBytes && drawn > 0 && drawn < 50, "\(page.count) bytes, \(drawn) drawn")
  }

  @Test func cohort() throws {
    let digest = String(repeating: "e", count: 64)
    let entries = (1...12).map { number -> CohortEntry in
      var results = PagesSamples.results(label: "sub-\(number)", session: nil, lesions: number, calibration: digest)
      if number % 3 > 0 {
        results.scanner = ScannerFacts(
          manufacturer: "Siemens", model: number % 3 == 1 ? "Prisma_fit" : "Vida", fieldTesla: 3)
      }
      return PagesSamples.entry("sub-\(number)", results: results)
    }
    let page = try CohortPage.render(entries: entries, templates: TemplateFolder(path: PagesSamples.templates))
    try write(page, as: "cohort")
    #expect(String(decoding: page, as: UTF8.self).components(separatedBy: "<svg").count - 1 == 5)
  }
}
