import Foundation
import Testing
import Volumes

@testable import Reports
@testable import Results

/// Left is the first thing a report must get right.
@Suite struct PicturesOrientationTests {
  /// All 6 · 8 grids whose axes lie along the patient's, with 2 mm, 2.5 mm and 3 mm voxels.
  static let alignedAffines: [Affine] = {
    var result: [Affine] = []
    let spacing = [2.0, 2.5, 3.0]
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
      for flips in 0..<8 {
        var rows = [[Double]](repeating: [0, 0, 0, 0], count: 3)
        for stored in 0..<3 { rows[order[stored]][stored] = spacing[stored] * (flips >> stored & 1 == 1 ? -1 : 1) }
        result.append(centred(rows))
      }
    }
    return result
  }()

  /// Rotations by 20° to 35° about one axis after another, one of them with flipped and permuted storage.
  static let obliqueAffines: [Affine] = [
    oblique(degrees: (25, 0, 0), columns: [[2, 0, 0], [0, 2.5, 0], [0, 0, 3]]),
    oblique(degrees: (20, -15, 30), columns: [[0, 0, -2], [2.5, 0, 0], [0, -3, 0]]),
    oblique(degrees: (-10, 35, 12), columns: [[0, -2, 0], [0, 0, 2.5], [-3, 0, 0]]),
  ]

  static let shape = GridShape(40, 36, 32)

  /// Puts the middle of the grid at the world's origin.
  static func centred(_ rows: [[Double]]) -> Affine {
    Affine(rows: rows.map { row in [row[0], row[1], row[2], -(row[0] * 19.5 + row[1] * 17.5 + row[2] * 15.5)] })
  }

  static func oblique(degrees: (Double, Double, Double), columns: [[Double]]) -> Affine {
    func rotate(_ p: [Double], _ a: Int, _ b: Int, _ degrees: Double) -> [Double] {
      let angle = degrees * .pi / 180
      var q = p
      q[a] = cos(angle) * p[a] - sin(angle) * p[b]
      q[b] = sin(angle) * p[a] + cos(angle) * p[b]
      return q
    }
    let turned = columns.map { rotate(rotate(rotate($0, 1, 2, degrees.0), 2, 0, degrees.1), 0, 1, degrees.2) }
    return centred((0..<3).map { row in turned.map { $0[row] } + [0] })
  }

  /// Mean pixel position of the bright mark in a view of the whole slice through it, relative to the picture's middle.
  private func offsetOfMark(_ plane: SlicePlane, affine: Affine, mark: WorldPoint) throws -> (
    right: Double, down: Double, letters: EdgeLetters
  ) {
    let phantom = PicturePhantom(shape: Self.shape, affine: affine, mark: mark)
    let images = phantom.images()
    let look = try PatientLook(images: images, results: PictureResults.results())
    let bright = try #require(images.flair.voxels.firstIndex(of: 100))
    let voxel = Self.shape.voxel(at: bright)
    let geometry = look.geometry(plane)
    let view = look.view(
      plane, slice: voxel.along(geometry.normalAxis), millimetresPerPixel: 1.5, width: 90, height: 90)
    let tile = TilePainter(images: images, look: look).image(.flair, view)
    var sum = (x: 0.0, y: 0.0, count: 0.0)
    for y in 0..<90 {
      for x in 0..<90 where tile[x, y].red > 128 { sum = (sum.x + Double(x), sum.y + Double(y), sum.count + 1) }
    }
    try #require(sum.count > 0)
    return (sum.x / sum.count - 44.5, sum.y / sum.count - 44.5, geometry.letters)
  }

  @Test("A mark on the patient's left, front and top is drawn there", arguments: 0..<51) func markIsDrawnWhereItIs(
    case index: Int
  ) throws {
    let affine = (Self.alignedAffines + Self.obliqueAffines)[index]
    let isOblique = index >= 48
    // 24 mm to the left, 20 mm to the front and 22 mm up: far from every plane through the middle.
    let mark = WorldPoint(x: -24, y: 20, z: 22)
    // A slice of an oblique grid cuts the patient obliquely: only the side is known, not the distance.
    let tolerance = isOblique ? 16.0 : 3.0

    let axial = try offsetOfMark(.axial, affine: affine, mark: mark)
    #expect(abs(axial.right - 24 / 1.5) < tolerance && axial.right > 0)
    #expect(abs(axial.down + 20 / 1.5) < tolerance && axial.down < 0)
    #expect(axial.letters == EdgeLetters(left: "R", right: "L", top: "A", bottom: "P"))

    let coronal = try offsetOfMark(.coronal, affine: affine, mark: mark)
    #expect(abs(coronal.right - 24 / 1.5) < tolerance && coronal.right > 0)
    #expect(abs(coronal.down + 22 / 1.5) < tolerance && coronal.down < 0)
    #expect(coronal.letters == EdgeLetters(left: "R", right: "L", top: "S", bottom: "I"))

    let sagittal = try offsetOfMark(.sagittal, affine: affine, mark: mark)
    #expect(abs(sagittal.right + 20 / 1.5) < tolerance && sagittal.right < 0)
    #expect(abs(sagittal.down + 22 / 1.5) < tolerance && sagittal.down < 0)
    #expect(sagittal.letters == EdgeLetters(left: "A", right: "P", top: "S", bottom: "I"))
  }

  @Test func aRowNamesTheStoredIndexAndTheWorldPosition() throws {
    // Stored axes: i towards posterior, j towards superior, k towards left.
    let affine = Affine(rows: [[0, 0, -3, 40], [-2, 0, 0, 30], [0, 2.5, 0, -20]])
    let images = PicturePhantom(shape: Self.shape, affine: affine, mark: WorldPoint(x: 0, y: 0, z: 0)).images()
    let look = try PatientLook(images: images, results: PictureResults.results())
    let peak = VoxelIndex(4, 6, 11)
    func label(_ plane: SlicePlane) -> String {
      FindingPanel.rowLabel(look.view(plane, through: peak, sideMillimetres: 60, pixels: 60), peak, look)
    }
    #expect(label(.axial) == "axial   j = 6   z = -5.0 mm")  // -20 + 2.5 · 6
    #expect(label(.coronal) == "coronal   i = 4   y = +22.0 mm")  // 30 - 2 · 4
    #expect(label(.sagittal) == "sagittal   k = 11   x = +7.0 mm")  // 40 - 3 · 11
  }

  @Test func anObliqueGridSaysItsAngleAndWhereAPositionHolds() throws {
    // Turned by 20° about the patient's left-right axis: sagittal slices stay sagittal.
    let (c, s) = (cos(20 * Double.pi / 180), sin(20 * Double.pi / 180))
    let affine = Affine(rows: [[-1, 0, 0, 40], [0, c, -s, -10], [0, s, c, -30]])
    let images = PicturePhantom(shape: Self.shape, affine: affine, mark: WorldPoint(x: 0, y: 0, z: 0)).images()
    let look = try PatientLook(images: images, results: PictureResults.results())
    let peak = VoxelIndex(4, 6, 11)
    func label(_ plane: SlicePlane) -> String {
      FindingPanel.rowLabel(look.view(plane, through: peak, sideMillimetres: 60, pixels: 60), peak, look)
    }
    // -30 + 6 sin 20° + 11 cos 20° and -10 + 6 cos 20° - 11 sin 20°.
    #expect(label(.axial) == "20° off axial   k = 11   z = -17.6 mm at cross")
    #expect(label(.coronal) == "20° off coronal   j = 6   y = -8.1 mm at cross")
    #expect(label(.sagittal) == "sagittal   i = 4   x = +36.0 mm")
    #expect(look.obliqueNote?.contains("axial by 20°, coronal by 20°. A position") == true)
    let straight = PicturePhantom(shape: Self.shape, affine: .scaling(-1, 1, 2), mark: WorldPoint(x: 0, y: 0, z: 0))
      .images()
    #expect(try PatientLook(images: straight, results: PictureResults.results()).obliqueNote == nil)
  }

  @Test func pixelsAreSquareInMillimetresOnAnAnisotropicGrid() throws {
    // A ball of 10 mm radius stays round on voxels of 1 × 2 × 4 mm.
    let shape = GridShape(80, 40, 20)
    let affine = Affine.scaling(1, 2, 4, originMillimetres: (-40, -40, -40))
    let images = PicturePhantom(
      shape: shape, affine: affine, mark: WorldPoint(x: 0, y: 0, z: 0), markRadiusMillimetres: 14
    ).images()
    let look = try PatientLook(images: images, results: PictureResults.results())
    for plane in SlicePlane.allCases {
      let view = look.view(plane, through: VoxelIndex(40, 20, 10), sideMillimetres: 60, pixels: 120)
      let bounds = try #require(view.mask { images.flair.voxels[$0] == 100 }.bounds)
      let width = Double(bounds.right - bounds.left + 1) / 2
      let height = Double(bounds.bottom - bounds.top + 1) / 2
      // The voxels whose centres lie within 14 mm: 29 of 1 mm, 15 of 2 mm, 7 of 4 mm.
      let expected: [SlicePlane: (Double, Double)] = [.axial: (29, 30), .coronal: (29, 28), .sagittal: (30, 28)]
      #expect(abs(width - expected[plane]!.0) <= 0.5 && abs(height - expected[plane]!.1) <= 0.5, "\(plane)")
    }
  }

  @Test func anAffineWithoutInverseIsRefused() {
    let flat = Affine(rows: [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]])
    #expect(throws: ReportsError.affineNotInvertible) { try AnatomicalAxes(flat) }
    let skew = Affine(rows: [[1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]])
    #expect(throws: ReportsError.affineNotInvertible) { try AnatomicalAxes(skew) }
  }
}
