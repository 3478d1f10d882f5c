import ErrorScore
import Lesions
import Results
import Statistics
import Volumes

/// The whole brain from three sides: the mean of FLAIR along each direction, and on it every voxel of the mask that
/// lies behind a pixel, coloured by how suspicious its finding is.
struct Projection: Sendable, Equatable {
  struct Mark: Sendable, Equatable {
    let finding: FindingID
    /// Pixels from the top left corner.
    let x: Double
    let y: Double
  }

  let plane: String
  let picture: EmbeddedPicture
  /// Centroids of the findings, the least suspicious first, so that the most suspicious lie on top.
  let marks: [Mark]
}

extension Projection {
  static let mostSuspicious = RGB(255, 140, 0)
  static let leastSuspicious = RGB(110, 150, 215)
  /// Longer side of the largest picture.
  private static let pixels = 230.0

  static func all(_ results: PatientResults, images: PatientImages, look: PatientLook) throws(ReportsError)
    -> [Projection]
  {
    let largest = SlicePlane.allCases.map { look.brainMillimetres($0) }.reduce(0) { max($0, $1.width, $1.height) }
    let order = Dictionary(uniqueKeysWithValues: results.reviewOrder.map { ($0.finding, $0.position) })
    var projections: [Projection] = []
    for plane in SlicePlane.allCases {
      projections.append(try draw(plane, order, results, images, look, millimetresPerPixel: largest * 1.06 / pixels))
    }
    return projections
  }

  /// From orange for the first of the review order to blue for the last.
  private static func colour(_ position: Int, of count: Int) -> RGB {
    mostSuspicious.mixed(with: leastSuspicious, amount: Double(position - 1) / Double(max(1, count - 1)))
  }

  private static func draw(
    _ plane: SlicePlane, _ order: [FindingID: Int], _ results: PatientResults, _ images: PatientImages,
    _ look: PatientLook, millimetresPerPixel: Double
  ) throws(ReportsError) -> Projection {
    let brain = look.brainMillimetres(plane)
    func side(_ millimetres: Double) -> Int {
      max(24, Int(saturating: (millimetres * 1.06 / millimetresPerPixel).rounded(.up)))
    }
    let view = look.view(
      plane, slice: 0, millimetresPerPixel: millimetresPerPixel, width: side(brain.width), height: side(brain.height))
    let rays = Rays(view.geometry, images: images, order: order, look: look)
    var raster = Raster(width: view.width, height: view.height)
    for y in 0..<view.height {
      for x in 0..<view.width {
        let at = view.coordinates(x: Double(x) + 0.5, y: Double(y) + 0.5)
        guard let ray = rays.at(at.u, at.v), ray.count > 0 else { continue }
        let level = (look.windowing.flair.brightness(ray.sum / Float(ray.count)) * 31).rounded() / 31
        raster[x, y] =
          ray.position < Int.max
          ? colour(ray.position, of: order.count) : .grey(UInt8(saturating: (level * 190).rounded()))
      }
    }
    let marks = results.reviewOrder.reversed().compactMap { entry -> Mark? in
      guard let finding = results.finding(entry.finding) else { return nil }
      let voxel = finding.measurements.centroidVoxel
      let centroid = [voxel.i, voxel.j, voxel.k]
      let place = view.place(u: centroid[view.geometry.horizontalAxis], v: centroid[view.geometry.verticalAxis])
      return Mark(finding: finding.id, x: place.x, y: place.y)
    }
    return Projection(
      plane: plane.rawValue,
      picture: EmbeddedPicture(try raster.withFewColours().png(), millimetresPerPixel: millimetresPerPixel),
      marks: marks)
  }
}

/// What lies along each line through the grid at right angles to a plane.
private struct Rays {
  struct Ray {
    var sum: Float = 0
    var count = 0
    /// Of the most suspicious finding on the way.
    var position = Int.max
  }

  private let width: Int
  private let height: Int
  private var rays: [Ray]

  init(_ geometry: SliceGeometry, images: PatientImages, order: [FindingID: Int], look: PatientLook) {
    width = look.shape.count(along: geometry.horizontalAxis)
    height = look.shape.count(along: geometry.verticalAxis)
    rays = [Ray](repeating: Ray(), count: width * height)
    func positions(_ kind: FindingKind) -> [Int: Int] {
      Dictionary(uniqueKeysWithValues: order.filter { $0.key.kind == kind }.map { ($0.key.number, $0.value) })
    }
    let (lesions, candidates) = (positions(.lesion), positions(.candidate))
    for row in look.brain.rows(in: look.shape) {
      for at in row where images.brainMask.voxels[at] != 0 {
        let voxel = look.shape.voxel(at: at)
        let ray = voxel.along(geometry.horizontalAxis) + width * voxel.along(geometry.verticalAxis)
        let value = images.flair.voxels[at]
        if value.isFinite {
          rays[ray].sum += value
          rays[ray].count += 1
        }
        let (lesion, candidate) = (images.lesionLabels.voxels[at], images.candidateLabels.voxels[at])
        guard lesion > 0 || candidate > 0 else { continue }
        let position = lesion > 0 ? lesions[Int(lesion)] : candidates[Int(candidate)]
        rays[ray].position = min(rays[ray].position, position ?? Int.max)
      }
    }
  }

  /// The line that voxel coordinates of a picture lie next to; nil outside the grid.
  func at(_ u: Double, _ v: Double) -> Ray? {
    let (column, row) = (Int(saturating: u.rounded()), Int(saturating: v.rounded()))
    return column >= 0 && row >= 0 && column < width && row < height ? rays[column + width * row] : nil
  }
}
