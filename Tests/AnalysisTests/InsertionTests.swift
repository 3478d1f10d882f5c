import Foundation
import Lesions
import Statistics
import Testing
import Volumes

@testable import Analysis

/// Where known things are written into a scan, and what of the scan changes.
@Suite struct InsertionTests {
  /// A ball of white matter, MPRAGE 100 and FLAIR 50 with a spread of about 2, in a shell of grey matter, on voxels of
  /// 1 × 1.2 × 1.5 mm.
  private struct Brain {
    let affine = Affine(rows: [[-1, 0, 0, 40], [0, 1.2, 0, -40], [0, 0, 1.5, -30]])
    let shape = GridShape(80, 68, 54)
    var (flair, mprage): (Volume<Float>, Volume<Float>)
    var tissue: Volume<UInt8>

    init() {
      flair = Volume(shape: shape, affine: affine, repeating: 0)
      mprage = flair
      tissue = Volume(shape: shape, affine: affine, repeating: 0)
      var random = SplitMix64(seed: 5)
      for index in 0..<shape.voxelCount {
        let v = shape.voxel(at: index)
        let p = affine.world(Double(v.i), Double(v.j), Double(v.k))
        let depth = 36 - (p.x * p.x + p.y * p.y + p.z * p.z).squareRoot()
        guard depth > 0 else { continue }
        // The sum of three draws from 0…4 has mean 6 and a standard deviation of 2.4.
        let noise = (0..<2).map { _ in Float((0..<3).reduce(0) { sum, _ in sum + random.next(below: 5) }) - 6 }
        tissue.voxels[index] = 1
        flair.voxels[index] = (depth > 6 ? 50 : 60) + noise[0]
        mprage.voxels[index] = (depth > 6 ? 100 : 70) + noise[1]
      }
    }

    func insertion(seed: UInt64, taken: [Int] = []) throws -> (Insertion, WhiteMatter, InsertionContrast) {
      let white = try #require(WhiteMatter(flair: flair, mprage: mprage, tissue: tissue))
      let contrast = InsertionContrast(white, flair: [], mprage: [])
      let insertion = Insertion(
        SyntheticObject.recipe(seed: seed), flair: flair, mprage: mprage, white: white, contrast: contrast,
        taken: taken, seed: seed)
      return (insertion, white, contrast)
    }

    func distance(_ a: [Int], _ b: [Int]) -> Double {
      func points(_ voxels: [Int]) -> [WorldPoint] { voxels.map { affine.world(shape.voxel(at: $0)) } }
      let others = points(b)
      return points(a).reduce(.infinity) { least, p in
        others.reduce(least) { least, q in
          min(least, ((p.x - q.x) * (p.x - q.x) + (p.y - q.y) * (p.y - q.y) + (p.z - q.z) * (p.z - q.z)).squareRoot())
        }
      }
    }
  }

  @Test func whiteMatterIsTheBrightEvenPart() throws {
    let brain = Brain()
    let (_, white, contrast) = try brain.insertion(seed: 1)
    #expect(abs(white.mprage.median - 100) <= 1 && abs(white.flair.median - 50) <= 1)
    // Of integers the median absolute deviation is 1 or 2.
    #expect((1.4...3).contains(white.flair.spread))
    for index in white.map.voxels.indices where white.map.voxels[index] == 1 {
      #expect(brain.mprage.voxels[index] > 85)
    }
    #expect(!contrast.isOfFoundLesions && contrast.flair == 4 * white.flair.spread)
  }

  @Test func thingsStayInWhiteMatterAwayFromEverything() throws {
    let brain = Brain()
    let taken = brain.shape.linearIndex(VoxelIndex(40, 33, 20))
    let (insertion, white, _) = try brain.insertion(seed: 1, taken: [taken])
    #expect(insertion.things.count >= 6)
    #expect(Set(insertion.things.map(\.body.kind)).count == 3)
    for (index, thing) in insertion.things.enumerated() {
      let voxels = thing.cover.map(\.voxel)
      #expect(voxels.allSatisfy { white.map.voxels[$0] == 1 && brain.tissue.voxels[$0] == 1 })
      #expect(brain.distance(voxels, [taken]) >= Insertion.clearanceMillimetres - 1e-3)
      for other in insertion.things.dropFirst(index + 1) {
        #expect(brain.distance(voxels, other.cover.map(\.voxel)) >= Insertion.clearanceMillimetres - 1e-3)
      }
      #expect(!thing.voxels.isEmpty && Set(thing.voxels).isSubset(of: voxels))
    }
  }

  @Test func imagesChangeThereAlone() throws {
    let brain = Brain()
    let (insertion, _, contrast) = try brain.insertion(seed: 3)
    #expect(!insertion.things.isEmpty)
    var (flair, mprage) = (brain.flair.voxels, brain.mprage.voxels)
    for thing in insertion.things {
      for (voxel, share) in thing.cover {
        #expect(share > 0 && share <= 1)
        flair[voxel] += share * contrast.flair
        if thing.body.kind == .lesion { mprage[voxel] += share * contrast.mprage }
      }
    }
    let isAsExpected = insertion.flair.voxels == flair && insertion.mprage.voxels == mprage
    #expect(isAsExpected)
    #expect(contrast.flair > 0 && contrast.mprage < 0)
  }

  @Test func equalSeedsPlantTheSame() throws {
    let brain = Brain()
    let first = try brain.insertion(seed: 7).0
    let again = try brain.insertion(seed: 7).0
    let other = try brain.insertion(seed: 8).0
    // Compared outside of the expectation, which would print every voxel.
    let (isSame, isOther) = (first.flair == again.flair && first.mprage == again.mprage, first.flair != other.flair)
    #expect(isSame && isOther)
  }

  @Test func withoutRoomNothingIsInserted() throws {
    let brain = Brain()
    let every = brain.tissue.voxels.indices.filter { brain.tissue.voxels[$0] == 1 }
    let (insertion, _, _) = try brain.insertion(seed: 1, taken: every)
    let isUntouched = insertion.flair == brain.flair && insertion.mprage == brain.mprage
    #expect(insertion.things.isEmpty && isUntouched)
  }

  /// The volume of the painted shares is that of the body: π/6 · 8³ = 268 mm³, on cubes and on slices of 3 mm. The
  /// half-covered rim of 1 mm adds a little: 4π/3 of the mean of (r + t)³ over t from −½ to ½ is 271 mm³.
  @Test(arguments: [Affine.scaling(1, 1, 1), .scaling(0.8, 0.8, 3)]) func sharesAddUpToTheVolume(_ affine: Affine) {
    let body = SyntheticObject(.spot, lengthMillimetres: 8, widthMillimetres: 8, direction: SIMD3(1, 0, 0))
    let cover = body.cover(affine: affine)
    let volume = cover.reduce(0) { $0 + Double($1.share) } * affine.voxelVolumeMillimetres3
    #expect(abs(volume - 271) < 8)
  }

  @Test func lesionsKeepTheirVolumeWhenDrawnOut() {
    let lesions = SyntheticObject.recipe(seed: 4).filter { $0.kind == .lesion }
    #expect(lesions.count == 6)
    for (body, diameter) in zip(lesions, SyntheticObject.lesionDiameters) {
      let ratio = body.lengthMillimetres / body.widthMillimetres
      #expect(ratio >= 1 && ratio <= 1.5)
      let product = body.lengthMillimetres * body.widthMillimetres * body.widthMillimetres
      #expect(abs(product / (diameter * diameter * diameter) - 1) < 1e-9)
    }
  }

  @Test func contrastIsThatOfFoundLesionsWhereTheySay() {
    let white = (IntensityLevel(median: 50, spread: 2), IntensityLevel(median: 100, spread: 3))
    func contrast(_ flair: Float, _ mprage: Float, count: Int = 20) -> InsertionContrast {
      InsertionContrast(
        whiteFlair: white.0, whiteMPRAGE: white.1, flair: Array(repeating: flair, count: count),
        mprage: Array(repeating: mprage, count: count))
    }
    #expect(contrast(62, 91).flair == 12 && contrast(62, 91).mprage == -9 && contrast(62, 91).isOfFoundLesions)
    // As bright in MPRAGE as white matter: no dark value to take.
    #expect(contrast(62, 100).flair == 12 && contrast(62, 100).mprage == -9)
    // Hardly brighter, or too few voxels: 4 spreads brighter, 3 darker.
    #expect(contrast(53, 91).flair == 8 && !contrast(53, 91).isOfFoundLesions)
    #expect(contrast(62, 91, count: 19).flair == 8)
  }
}
