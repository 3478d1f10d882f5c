import CZlib
import Foundation
import Testing
import Volumes

@testable import Lesions
@testable import Reports
@testable import Results

@Suite struct PicturesViewerTests {
  /// A grid with unequal sides and spacing, so that an exchanged axis shows.
  private func made(room: Int = 5_000_000) throws -> (volumes: ViewerVolumes, images: PatientImages, look: PatientLook)
  {
    let results = PagesSamples.results(lesions: 3, candidates: 1)
    let shape = GridShape(160, 192, 160)
    var images = PicturePhantom(
      shape: shape, affine: Affine(rows: results.grid.affine), mark: WorldPoint(x: 0, y: 0, z: 0),
      markRadiusMillimetres: 40
    ).images()
    images.brainMask.voxels = images.flair.voxels.map { $0 == 100 ? 1 : 0 }
    for at in images.flair.voxels.indices { images.flair.voxels[at] = Float(at % 200) }
    for finding in results.findings {
      let at = finding.pictureVoxel
      let lower = VoxelIndex(at.i - 3, at.j - 4, at.k - 5)
      let map = (0..<(6 * 8 * 10)).map { Float($0) / 100 - 2 }
      images.saliency[finding.id] = SaliencyPicture(
        box: GridBox(lower: lower, upper: lower + VoxelIndex(6, 8, 10)), flair: map, mprage: map.map { -$0 / 2 })
      let linear = shape.linearIndex(at)
      if finding.kind == .lesion { images.lesionLabels.voxels[linear] = Int32(finding.id.number) }
      // The samples' candidates lie where lesions do.
      if finding.kind == .candidate { images.candidateLabels.voxels[linear + 9] = Int32(finding.id.number) }
    }
    let look = try PatientLook(images: images, results: results)
    return (try #require(ViewerVolumes.make(results, images: images, look: look, room: room)), images, look)
  }

  /// What a browser's `DecompressionStream('deflate')` gives.
  private func bytes(_ element: ViewerVolumes.Element) throws -> [UInt8] {
    let packed = [UInt8](try #require(Data(base64Encoded: element.packed.base64)))
    var output = [UInt8](repeating: 0, count: element.packed.byteCount)
    var size = uLong(output.count)
    try #require(uncompress(&output, &size, packed, uLong(packed.count)) == Z_OK)
    try #require(Int(size) == output.count)
    return output
  }

  private func summed(_ bytes: [UInt8], row: Int) -> [UInt8] {
    var bytes = bytes
    for at in bytes.indices where at % row > 0 { bytes[at] &+= bytes[at - 1] }
    return bytes
  }

  @Test func imagesHoldTheBrainAlone() throws {
    let (volumes, images, look) = try made()
    let stored = summed(try bytes(volumes.elements[0]), row: look.brain.shape.ni)
    let units = try #require(volumes.header.units["flair"])
    let step = (units.upper - units.lower) / 254
    for at in stride(from: 0, to: stored.count, by: 7) {
      let voxel = look.brain.voxel(at: at)
      guard images.brainMask[voxel] != 0 else {
        #expect(stored[at] == 0)
        continue
      }
      let value = min(max(Double(images.flair[voxel]), units.lower), units.upper)
      try #require(stored[at] > 0)
      #expect(abs(units.lower + Double(stored[at] - 1) * step - value) <= step / 2 + 1e-3)
    }
    #expect(stored.count == look.brain.shape.voxelCount && look.brain.shape != images.flair.shape)
  }

  @Test func labelsNameTheirFindings() throws {
    let (volumes, images, look) = try made()
    let stored = try bytes(try #require(volumes.elements.first { $0.name == "volume-labels" }))
    let missed = volumes.header.findings.filter { $0.label == nil }
    #expect(missed.map(\.id) == ["M001", "M002"] && missed.allSatisfy { $0.map == nil })
    for finding in volumes.header.findings.dropLast(missed.count) {
      let at = try #require(
        look.brain.index(of: VoxelIndex(finding.voxel[0], finding.voxel[1], finding.voxel[2]) + look.brain.lower))
      let place = finding.label! < 0x8000 ? at : at + 9
      #expect(Int(stored[2 * place]) | Int(stored[2 * place + 1]) << 8 == finding.label)
    }
    #expect(images.lesionLabels.voxels.contains { $0 > 0 })
  }

  @Test func mapsKeepTheirValuesToTheStatedScale() throws {
    let (volumes, images, look) = try made()
    for finding in volumes.header.findings where finding.label != nil {
      let map = try #require(finding.map)
      let all = summed(
        try bytes(try #require(volumes.elements.first { $0.name == "saliency-\(finding.id)" })), row: map.shape[0])
      let shape = GridShape(map.shape[0], map.shape[1], map.shape[2])
      let lower = VoxelIndex(map.lower[0], map.lower[1], map.lower[2]) + look.brain.lower
      let picture = try #require(images.saliency[finding.id])
      let mprage = try #require(picture.mprage)
      for at in 0..<shape.voxelCount {
        let voxel = shape.voxel(at: at) + lower
        for (offset, values) in [(0, picture.flair), (shape.voxelCount, mprage)] {
          let value = (Double(all[offset + at]) - 128) / 127 * map.limit
          #expect(abs(value - Double(picture.value(values, at: voxel))) <= map.limit / 254 + 1e-6)
        }
      }
    }
  }

  @Test func theEndOfTheListLosesItsMapsFirst() throws {
    let whole = try made().volumes
    let maps = whole.elements.filter { $0.name.hasPrefix("saliency-") }
    let last = try #require(maps.last)
    let less = try made(room: whole.embeddedBytes - last.packed.base64.utf8.count / 2).volumes
    let listed = less.header.findings.filter { $0.label != nil }
    #expect(less.findingsLeftOut == 1 && listed.last?.isLeftOut == true)
    #expect(listed.dropLast().allSatisfy { $0.map != nil })
    #expect(whole.findingsLeftOut == 0)
  }

  @Test func marginsNeedNoTrustInNames() {
    #expect(PrintMargins.escaped("sub-01 · report 5c5c") == "sub-01 · report 5c5c")
    #expect(PrintMargins.escaped("a\"</style>") == "a\\22 \\3c \\2f style\\3e ")
  }
}
