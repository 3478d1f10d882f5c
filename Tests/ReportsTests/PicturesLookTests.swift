import Foundation
import Testing
import Volumes

@testable import Reports
@testable import Results

@Suite struct PicturesLookTests {
  @Test func zeroIsNeutralAndTheScaleIsSymmetric() {
    let scale = SaliencyScale(limit: 0.8)
    #expect(scale.colour(0).alpha == 0)
    #expect(scale.colour(.nan).alpha == 0)
    var last = 0.0
    for step in 1...40 {
      let value = Float(step) * 0.02
      let raised = scale.colour(value)
      let lowered = scale.colour(-value)
      #expect(raised.alpha == lowered.alpha)
      #expect(raised.alpha >= last)
      last = raised.alpha
      // Orange against blue: the order of red and blue tells the sign, with every kind of colour vision.
      #expect(raised.colour.red > raised.colour.blue && lowered.colour.blue > lowered.colour.red)
    }
    #expect(scale.colour(0.8).alpha > 0.9)
    #expect(scale.colour(5).colour == scale.colour(0.8).colour)
  }

  @Test func theSignIsSeenOnGreyPaper() {
    /// Relative luminance of an sRGB colour.
    func luminance(_ colour: RGB) -> Double {
      let linear = [colour.red, colour.green, colour.blue].map { byte in
        let value = Double(byte) / 255
        return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
      }
      return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }
    let scale = SaliencyScale(limit: 1)
    func shown(_ value: Float) -> Double {
      let (colour, alpha) = scale.colour(value)
      return luminance(TilePainter.dimmedTissue.mixed(with: colour, amount: alpha))
    }
    var (lowest, highest) = (shown(0), shown(0))
    for step in 1...16 {
      let value = Float(step) / 16
      // No colour of one sign is as light as any of the other, and each goes on getting darker or lighter.
      #expect(shown(value) > highest && shown(-value) < lowest, "\(value)")
      (lowest, highest) = (shown(-value), shown(value))
    }
    #expect(highest > 5 * shown(0) && lowest < shown(0) / 4)
  }

  @Test func theScaleFollowsMostFindingsAndCutsNoInsidePeakByMoreThanTwo() {
    func findings(_ values: [Double]) -> [FindingRecord] {
      values.map { PictureResults.finding(peak: VoxelIndex(0, 0, 0), value: $0) }
    }
    // Ten findings: rank 9 of 10 is 0.9, and half of the largest is below it.
    let even = findings([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, -0.9, 0.8, 1.0])
    #expect(SaliencyScale(even).limit == SaliencyScale.roundedUp(0.9))
    // One giant among nineteen: its half decides.
    let giant = findings(Array(repeating: 0.1, count: 19) + [-6])
    #expect(abs(SaliencyScale(giant).limit - 3) < 1e-12)
    #expect(SaliencyScale([]).limit == 1)
    #expect(SaliencyScale(findings([0, .nan])).limit == 1)
    #expect(SaliencyScale.roundedUp(0.00031) > 0.00031)
    #expect(abs(SaliencyScale.roundedUp(0.3) - 0.3) < 1e-12)
    #expect(abs(SaliencyScale.roundedUp(9) - 10) < 1e-12)
  }

  @Test func windowsAreThePercentilesOfTheBrain() {
    // Brain values 1…1000 and a bright skull outside: nearest ranks 10 and 995.
    let shape = GridShape(20, 10, 10)
    let affine = Affine.scaling(1, 1, 1)
    let voxels = (0..<2000).map { $0 < 1000 ? Float(1000 - $0) : 9999 }
    let mask = (0..<2000).map { $0 < 1000 ? UInt8(1) : 0 }
    let window = IntensityWindow(
      Volume(shape: shape, affine: affine, voxels: voxels),
      brainMask: Volume(shape: shape, affine: affine, voxels: mask))
    #expect(window.lower == 10 && window.upper == 995)
    #expect(window.brightness(9999) == 1 && window.brightness(0) == 0)
    #expect(abs(window.brightness(502.5) - 0.5) < 1e-6)
    let text = Windowing(flair: window, mprage: window).text
    #expect(text.contains("1st to the 99.5th percentile") && text.contains("FLAIR 10 (black) to 995 (white)"))
  }

  @Test func whatLiesOutsideTheBrainIsBlackAndDoesNotLeak() throws {
    let shape = GridShape(20, 20, 20)
    let affine = Affine.scaling(1, 1, 1)
    var images = PicturePhantom(shape: shape, affine: affine, mark: WorldPoint(x: 99, y: 0, z: 0)).images()
    // Brain of value 50 with one voxel of 10 for contrast; the left half of the stored grid is skull of value 1000.
    for linear in 0..<shape.voxelCount {
      let isBrain = shape.voxel(at: linear).i >= 10
      images.brainMask.voxels[linear] = isBrain ? 1 : 0
      images.flair.voxels[linear] = isBrain ? (linear % 7 == 0 ? 10 : 50) : 1000
    }
    let look = try PatientLook(images: images, results: PictureResults.results())
    let view = look.view(.axial, through: VoxelIndex(10, 10, 10), sideMillimetres: 10, pixels: 100)
    let values = view.values(images.flair.voxels, shown: images.brainMask.voxels)
    for y in 0..<100 {
      for x in 0..<100 {
        let value = values[y * 100 + x]
        let u = view.coordinates(x: Double(x) + 0.5, y: Double(y) + 0.5).u
        if u < 9.5 { #expect(value.isNaN) } else { #expect(value <= 50) }
      }
    }
  }

  @Test func volumesOnAnotherGridAreRefused() {
    var images = PicturePhantom(
      shape: GridShape(4, 4, 4), affine: .scaling(1, 1, 1), mark: WorldPoint(x: 0, y: 0, z: 0)
    ).images()
    images.mprage = Volume(shape: GridShape(4, 4, 5), affine: .scaling(1, 1, 1), repeating: 0)
    let error = #expect(throws: ReportsError.self) {
      try PatientLook(images: images, results: PictureResults.results())
    }
    #expect(error?.description.contains("MPRAGE has 4 x 4 x 5 voxels") == true)
  }
}
