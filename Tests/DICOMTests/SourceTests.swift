import Foundation
import Testing
import Volumes

@testable import DICOM

@Suite struct SeriesBuilderTests {
  private func fault(_ files: [DataSet]) -> String? {
    do throws(SeriesBuilder.Refusal) {
      _ = try SeriesBuilder.series(files)
      return nil
    } catch { return error.fault }
  }

  @Test func imagesStandInOrderOfTheirPositions() throws {
    let series = try Phantom.series()
    #expect(series.frames.map(\.sopInstance) == (1...6).map { "1.2.3.\($0)" })
    #expect(series.shape == GridShape(5, 7, 6))
    let place = series.affine.world(2, 3, 4)
    var expected = Phantom.origin
    for (axis, distance) in zip(Phantom.axes, [2 * 0.75, 3 * 1.25, 4 * 2.5]) {
      for n in 0..<3 { expected[n] += axis[n] * distance }
    }
    #expect(abs(place.x + expected[0]) < 1e-9 && abs(place.y + expected[1]) < 1e-9 && abs(place.z - expected[2]) < 1e-9)
  }

  @Test func oneFileOfSeveralImagesGivesTheSameVolume() throws {
    var file = Phantom.file(0)
    file.set(.sopClassUID, SOPClass.enhancedMR)
    var measures = DataSet()
    measures.set(.pixelSpacing, [1.25, 0.75])
    var orientation = DataSet()
    orientation.set(.imageOrientationPatient, Phantom.axes[0] + Phantom.axes[1])
    var shared = DataSet()
    shared.set(.pixelMeasuresSequence, items: [measures])
    shared.set(.planeOrientationSequence, items: [orientation])
    file.set(.sharedFunctionalGroupsSequence, items: [shared])
    // Stored from the last to the first.
    file.set(
      .perFrameFunctionalGroupsSequence,
      items: (0..<6).reversed().map { image in
        var position = DataSet()
        position.set(.imagePositionPatient, Phantom.position(Double(image)))
        var group = DataSet()
        group.set(.planePositionSequence, items: [position])
        return group
      })
    for attribute in [Attribute.imagePositionPatient, .imageOrientationPatient, .pixelSpacing] {
      file.remove(attribute)
    }
    let series = try SeriesBuilder.series([file])
    let classic = try Phantom.series()
    #expect(series.shape == classic.shape)
    let distance = GridComparison(series.shape, series.affine, classic.shape, classic.affine)
    #expect(distance.largestCornerDistanceMillimetres! < 1e-9)
    #expect(series.frames.map(\.number) == [6, 5, 4, 3, 2, 1])
  }

  @Test func whatIsNoVolumeIsRefused() {
    let files = Phantom.files()
    #expect(fault(files) == nil)
    #expect(fault(files.enumerated().filter { $0.0 != 2 }.map(\.1))?.contains("not evenly spaced") == true)
    #expect(fault(files + [files[3]])?.contains("not evenly spaced") == true)
    #expect(fault([files[0], files[0]])?.contains("at one place") == true)
    #expect(fault([files[0]])?.contains("one image") == true)
    let tilted = (0..<6).map { image in
      let straight = Phantom.position(Double(image))
      let shift = 0.4 * Double(image)
      return Phantom.file(image, at: zip(straight, Phantom.axes[1]).map { $0 + shift * $1 })
    }
    #expect(fault(tilted)?.contains("gantry tilt") == true)
    for (attribute, text) in [
      (Attribute.pixelSpacing, "1.25\\-1"), (.imageOrientationPatient, "1\\0\\0\\1\\0\\0"),
      (.imagePositionPatient, "1\\2"), (.imagePositionPatient, "1e300\\0\\0"),
    ] {
      var broken = files
      broken[1].set(attribute, text)
      #expect(fault(broken)?.contains("no usable position") == true, "\(attribute.tag) \(text)")
    }
    var foreign = files
    foreign[4].set(.frameOfReferenceUID, "1.2.5")
    #expect(fault(foreign)?.contains("(0020,0052)") == true)
    foreign = files
    foreign[4].set(.sopInstanceUID, "../../x")
    #expect(fault(foreign)?.contains("no valid SOP Instance UID") == true)
    var other = files
    other[2].set(.rows, 8)
    #expect(fault(other)?.contains("different sizes") == true)
  }

  @Test func underAPseudonymNothingOfThePatientStays() throws {
    let series = try Phantom.series()
    let made = series.pseudonymised(as: "sub-0123456789") { "2.25.\($0.utf8.count)\($0.filter { $0 != "." })" }
    let texts = made.header.tags.compactMap { made.header[$0] }.map { "\($0.value)" }.joined(separator: " ")
    for word in ["Müller", "PID-0042", "19800229", "ACC0042", "1.2.1", "1.2.2", "1.2.4", "1.2.3."] {
      #expect(!texts.contains("\"\(word)") && !texts.contains(word + "\""), "\(word)")
    }
    #expect(made.isPseudonymous && !series.isPseudonymous)
    #expect(Set(made.frames.map(\.sopInstance)).isDisjoint(with: series.frames.map(\.sopInstance)))
    #expect(Set(made.frames.map(\.sopInstance)).count == 6)
    #expect(made.frameOfReferenceUID != series.frameOfReferenceUID && made.affine == series.affine)
  }
}

@Suite struct GridMappingTests {
  @Test func takesEveryVoxelToThePixelAtItsPlace() throws {
    let series = try Phantom.series()
    let grid = Phantom.grid
    let mapping = try #require(GridMapping(from: grid, to: series))
    for index in 0..<grid.shape.voxelCount {
      let voxel = grid.shape.voxel(at: index)
      let (a, b) = (grid.affine.world(voxel), series.affine.world(mapping[voxel]))
      #expect(abs(a.x - b.x) + abs(a.y - b.y) + abs(a.z - b.z) < 1e-9)
    }
    #expect(mapping.voxels([0]) == [(7 - 1) * 5])
  }

  /// Exchanged axes: i is the image from the last to the first, j the column, k the row.
  @Test func followsExchangedAxes() throws {
    let series = try Phantom.series()
    let rows = series.affine.rows.map { [-$0[2], $0[0], $0[1], $0[3] + 5 * $0[2]] }
    let grid = ResultsGrid(shape: GridShape(6, 5, 7), affine: Affine(rows: rows))
    let mapping = try #require(GridMapping(from: grid, to: series))
    #expect(mapping[VoxelIndex(0, 1, 2)] == VoxelIndex(1, 2, 5))
    #expect(mapping[VoxelIndex(5, 4, 6)] == VoxelIndex(4, 6, 0))
  }

  @Test func refusesOtherGrids() throws {
    let series = try Phantom.series()
    func moved(_ millimetres: Double) -> ResultsGrid {
      ResultsGrid(
        shape: Phantom.grid.shape,
        affine: Affine(
          rows: Phantom.grid.affine.rows.enumerated().map { $0 == 1 ? [$1[0], $1[1], $1[2], $1[3] + millimetres] : $1 })
      )
    }
    // A hundredth of the smallest edge of 0.75 mm.
    #expect(GridMapping(from: moved(0.007), to: series) != nil)
    #expect(GridMapping(from: moved(0.008), to: series) == nil)
    let larger = ResultsGrid(shape: GridShape(5, 7, 7), affine: Phantom.grid.affine)
    #expect(GridMapping(from: larger, to: series) == nil)
    let error = #expect(throws: DICOMError.self) {
      try SourceFolder(URL(fileURLWithPath: "/f"), ["1.2.2": Phantom.files()]).series(like: moved(3), uid: nil)
    }
    #expect(error?.description.contains("5 x 7 x 6 voxels of 0.75 x 1.25 x 2.50 mm") == true)
  }

  @Test func seriesThatFitAlikeMustBeNamed() throws {
    let second = Phantom.files().map { file in
      var file = file
      file.set(.seriesInstanceUID, "1.2.9")
      return file
    }
    let folder = try SourceFolder(URL(fileURLWithPath: "/f"), ["1.2.2": Phantom.files(), "1.2.9": second])
    let error = #expect(throws: DICOMError.self) { try folder.series(like: Phantom.grid, uid: nil) }
    #expect(error?.description.contains("1.2.2 ('FLAIR'), 1.2.9 ('FLAIR')") == true)
    #expect(try folder.series(like: Phantom.grid, uid: "1.2.9").0.seriesUID == "1.2.9")
    #expect(throws: DICOMError.self) { try folder.series(like: Phantom.grid, uid: "1.2.8") }
  }
}
