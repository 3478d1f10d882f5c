import Results
import Testing
import Volumes

@testable import Analysis

@Suite struct ProtocolCheckTests {
  private func image(_ i: Double, _ j: Double, _ k: Double) -> Volume<Float> {
    Volume(shape: GridShape(40, 40, 10), affine: .scaling(i, j, k), repeating: 1)
  }

  private func warnings(_ image: Volume<Float>, mask: Volume<UInt8>? = nil, training: [Double]? = nil) -> [Warning] {
    ProtocolCheck(images: [("FLAIR", image)], brainMask: mask, trainingSpacingMillimetres: training).warnings
  }

  private func expect(
    _ found: [Warning], _ code: Warning.Code, _ isWording: (String) -> Bool,
    at location: SourceLocation = #_sourceLocation
  ) {
    #expect(found.map(\.code) == [code], sourceLocation: location)
    #expect(found.allSatisfy { isWording($0.sentence) }, "\(found.map(\.sentence))", sourceLocation: location)
  }

  @Test func anIsotropicImageOfTheWholeBrainIsNotWarnedAbout() {
    let mask = Volume<UInt8>(shape: GridShape(40, 40, 10), affine: .scaling(1, 1, 1), repeating: 0)
    #expect(warnings(image(1, 1, 1), mask: mask, training: [1, 1, 1]) == [])
    #expect(warnings(image(1, 1, 1.2), mask: mask) == [])
  }

  @Test func thickSlicesAndAnisotropyAreNamedOnce() {
    #expect(
      warnings(image(0.9, 0.9, 3)) == [
        Warning(
          .thickSlices, images: ["FLAIR"],
          [
            "thicknessMillimetres": .number(3), "inPlaneMillimetres": .numbers([0.9, 0.9]),
            "acceptedMillimetres": .number(3),
          ])
      ])
    #expect(
      warnings(image(0.9, 0.9, 3)).map(\.sentence) == [
        "2D FLAIR: slices of 3 mm over 0.9 × 0.9 mm in plane. Lesions may be missed, and volumes are uncertain; the "
          + "consensus protocol asks for 3D, and accepts 2D up to 3 mm."
      ])
    // Whichever stored axis counts the slices.
    expect(warnings(image(5, 0.5, 0.6)), .thickSlices) {
      $0.hasPrefix("2D FLAIR: slices of 5 mm over 0.5 × 0.6 mm") && $0.hasSuffix("or slices of at most 3 mm.")
    }
    // Coarse along two axes or all: thick, but not slices of a 2D image.
    for cube in [image(2, 2, 2), image(1, 2, 2), image(1.6, 1.6, 2)] {
      expect(warnings(cube), .thickVoxels) { $0.hasPrefix("FLAIR: voxels of") }
    }
    expect(warnings(image(1.6, 1, 1)), .anisotropicVoxels) { $0.contains("far from a cube") }
  }

  @Test("The top is where the patient's head is, whichever way the file is stored", arguments: [1.0, -1.0])
  func coverage(direction: Double) {
    // 40 × 40 mm of brain on the uppermost slice: 1600 mm², too much for a top, too little for a cut bottom.
    var mask = Volume<UInt8>(shape: GridShape(40, 40, 10), affine: .scaling(1, 1, direction), repeating: 0)
    let flair = Volume<Float>(shape: mask.shape, affine: mask.affine, repeating: 1)
    func fill(_ k: Int, _ value: UInt8) { for j in 0..<40 { for i in 0..<40 { mask[VoxelIndex(i, j, k)] = value } } }
    fill(direction > 0 ? 9 : 0, 1)
    expect(warnings(flair, mask: mask), .brainCutAtTop) { $0.hasPrefix("The top slice") }
    fill(direction > 0 ? 9 : 0, 0)
    fill(direction > 0 ? 0 : 9, 1)
    #expect(warnings(flair, mask: mask) == [])
    let wide = Volume(shape: mask.shape, affine: .scaling(2, 2, direction), voxels: mask.voxels)
    expect(warnings(flair, mask: wide), .brainCutAtBottom) { $0.hasPrefix("The bottom slice") }
  }

  @Test func aVoxelSizeFarFromTheTrainingIsNamed() {
    #expect(warnings(image(1, 1, 1), training: [1, 1, 1.4]) == [])
    expect(warnings(image(0.5, 0.5, 0.5), training: [1, 1, 1]), .voxelsUnlikeTraining) {
      $0.contains("was trained at 1 × 1 × 1 mm")
    }
  }
}
