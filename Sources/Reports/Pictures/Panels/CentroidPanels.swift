import ErrorScore
import Lesions
import Results
import Volumes

/// Second panels, through the centroid: only where they show something else than the panel through the peak, and only
/// as long as the report stays within its size.
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
    PagePictures.sizeBudgetBytes - pageBytes - textBytesOfAFinding * findingCount - pictures.embeddedBytes
  }

  /// Panels by finding identifier, in the order of the work list until the next one does not fit.
  static func draw(_ results: PatientResults, images: PatientImages, look: PatientLook, room: Int) throws(ReportsError)
    -> [FindingID: FindingPictures]
  {
    var panels: [FindingID: FindingPictures] = [:]
    var left = room
    for entry in results.reviewOrder where left > 0 {
      guard let finding = results.finding(entry.finding), let voxel = finding.farCentroidVoxel,
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

extension FindingRecord {
  /// From the maximum of FLAIR inside the finding to its centroid; nil without a map.
  var centroidDistanceMillimetres: Double? {
    guard let peak = saliency?.flair.inside.maximum.worldMillimetres else { return nil }
    return peak.distanceMillimetres(to: measurements.centroidMillimetres)
  }

  /// The voxel at the centroid, where a panel through it shows other slices than the one through the peak.
  var farCentroidVoxel: VoxelIndex? {
    centroidDistanceMillimetres.flatMap { $0 > CentroidPanels.farMillimetres ? centroidIndex : nil }
  }
}

extension WorldPoint {
  func distanceMillimetres(to other: WorldPoint) -> Double {
    let (dx, dy, dz) = (x - other.x, y - other.y, z - other.z)
    return (dx * dx + dy * dy + dz * dz).squareRoot()
  }
}
