import Testing
import Volumes

@testable import Reports
@testable import Results

@Suite struct PicturesRasterTests {
  @Test("A PNG reads back as it was drawn", arguments: [2, 200, 256, 257, 5000]) func pngIsLossless(colours: Int) throws
  {
    var raster = Raster(width: 101, height: 67)
    for y in 0..<67 {
      for x in 0..<101 {
        let n = (x + 101 * y) * 7919 % colours
        raster[x, y] = RGB(UInt8(n % 256), UInt8(n / 256 * 11), UInt8(n * 3 % 256))
      }
    }
    let picture = try raster.png()
    #expect(Array(picture.bytes.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(picture.widthPixels == 101 && picture.heightPixels == 67)
    #expect(try decodePNG(picture) == raster)
    #expect(try raster.png() == picture)
    // Colour type 3 is a palette, 2 is RGB; byte 25 of the file (PNG standard, IHDR).
    #expect(picture.bytes[25] == (colours <= 256 ? 3 : 2))
  }

  @Test func fewerColoursKeepGreysWithinTwoLevels() throws {
    var raster = Raster(width: 256, height: 3)
    for x in 0..<256 {
      raster[x, 0] = .grey(UInt8(x))
      raster[x, 1] = RGB(UInt8(x), UInt8(255 - x), 40)
      raster[x, 2] = RGB(0, UInt8(x), UInt8(x / 2))
    }
    let reduced = raster.withFewColours()
    #expect(Palette(raster) == nil)
    #expect(Palette(reduced) != nil)
    for x in 0..<256 {
      let grey = reduced[x, 0]
      #expect(grey.red == grey.green && grey.red == grey.blue)
      // 64 steps over 255 are 4.05 apart.
      #expect(abs(Int(grey.red) - x) <= 3)
    }
  }

  @Test func theContourIsTheRingOutsideTheMask() {
    // .....   A mask of three pixels in an L and one at the border.
    // .##..
    // .#..#
    let mask = PixelMask(
      width: 5, height: 3,
      isSet: [false, false, false, false, false, false, true, true, false, false, false, true, false, false, true])
    let expected: Set<[Int]> = [[1, 0], [2, 0], [0, 1], [3, 1], [4, 1], [0, 2], [2, 2], [3, 2]]
    #expect(Set(mask.outerContour.map { [$0.x, $0.y] }) == expected)
    #expect(mask.outerContour.count == expected.count)
    #expect(Set(mask.innerContour.map { [$0.x, $0.y] }) == [[1, 1], [2, 1], [1, 2], [4, 2]])
  }

  @Test func aContourLiesOnTheVoxelsBorders() throws {
    // One voxel of 1 mm at 4 pixels a millimetre: a 4 × 4 block, a ring of 16 pixels around it.
    let phantom = PicturePhantom(
      shape: GridShape(9, 9, 9), affine: .scaling(1, 1, 1), mark: WorldPoint(x: 4, y: 4, z: 4), markRadiusMillimetres: 0
    )
    let images = phantom.images()
    let look = try PatientLook(images: images, results: PictureResults.results())
    let view = look.view(.axial, through: VoxelIndex(4, 4, 4), sideMillimetres: 8, pixels: 32)
    let mask = view.mask { images.flair.voxels[$0] == 100 }
    let bounds = try #require(mask.bounds)
    #expect(bounds == (14, 14, 17, 17))
    #expect(mask.isSet.count { $0 } == 16)
    #expect(mask.outerContour.count == 16)
    #expect(mask.outerContour.allSatisfy { (13...18).contains($0.x) && (13...18).contains($0.y) })
  }

  @Test func textIsDrawnAsItsGlyphs() {
    var raster = Raster(width: 20, height: 12, colour: .grey(50))
    raster.write("L", x: 4, y: 2, colour: .grey(255), halo: 0)
    var lit: Set<[Int]> = []
    for y in 0..<12 { for x in 0..<20 where raster[x, y] == .grey(255) { lit.insert([x, y]) } }
    // A stem of seven pixels and a foot of five.
    #expect(lit == Set((2...8).map { [4, $0] } + (4...8).map { [$0, 8] }))
    #expect(Raster.textWidth("L") == 5)
    // Every character the pictures use has a glyph of its own.
    let used = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,=-+/():%"
    #expect(used.allSatisfy { BitmapFont.glyph($0) != BitmapFont.box })
    #expect(Set(used.map { BitmapFont.glyph($0).rows }).count == used.count)
    #expect(BitmapFont.glyph("é") == BitmapFont.box)
  }

  @Test func drawingOverTheEdgeIsClipped() {
    var raster = Raster(width: 8, height: 8)
    raster.write("MRI", x: -3, y: -3, scale: 2, colour: .grey(200))
    raster.frame(x: -5, y: -5, width: 30, height: 30, colour: .grey(100))
    raster.draw(Raster(width: 20, height: 20, colour: .grey(9)), x: 4, y: 4)
    #expect(raster[7, 7] == .grey(9))
  }

  @Test func numbersOfNeighbouringFindingsDoNotOverlap() {
    var placement = LabelPlacement(width: 168, height: 200)
    for at in 0..<6 {
      placement.place("1\(at)", beside: (left: 40 + at, top: 90 + at, right: 42 + at, bottom: 92 + at), .grey(255))
    }
    for (a, first) in placement.placed.enumerated() {
      for second in placement.placed.dropFirst(a + 1) {
        let isApart =
          abs(first.y - second.y) >= BitmapFont.capitalHeight || abs(first.x - second.x) >= Raster.textWidth("10")
        #expect(isApart, "\(first.text) and \(second.text)")
      }
    }
  }
}
