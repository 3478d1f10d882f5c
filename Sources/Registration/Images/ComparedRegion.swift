public import Volumes

/// The part of the patient that the second pass compares, as a function of the world of one image.
struct ComparedRegion: Sendable {
  let kind: RegistrationReport.Region
  /// The image in whose world the region lies.
  let image: RegistrationError.Image
  /// Points of the brain, or of the inside of the head, a few thousand.
  let points: [WorldPoint]
  private let level: ImageLevel
  /// Where the smoothed region ends.
  private let border: Float
  /// What lies lower is outside.
  private let lowestZ: Double

  /// The smallest brain that images are registered by, in ml.
  static let leastMillilitres = 50.0
  /// A brain reaches no further below its top.
  static let brainHeightMillimetres = 130.0

  /// A brain mask grown by about 3 mm: its edge against fluid is worth comparing.
  init(_ mask: BrainMask, imageGrid: Volume<Float>) throws(RegistrationError) {
    let volume = mask.volume
    let comparison = GridComparison(volume, imageGrid)
    guard comparison.isSame else { throw .maskOnAnotherGrid(mask.image, comparison) }
    let inside = volume.voxels.indices.filter { volume.voxels[$0] != 0 }
    let millilitres = Double(inside.count) * volume.affine.voxelVolumeMillimetres3 / 1000
    guard millilitres >= Self.leastMillilitres else { throw .maskTooSmall(millilitres: millilitres) }
    kind = .brainMask
    image = mask.image
    // Odd, so that the points do not line up along rows.
    let step = max(1, inside.count / 5000) | 1
    points = stride(from: 0, to: inside.count, by: step).map { volume.affine.world(volume.shape.voxel(at: inside[$0])) }
    level = ImageLevel(
      ReducedImage(
        volume.voxels.map { $0 != 0 ? 1 : 0 }, shape: volume.shape, affine: volume.affine, deviation: 3, spacing: 2))
    // A Gaussian of 3 mm has fallen to this 3 mm outside a flat edge.
    border = 0.16
    lowestZ = -.infinity
  }

  /// The inside of a head without a mask, about 8 mm below the skin, as far down as a brain reaches: face and neck
  /// move against the brain. Nil where the image shows nothing as large as that.
  init?(insideOf head: PreparedImage, _ image: RegistrationError.Image) {
    let coarse = head.levels[0]
    let tissue = coarse.values.map { $0 > PreparedImage.headThreshold ? Float(1) : 0 }
    let smooth = ImageLevel(ReducedImage(tissue, shape: coarse.shape, affine: coarse.affine, deviation: 8, spacing: 0))
    let border: Float = 0.85
    let deep = smooth.values.indices.filter { smooth.values[$0] > border }.map {
      coarse.affine.world(coarse.shape.voxel(at: $0))
    }
    guard let top = deep.map(\.z).max() else { return nil }
    let lowest = top - Self.brainHeightMillimetres
    level = smooth
    self.border = border
    lowestZ = lowest
    points = deep.filter { $0.z > lowest }
    kind = .innerHead
    self.image = image
  }

  func contains(_ point: WorldPoint) -> Bool {
    point.z > lowestZ && level.value(at: point).map { $0 > border } ?? false
  }
}

/// A brain mask on the grid of one of the two images, not 0 inside.
public enum BrainMask: Sendable {
  case ofFixed(Volume<UInt8>)
  case ofMoving(Volume<UInt8>)

  var image: RegistrationError.Image {
    switch self {
    case .ofFixed: .fixed
    case .ofMoving: .moving
    }
  }

  var volume: Volume<UInt8> {
    switch self {
    case .ofFixed(let mask), .ofMoving(let mask): mask
    }
  }

  /// The voxels of an image from which the head was removed that are not 0; nil for whole heads.
  init?(ofExtracted fixed: Volume<Float>, or moving: Volume<Float>) {
    if BrainExtraction.detect(in: fixed).isBrainExtracted {
      self = .ofFixed(fixed.map { $0 != 0 ? 1 : 0 })
    } else if BrainExtraction.detect(in: moving).isBrainExtracted {
      self = .ofMoving(moving.map { $0 != 0 ? 1 : 0 })
    } else {
      return nil
    }
  }
}
