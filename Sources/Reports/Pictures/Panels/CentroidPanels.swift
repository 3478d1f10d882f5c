import Results
import Volumes

/// Second panels, through the centroid: only where they show something else than the panel through the peak, and only as long as
/// the report stays within its size.
///
/// A function of results and images alone, so that a report that is drawn again has the same panels.
enum CentroidPanels {
  /// Nearer than this the slices show nearly the same.
  static let farMillimetres = 3.0
  static let tilePixels = 124

  /// What a page holds besides its pictures: text, style sheet and script, generously.
  private static let pageBytes = 120_000
  private static let textBytesOfAFinding = 9_000

  /// Room for second panels beside the pictures that every report has.
  static func room(besides pictures: PagePictures, findingCount: Int) -> Int {
    ReportPage.sizeBudgetBytes - pageBytes - textBytesOfAFinding * findingCount - pictures.embeddedBytes
  }

  /// Panels by finding identifier, in the order of the work list until the next one does not fit.
  static func draw(
    _ results: PatientResults, images: PatientImages, look: PatientLook, room: Int
  ) throws(ReportsError) -> [String: FindingPictures] {
    var panels: [String: FindingPictures] = [:]
    var left = room
    for entry in results.reviewOrder where left > 0 {
      guard let finding = results.finding(entry.kind, entry.number), let voxel = finding.farCentroidVoxel,
        look.shape.contains(voxel)
      else { continue }
      let panel = try FindingPanel.render(
        finding: finding, through: voxel, images: images, look: look,
        tilePixels: min(tilePixels, FindingPanel.tilePixels(findingCount: results.reviewOrder.count)))
      left -= panel.embeddedBytes
      if left >= 0 { panels[finding.id] = panel }
    }
    return panels
  }
}

extension FindingFacts {
  /// From the highest FLAIR value inside the finding to its centroid; nil without a map.
  var centroidMillimetres: Double? {
    guard hasSaliency, centroidWorldMillimetres.count == 3 else { return nil }
    let peak = flair.insideHighest.worldMillimetres
    return zip([peak.x, peak.y, peak.z], centroidWorldMillimetres).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      .squareRoot()
  }

  /// The voxel at the centroid, where a panel through it shows other slices than the one through the peak.
  var farCentroidVoxel: VoxelIndex? {
    guard let distance = centroidMillimetres, distance > CentroidPanels.farMillimetres, centroidVoxel.count == 3
    else { return nil }
    let c = centroidVoxel.map { Int($0.rounded()) }
    return VoxelIndex(c[0], c[1], c[2])
  }
}
