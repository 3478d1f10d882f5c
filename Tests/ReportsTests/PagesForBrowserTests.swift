import Foundation
import Testing
import Volumes

@testable import Lesions
@testable import Reports
@testable import Results

/// Whole pages of awkward patients, drawn from volumes. With `LESIONQC_PAGE_FOLDER` set they are written there for the
/// tests in a real browser (tools/browser).
@Suite struct PagesForBrowserTests {
  private func page(_ results: PatientResults, isCompact: Bool = false, isExcerpt: Bool = false) throws -> [UInt8] {
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
    images.missedLabels = Volume(shape: shape, affine: affine, repeating: 0)
    images.reference = results.missed == nil ? nil : Volume(shape: shape, affine: affine, repeating: 0)
    for finding in results.findings + (results.missed ?? []) {
      let at = finding.pictureVoxel
      let linear = shape.linearIndex(at)
      switch finding.kind {
      case .lesion: images.lesionLabels.voxels[linear] = Int32(finding.id.number)
      case .candidate: images.candidateLabels.voxels[linear] = Int32(finding.id.number)
      case .missedReference, .readerMark:
        images.missedLabels?.voxels[linear] = Int32(finding.id.number)
        images.reference?.voxels[linear] = 1
      }
      let side = 24
      let lower = VoxelIndex(at.i - side / 2, at.j - side / 2, at.k - side / 2)
      let map = (0..<(side * side * side)).map { Float($0 % 97) / 97 - 0.3 }
      images.saliency[finding.id] = SaliencyPicture(
        box: GridBox(lower: lower, upper: lower + VoxelIndex(side, side, side)), flair: map, mprage: map)
    }
    return try ReportPage.render(
      results: results, reportID: String(repeating: "9a", count: 32), auditHead: String(repeating: "7b", count: 32),
      runTime: "2026-11-24T09:00:00Z",
      pictures: try PagePictures(results: results, images: images, isCompact: isCompact, isExcerpt: isExcerpt),
      templates: TemplateFolder(path: PagesSamples.templates))
  }

  private func write(_ results: PatientResults, as name: String) throws -> [UInt8] {
    let page = try self.page(results)
    try write(page, as: name)
    return page
  }

  @Test func noFinding() throws {
    let page = try write(PagesSamples.results(lesions: 0, candidates: 0, reference: false), as: "0")
    #expect(page.count < PagePictures.sizeBudgetBytes)
  }

  @Test func oneFinding() throws {
    let page = try write(PagesSamples.results(lesions: 1, candidates: 0, reference: false), as: "1")
    #expect(page.count < PagePictures.sizeBudgetBytes)
  }

  /// Noise is the worst case; 40 are more than a reader is sent.
  @Test(arguments: [10, 40]) func anExcerptCanBeSent(count: Int) throws {
    let page = try self.page(PagesSamples.results(lesions: count, candidates: 0, reference: false), isExcerpt: true)
    #expect(page.count <= PagePictures.excerptBudgetBytes, "\(page.count) bytes")
    #expect(!String(decoding: page, as: UTF8.self).contains("volume-flair"))
  }

  /// Centroids 9 mm from their peaks.
  private func far(_ findings: [FindingRecord]) -> [FindingRecord] {
    findings.map { finding in
      let (voxel, point) = (finding.measurements.centroidVoxel, finding.measurements.centroidMillimetres)
      return finding.with(
        centroidVoxel: VoxelPoint(i: voxel.i - 9, j: voxel.j, k: voxel.k),
        centroidMillimetres: WorldPoint(x: point.x + 9, y: point.y, z: point.z))
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
    var results = PagesSamples.results(calibrated: true)
    results.patient.synthetic = false
    results.findings[0] = far([results.findings[0]])[0]
    let page = String(decoding: try write(results, as: "calibrated"), as: UTF8.self)
    #expect(page.contains("class=\"cutoff\""))
  }

  @Test func threeHundredFindings() throws {
    var results = PagesSamples.results(lesions: 280, candidates: 20)
    results.findings = far(results.lesions) + results.candidates
    let page = try write(results, as: "300")
    // Noise is the worst case for a picture; the page says when it is larger than it should be.
    #expect(page.count < 3 * PagePictures.sizeBudgetBytes)
    #expect(page.count < PagePictures.sizeBudgetBytes || String(decoding: page, as: UTF8.self).contains("Large file"))
    // Second panels take only what is left.
    #expect(
      page.count < PagePictures.sizeBudgetBytes
        || !String(decoding: page, as: UTF8.self).contains("<details class=\"centroid\">"))
  }

  /// Noise is the worst case for the volumes, too.
  @Test(arguments: [70, 100]) func aPageWithTheViewerStaysWithinItsSize(count: Int) throws {
    let results = PagesSamples.results(lesions: count, candidates: 0)
    let page = try write(results, as: "\(count)")
    #expect(page.count < PagePictures.viewerBudgetBytes && page.count > 1_000_000, "\(page.count) bytes")
    #expect(String(decoding: page, as: UTF8.self).contains("id=\"volume-flair\""))
    let compact = try self.page(results, isCompact: true)
    #expect(
      (count > 70 || compact.count < PagePictures.sizeBudgetBytes) && compact.count < page.count,
      "\(compact.count) bytes")
    #expect(!String(decoding: compact, as: UTF8.self).contains("volume-flair"))
  }

  @Test func secondPanelsFillAFileUpToItsBudgetAndNoFurther() throws {
    var results = PagesSamples.results(lesions: 50, candidates: 0)
    results.findings = far(results.findings)
    let page = try self.page(results, isCompact: true)
    let drawn = String(decoding: page, as: UTF8.self).components(separatedBy: "<details class=\"centroid\">").count - 1
    #expect(page.count < PagePictures.sizeBudgetBytes && drawn > 0 && drawn < 50, "\(page.count) bytes, \(drawn) drawn")
  }

  @Test func cohort() throws {
    let entries = (1...12).map { number -> CohortEntry in
      var results = PagesSamples.results(label: "sub-\(number)", session: nil, lesions: number, calibrated: true)
      if number % 3 > 0 {
        results.scanner = ScannerIdentity(
          manufacturer: "Siemens", model: number % 3 == 1 ? "Prisma_fit" : "Vida", fieldTesla: 3)
      }
      return PagesSamples.entry("sub-\(number)", results: results)
    }
    let page = try CohortPage.render(entries: entries, templates: TemplateFolder(path: PagesSamples.templates))
    try write(page, as: "cohort")
    #expect(String(decoding: page, as: UTF8.self).components(separatedBy: "<svg").count - 1 == 5)
  }
}
