import Foundation
import Volumes

@testable import DICOM

/// A series of six oblique images of 5 × 7 pixels, and the grid that a converter would make of it.
enum Phantom {
  static let columns = 5
  static let rows = 7
  static let images = 6

  /// Unit vectors of increasing column, row and image, LPS+: turned by 30° about z, then by 20° about x.
  static let axes: [[Double]] = {
    let (a, b) = (Double.pi / 6, Double.pi / 9)
    let turned = [[cos(a), sin(a), 0], [-sin(a), cos(a), 0], [0, 0, 1]]
    return turned.map { [$0[0], cos(b) * $0[1] - sin(b) * $0[2], sin(b) * $0[1] + cos(b) * $0[2]] }
  }()
  /// Between columns, rows and images, mm.
  static let spacing = [0.75, 1.25, 2.5]
  static let origin = [-40.0, -55.5, 12.25]

  static func position(_ image: Double) -> [Double] { (0..<3).map { origin[$0] + image * spacing[2] * axes[2][$0] } }

  static func file(_ image: Int, at position: [Double]? = nil) -> DataSet {
    var file = DataSet()
    file.set(.specificCharacterSet, "ISO_IR 192")
    file.set(.sopClassUID, SOPClass.mr)
    file.set(.sopInstanceUID, "1.2.3.\(image + 1)")
    file.set(.studyInstanceUID, "1.2.1")
    file.set(.seriesInstanceUID, "1.2.2")
    file.set(.frameOfReferenceUID, "1.2.4")
    file.set(.patientName, "Müller^Änne")
    file.set(.patientID, "PID-0042")
    file.set(.patientBirthDate, "19800229")
    file.set(.accessionNumber, "ACC0042")
    file.set(.seriesDescription, "FLAIR")
    file.set(.rows, rows)
    file.set(.columns, columns)
    file.set(.pixelSpacing, [spacing[1], spacing[0]])
    file.set(.imageOrientationPatient, axes[0] + axes[1])
    file.set(.imagePositionPatient, position ?? Self.position(Double(image)))
    return file
  }

  static func files() -> [DataSet] { (0..<images).map { file($0) } }

  static func series() throws -> SourceSeries { try SeriesBuilder.series([3, 0, 5, 1, 4, 2].map { file($0) }) }

  /// The grid of a converter: i is the column, j the row from the last to the first, k the image; RAS+.
  static let grid: ResultsGrid = {
    let last = (0..<3).map { origin[$0] + Double(rows - 1) * spacing[1] * axes[1][$0] }
    let affine = Affine(
      rows: (0..<3).map { axis in
        let sign = axis < 2 ? -1.0 : 1
        return [
          sign * axes[0][axis] * spacing[0], -sign * axes[1][axis] * spacing[1], sign * axes[2][axis] * spacing[2],
          sign * last[axis],
        ]
      })
    return ResultsGrid(shape: GridShape(columns, rows, images), affine: affine)
  }()

  /// Findings that no mirroring leaves where they are, on the grid of the converter.
  static let findings: [(label: String, voxels: [Int])] = {
    func indices(_ voxels: [(Int, Int, Int)]) -> [Int] {
      voxels.map { grid.shape.linearIndex(VoxelIndex($0.0, $0.1, $0.2)) }.sorted()
    }
    return [
      ("L001", indices([(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)])),
      ("L002", indices([(3, 5, 2), (4, 5, 2), (4, 6, 4)])), ("C001", indices([(2, 3, 5)])),
    ]
  }()

  static func context(_ source: SourceSeries) -> ObjectContext {
    ObjectContext(
      source: source, equipment: .init(name: "lesionqc", version: "1.2"),
      moment: .init(date: "20261128", time: "163012"), disclaimer: "Research software, not a medical device.",
      content: ["digest"])
  }
}
