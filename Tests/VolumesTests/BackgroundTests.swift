import Testing

@testable import Volumes

@Suite struct BackgroundTests {
  /// A cube of 10 voxels a side with a brain of values 100 to 227 in its middle.
  private func image(background: Float, _ more: [(Int, Float)] = []) -> Volume<Float> {
    let shape = GridShape(10, 10, 10)
    var volume = Volume<Float>(shape: shape, affine: .scaling(1, 1, 1), repeating: background)
    for n in 0..<shape.voxelCount {
      let v = shape.voxel(at: n)
      if [v.i, v.j, v.k].allSatisfy((3...6).contains) { volume.voxels[n] = 100 + Float(n % 128) }
    }
    for (voxel, value) in more { volume.voxels[voxel] = value }
    return volume
  }

  private func removed(_ volume: Volume<Float>, step: Double?) -> [Float]? {
    Background(of: volume, storageStep: step)?.removed(from: volume.voxels)
  }

  @Test func aRoundedZeroIsZero() {
    // Slope 0.0153 and intercept 501.2: 0 is stored as -32758, which is 0.0026.
    let volume = image(background: 0.0026)
    #expect(Background(of: volume, storageStep: 0.0153)?.value == 0.0026)
    #expect(removed(volume, step: 0.0153) == image(background: 0).voxels)
    // A step to either side is still background.
    let uneven = image(background: 0.0026, [(1, 0.0179), (2, -0.0127), (3, 0.04)])
    #expect(removed(uneven, step: 0.0153) == image(background: 0, [(3, 0.04)]).voxels)
  }

  @Test func oneValueFarFromZeroIsBackgroundToo() {
    // As a z-score over the whole image leaves it; stored as it is, nothing else is background.
    let volume = image(background: -0.7, [(7, -0.69)])
    #expect(removed(volume, step: nil) == image(background: 0, [(7, -0.69)]).voxels)
  }

  @Test func whatIsZeroOrVariesIsLeftAlone() {
    #expect(Background(of: image(background: 0), storageStep: nil) == nil)
    #expect(Background(of: image(background: 0), storageStep: 0.5) == nil)
    var noise = image(background: 3)
    for n in noise.voxels.indices where n % 2 == 0 { noise.voxels[n] = Float(n) }
    #expect(Background(of: noise, storageStep: nil) == nil)
    // A brain that fills the image.
    var full = image(background: 0)
    for n in full.voxels.indices { full.voxels[n] = 50 + Float(n) }
    #expect(Background(of: full, storageStep: nil) == nil)
  }

  @Test func theFacesAreCountedOnce() {
    // 488 of 1000 voxels lie on the faces; a quarter, 122, may differ.
    let shape = GridShape(10, 10, 10)
    let faces = (0..<1000).filter { n in
      let v = shape.voxel(at: n)
      return [v.i, v.j, v.k].contains { $0 == 0 || $0 == 9 }
    }
    #expect(faces.count == 488)
    let most = image(background: 5, faces.prefix(122).map { ($0, Float($0) + 10) })
    let tooMany = image(background: 5, faces.prefix(123).map { ($0, Float($0) + 10) })
    #expect(Background(of: most, storageStep: nil)?.value == 5)
    #expect(Background(of: tooMany, storageStep: nil) == nil)
  }

  @Test func theStorageStepIsThatOfScaledWholeNumbers() throws {
    typealias Edit = (inout NIfTIHeader) -> Void
    func step(_ edit: Edit) throws -> Double? {
      try Fixtures.withFile(try HostileFileTests.bytes(edit)) { try NIfTIFile.read($0) }.storageStep
    }
    #expect(try step { _ in } == nil)
    // A float file with a slope has no steps.
    #expect(try step { $0.set(.sclSlope, to: 0.5) } == nil)
    func whole(_ header: inout NIfTIHeader) {
      header.set(.datatype, to: 8)
      header.set(.bitpix, to: 32)
    }
    #expect(try step { whole(&$0) } == nil)
    #expect(
      try step {
        whole(&$0)
        $0.set(.sclSlope, to: -0.5)
      } == 0.5)
    #expect(
      try step {
        whole(&$0)
        $0.set(.sclSlope, to: 1)
        $0.set(.sclInter, to: 2)
      } == 1)
  }
}
