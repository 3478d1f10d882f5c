import Lesions
public import Results

extension PagePictures {
  /// Draws every picture of a report.
  ///
  /// - Parameters:
  ///   - isCompact: without the viewer's volumes.
  ///   - isExcerpt: without all slices and second panels too, and in smaller tiles where they would not fit.
  ///   - progress: findings drawn and in total; may throw to stop.
  /// - Throws: ``ReportsError`` when results and images do not belong together.
  public init(
    results: PatientResults, images: PatientImages, isCompact: Bool = false, isExcerpt: Bool = false,
    progress: (Int, Int) throws -> Void = { _, _ in }
  ) throws {
    let look = try PatientLook(images: images, results: results)
    let findings = results.findings + (results.missed ?? [])
    var tilePixels = FindingPanel.tilePixels(findingCount: findings.count)
    var thumbnails: [FindingID: EmbeddedPicture] = [:]
    for finding in findings {
      thumbnails[finding.id] = try FindingPanel.thumbnail(finding: finding, images: images, look: look)
    }
    func panels() throws -> [FindingID: FindingPictures] {
      var drawn: [FindingID: FindingPictures] = [:]
      for (index, finding) in findings.enumerated() {
        try progress(index, findings.count)
        drawn[finding.id] = try FindingPanel.render(
          finding: finding, images: images, look: look, tilePixels: tilePixels)
      }
      return drawn
    }
    self.init(
      panels: try panels(), thumbnails: thumbnails,
      sliceStack: isExcerpt ? nil : try SliceStack(images: images, look: look),
      notes: [look.windowing.text] + [look.obliqueNote].compactMap { $0 })
    projections = try Projection.all(results, images: images, look: look)
    let budget = isExcerpt ? Self.excerptBudgetBytes : Self.sizeBudgetBytes
    var room: Int { CentroidPanels.room(besides: self, findingCount: findings.count) + budget - Self.sizeBudgetBytes }
    while isExcerpt, room < 0, tilePixels > FindingPanel.smallestTilePixels {
      tilePixels = max(FindingPanel.smallestTilePixels, tilePixels * 3 / 4)
      self.panels = try panels()
    }
    let overview = try OverviewMontage(images: images, look: look).render(room: room)
    self.overview = overview
    if overview.findingsNotShown > 0 {
      notes.append("The overview leaves out \(overview.findingsNotShown) findings; each is on its own panel.")
    }
    if isExcerpt { return }
    centroidPanels = try CentroidPanels.draw(results, images: images, look: look, room: room)
    if !isCompact {
      viewer = ViewerVolumes.make(
        results, images: images, look: look, room: room + Self.viewerBudgetBytes - Self.sizeBudgetBytes)
    }
  }
}
