import Foundation
import Lesions
import Phantoms
import Statistics
import Volumes

/// A thing that is to be written into a scan: what it is and its shape in mm, not yet its place.
struct SyntheticObject {
  enum Kind: String, CaseIterable {
    /// Bright in FLAIR and dark in MPRAGE.
    case lesion
    /// A thin streak, bright in FLAIR alone, as vessels and artefacts are.
    case streak
    /// A round spot, bright in FLAIR alone.
    case spot

    var isMimic: Bool { self != .lesion }
  }

  /// Width in mm over which a surface fades.
  private static let edge: Float = 1
  /// Voxels are sampled at least this densely, in mm.
  private static let sampling = 0.5

  let kind: Kind
  let lengthMillimetres: Double
  let widthMillimetres: Double
  private let blob: Blob

  /// - Parameter direction: of the length, a unit vector, RAS+.
  init(_ kind: Kind, lengthMillimetres length: Double, widthMillimetres width: Double, direction: SIMD3<Float>) {
    self.kind = kind
    (lengthMillimetres, widthMillimetres) = (length, width)
    blob = Blob(SIMD3(0, 0, 0), axis: direction, along: Float(length / 2), across: Float(width / 2), unevenness: 0)
  }

  /// Diameters of the six lesions in mm: those of a sphere of the same volume, each drawn out by a seeded factor up to
  /// 1.5.
  static let lesionDiameters = [9.0, 8, 7, 6, 5, 4]
  static let streaks: [(length: Double, width: Double)] = [(14, 1.6), (12, 1.4), (10, 1.2)]
  static let spotDiameters = [6.0, 5, 4]

  /// Six lesions and six mimics in turn, large ones first, so that a lack of room falls on both.
  static func recipe(seed: UInt64) -> [SyntheticObject] {
    var stream = RandomStream(seed: seed, patient: 0, aspect: .selfTest)
    let mimics = zip(streaks, spotDiameters).flatMap { streak, spot -> [(kind: Kind, length: Double, width: Double)] in
      [(.streak, streak.length, streak.width), (.spot, spot, spot)]
    }
    return zip(lesionDiameters, mimics).flatMap { diameter, mimic -> [SyntheticObject] in
      let across = diameter / cbrt(stream.uniform(1, 1.5))
      let along = diameter * (diameter / across) * (diameter / across)
      let lesion = SyntheticObject(
        .lesion, lengthMillimetres: along, widthMillimetres: across, direction: stream.direction())
      return [
        lesion,
        SyntheticObject(
          mimic.kind, lengthMillimetres: mimic.length, widthMillimetres: mimic.width, direction: stream.direction()),
      ]
    }
  }

  /// Offsets of the voxels that the body covers when its centre is that of a voxel, with the share of each that it
  /// fills.
  func cover(affine: Affine) -> [(offset: VoxelIndex, share: Float)] {
    let spacing = affine.spacingMillimetres
    let counts = [spacing.0, spacing.1, spacing.2].map { Int(saturating: ($0 / Self.sampling).rounded(.up)) }
    let reach = Double(blob.reach) + (spacing.0 + spacing.1 + spacing.2) / 2
    return Neighbourhood(withinMillimetres: reach, affine: affine).offsets.compactMap { o in
      var sum: Float = 0
      for k in 0..<counts[2] {
        for j in 0..<counts[1] {
          for i in 0..<counts[0] {
            let p = Self.displacement(
              Double(o.step.i) + (Double(i) + 0.5) / Double(counts[0]) - 0.5,
              Double(o.step.j) + (Double(j) + 0.5) / Double(counts[1]) - 0.5,
              Double(o.step.k) + (Double(k) + 0.5) / Double(counts[2]) - 0.5, affine)
            sum += coverage(blob.distance(p, ripple: 0), Self.edge)
          }
        }
      }
      let share = sum / Float(counts.reduce(1, *))
      return share > 0 ? (o.step, share) : nil
    }
  }

  private static func displacement(_ i: Double, _ j: Double, _ k: Double, _ affine: Affine) -> SIMD3<Float> {
    let (p, origin) = (affine.world(i, j, k), affine.world(0, 0, 0))
    return SIMD3(Float(p.x - origin.x), Float(p.y - origin.y), Float(p.z - origin.z))
  }
}

/// A body at its place in a scan.
struct InsertedObject {
  let body: SyntheticObject
  let centreMillimetres: WorldPoint
  /// Linear indices on the patient's grid, axis 0 fastest, ascending, with the share of each voxel that is filled.
  let cover: [(voxel: Int, share: Float)]

  /// The voxels that count as the thing: filled by at least half as much as its fullest one, which may be less than
  /// whole where voxels are larger than the thing.
  var voxels: [Int] {
    let fullest = cover.reduce(0) { max($0, $1.share) }
    return cover.filter { $0.share >= fullest / 2 }.map(\.voxel)
  }

  /// Filled shares times the volume of a voxel.
  func volumeMillimetres3(_ affine: Affine) -> Double {
    cover.reduce(0) { $0 + Double($1.share) } * affine.voxelVolumeMillimetres3
  }
}
