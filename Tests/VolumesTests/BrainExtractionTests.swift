import Statistics
import Testing

@testable import Volumes

@Suite struct BrainExtractionTests {
  /// A head of 240 mm cubed at 3 mm whose voxels are chosen by their distance from the centre, in mm.
  static func head(_ size: Int = 80, spacing: Double = 3, _ value: (Double, inout SplitMix64) -> Float) -> Volume<Float>
  {
    var random = SplitMix64(state: 3)
    let shape = GridShape(size, size, size)
    let centre = Double(size - 1) / 2
    let voxels = (0..<shape.voxelCount).map { n -> Float in
      let v = shape.voxel(at: n)
      let (x, y, z) = (Double(v.i) - centre, Double(v.j) - centre, Double(v.k) - centre)
      return value(spacing * (x * x + y * y + z * z).squareRoot(), &random)
    }
    return Volume(shape: shape, affine: .scaling(spacing, spacing, spacing), voxels: voxels)
  }

  static func finding(_ volume: Volume<Float>) -> BrainExtraction.Finding { BrainExtraction.detect(in: volume).finding }

  // A ball of radius 70 mm has 1437 ml, of 90 mm 3054 ml.
  @Test func aBallTheSizeOfABrainIsABrain() {
    let evidence = BrainExtraction.detect(in: Self.head { r, _ in r < 70 ? 1 : 0 })
    #expect(evidence.finding == .brainExtracted)
    #expect(abs(evidence.nonZeroMillilitres - 1437) < 15)
    #expect(evidence.nonZeroBorderShare == 0)
  }

  @Test func negativeValuesCountAsTissue() {
    #expect(Self.finding(Self.head { r, _ in r < 70 ? -0.5 : 0 }) == .brainExtracted)
  }

  @Test func aSmallOrCroppedBrainIsABrain() {
    #expect(Self.finding(Self.head(12, spacing: 1) { r, _ in r < 4 ? 1 : 0 }) == .brainExtracted)
    let brain = Self.head { r, _ in r < 70 ? 1 : 0 }
    // The tight box round the brain: it touches every face.
    let tight = GridBox(lower: VoxelIndex(17, 17, 17), upper: VoxelIndex(63, 63, 63))
    #expect(Self.finding(brain.cropped(to: tight)) == .brainExtracted)
    // A slab through the middle.
    let slab = GridBox(lower: VoxelIndex(0, 0, 36), upper: VoxelIndex(80, 80, 44))
    #expect(Self.finding(brain.cropped(to: slab)) == .brainExtracted)
  }

  @Test func zeroVentriclesAreNoGap() {
    #expect(Self.finding(Self.head { r, _ in r < 70 && r > 20 ? 1 : 0 }) == .brainExtracted)
  }

  @Test func wholeHeadsAreSeen() {
    // By size, with a background that is exactly zero.
    #expect(Self.finding(Self.head { r, _ in r < 90 ? 1 : 0 }) == .tooLarge)
    // No zeros at all, too small a field of view to be too large.
    #expect(Self.finding(Self.head(30) { _, _ in 1 }) == .noBackground)
    // Noise in the air, a third of which happens to be zero.
    #expect(Self.finding(Self.head(30) { r, g in r < 30 ? 100 : Float(g.next() % 3) }) == .noBackground)
    #expect(
      Self.finding(Self.head(30) { r, g in r < 30 ? 100 : Float(g.next() % 4 == 0 ? 1 : 0) }) == .noiseInBackground)
    // A scalp 4 mm thick round the brain with a gap between: 1079 + 424 ml, less than a large brain.
    #expect(Self.finding(Self.head { r, _ in r < 60 ? 1 : r > 75 && r < 81 ? 1 : 0 }) == .scalpAroundBrain)
  }

  /// The neck leaves the image: the scalp is open below, and there not larger than the brain.
  @Test func anOpenScalpIsSeen() {
    let head = Self.head { r, _ in r < 60 ? 1 : r > 75 && r < 81 ? 1 : 0 }
    let open = GridBox(lower: VoxelIndex(0, 0, 22), upper: VoxelIndex(80, 80, 80))
    #expect(Self.finding(head.cropped(to: open)) == .scalpAroundBrain)
  }

  /// Cerebrum and cerebellum apart, two hemispheres apart: pieces beside each other, none round the other.
  @Test func aBrainInPiecesIsABrain() {
    var brain = Self.head { r, _ in r < 70 ? 1 : 0 }
    for n in brain.voxels.indices where brain.shape.voxel(at: n).i == 39 || brain.shape.voxel(at: n).k == 28 {
      brain.voxels[n] = 0
    }
    #expect(Self.finding(brain) == .brainExtracted)
  }
}
