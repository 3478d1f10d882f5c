import Lesions
public import Results

extension PagePictures {
  /// Draws every picture of a report.
  ///
  /// - Parameters:
  ///   - isCompact: without the viewer's volumes.
  ///   - progress: findings drawn and in total; may throw to stop.
  /// - Throws: ``ReportsError`` when results and images do not belong together.
  public init(
    results: PatientResults, images: PatientImages, isCompact: Bool = false,
    progress: (Int, Int) throws -> Void = { _, _ in }
  ) throws {
    let look = try PatientLook(images: images, results: results)
    let findings = results.findings
    let tilePixels = FindingPanel.tilePixels(findingCount: findings.count)
    var panels: [FindingID: FindingPictures] = [:]
    var thumbnails: [FindingID: EmbeddedPicture] = [:]
    for (index, finding) in findings.enumerated() {
      try progress(index, findings.count)
      panels[finding.id] = try FindingPanel.render(finding: finding, images: images, look: look, tilePixels: tilePixels)
      thumbnails[finding.id] = try FindingPanel.thumbnail(finding: finding, images: images, look: look)
    }
    self.init(
      panels: panels, thumbnails: thumbnails, sliceStack: try SliceStack(images: images, look: look),
      notes: [look.windowing.text] + [look.obliqueNote].compactMap { $0 })
    projections = try Projection.all(results, images: images, look: look)
    let overview = try OverviewMontage(images: images, look: look).render(
      room: CentroidPanels.room(besides: self, findingCount: findings.count))
    self.overview = overview
    if overview.findingsNotShown > 0 {
      notes.append("The overview leaves out \(overview.findingsNotShown) findings; each is on its own panel.")
    }
    centroidPanels = try CentroidPanels.draw(
      results, images: images, look: look, room: CentroidPanels.room(besides: self, findingCount: findings.count))
    if !isCompact {
      viewer = ViewerVolumes.make(
        results, images: images, look: look,
        room: CentroidPanels.room(besides: self, findingCount: findings.count) + PagePictures.viewerBudgetBytes
          - PagePictures.sizeBudgetBytes)
    }
  }
}
