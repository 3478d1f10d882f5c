import Lesions
import Volumes

/// Known lesions and mimics written into copies of a patient's images.
struct Insertion {
  /// Least distance, between voxel centres, from findings, reference and other inserted objects.
  static let clearanceMillimetres = 10.0

  let things: [InsertedObject]
  /// Intensities as stored, with the inserted objects.
  private(set) var flair: Volume<Float>
  private(set) var mprage: Volume<Float>

  /// Every body goes to a seeded place where all that it covers looks like white matter; one that fits nowhere is left
  /// out.
  ///
  /// - Parameters:
  ///   - taken: linear indices of every voxel of findings and reference.
  ///   - seed: equal seeds and images give equal things.
  init(
    _ bodies: [SyntheticObject], flair: Volume<Float>, mprage: Volume<Float>, white: WhiteMatter,
    contrast: InsertionContrast, taken: some Sequence<Int>, seed: UInt64
  ) {
    let (shape, affine) = (flair.shape, flair.affine)
    var places = ControlRegions(brain: white.map, awayFrom: taken, clearanceMillimetres: Self.clearanceMillimetres)
    var things: [InsertedObject] = []
    for (index, body) in bodies.enumerated() {
      if let placed = Self.place(body, in: places, shape: shape, affine: affine, seed: seed, number: index + 1) {
        places.keepAway(from: placed.cover.map(\.voxel))
        things.append(placed)
      }
    }
    self.things = things
    (self.flair, self.mprage) = (flair, mprage)
    for thing in things { write(thing, contrast) }
  }

  private static func place(
    _ body: SyntheticObject, in places: ControlRegions, shape: GridShape, affine: Affine, seed: UInt64, number: Int
  ) -> InsertedObject? {
    let middle = VoxelIndex(shape.ni / 2, shape.nj / 2, shape.nk / 2)
    var cover: [(voxel: Int, share: Float)] = []
    for (offset, share) in body.cover(affine: affine) {
      let voxel = middle + offset
      // A body that is larger than the grid is not cut.
      guard shape.contains(voxel) else { return nil }
      cover.append((shape.linearIndex(voxel), share))
    }
    cover.sort { $0.voxel < $1.voxel }
    guard !cover.isEmpty, let region = places.region(shapedLike: cover.map(\.voxel), seed: seed, number: number) else {
      return nil
    }
    let moved = shape.voxel(at: shape.linearIndex(middle) + region[0] - cover[0].voxel)
    return InsertedObject(
      body: body, centreMillimetres: affine.world(moved), cover: zip(region, cover).map { (voxel: $0, share: $1.share) }
    )
  }

  private mutating func write(_ thing: InsertedObject, _ contrast: InsertionContrast) {
    for (voxel, share) in thing.cover {
      Self.add(share * contrast.flair, to: &flair.voxels[voxel])
      if !thing.body.kind.isMimic { Self.add(share * contrast.mprage, to: &mprage.voxels[voxel]) }
    }
  }

  /// A voxel of the brain stays one: 0 would mean outside.
  private static func add(_ contrast: Float, to voxel: inout Float) { if voxel + contrast != 0 { voxel += contrast } }
}
