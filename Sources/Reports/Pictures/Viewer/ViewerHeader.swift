import Lesions
import Results
import Volumes

/// What the viewer's script reads beside the volumes. Voxels are indices of the brain's box, `[i, j, k]`.
struct ViewerHeader: Sendable, Equatable, Encodable {
  struct Plane: Sendable, Equatable, Encodable {
    let name: String
    /// Stored axes: 0 i, 1 j, 2 k.
    let normal: Int
    let horizontal: Int
    let vertical: Int
    /// +1 where the index grows to the right, downwards.
    let horizontalStep: Int
    let verticalStep: Int
    /// World axis along the normal.
    let world: Int
    let indexName: String
    /// Left, right, top, bottom.
    let letters: [String]
  }

  struct Range: Sendable, Equatable, Encodable {
    let lower: Double
    let upper: Double
  }

  struct Map: Sendable, Equatable, Encodable {
    let lower: [Int]
    let shape: [Int]
    let limit: Double
    /// Where the finding's own colour scale ends.
    let ownLimit: Double
    let insidePeak: Double
    let flairRange: [Double]
    let mprageRange: [Double]?
  }

  struct Finding: Sendable, Equatable, Encodable {
    let id: FindingID
    /// As in the labels; nil for a missed lesion, which is in the reference alone.
    let label: Int?
    let voxel: [Int]
    let map: Map?
    /// There is a map, and no room for it here.
    let isLeftOut: Bool

    init(_ finding: FindingRecord, map: SaliencyCrop?, isLeftOut: Bool, box: GridBox) {
      id = finding.id
      label =
        switch finding.kind {
        case .lesion: finding.id.number
        case .candidate: finding.id.number | 0x8000
        case .missedReference, .readerMark: nil
        }
      let voxel = finding.pictureVoxel - box.lower
      self.voxel = [
        min(max(voxel.i, 0), box.shape.ni - 1), min(max(voxel.j, 0), box.shape.nj - 1),
        min(max(voxel.k, 0), box.shape.nk - 1),
      ]
      self.map = map.map { crop in
        let lower = crop.box.lower - box.lower
        return Map(
          lower: [lower.i, lower.j, lower.k], shape: crop.box.shape.sides, limit: crop.limit,
          ownLimit: SaliencyScale.roundedUp(crop.insidePeak > 0 ? crop.insidePeak : crop.limit),
          insidePeak: crop.insidePeak, flairRange: crop.flairRange, mprageRange: crop.mprageRange)
      }
      self.isLeftOut = isLeftOut
    }
  }

  /// Sides of the box and its first voxel in the file.
  let shape: [Int]
  let origin: [Int]
  let spacing: [Double]
  /// Three rows of the file's affine: voxel → mm, RAS+.
  let affine: [[Double]]
  let middle: [Int]
  let planes: [Plane]
  /// In stored values.
  let windows: [String: Range]
  /// The intensities of 1 and 255.
  let units: [String: Range]
  let commonLimit: Double
  let findings: [Finding]

  init(_ look: PatientLook, flair: EightBits, mprage: EightBits?, findings: [Finding]) {
    let (box, spacing) = (look.brain, look.affine.spacingMillimetres)
    shape = box.shape.sides
    origin = [box.lower.i, box.lower.j, box.lower.k]
    self.spacing = [spacing.0, spacing.1, spacing.2]
    affine = look.affine.rows.prefix(3).map { row in (0..<4).map { row[$0] } }
    middle = box.shape.sides.map { $0 / 2 }
    planes = SlicePlane.allCases.map { plane in
      let geometry = look.geometry(plane)
      let letters = geometry.letters
      return Plane(
        name: plane.rawValue, normal: geometry.normalAxis, horizontal: geometry.horizontalAxis,
        vertical: geometry.verticalAxis, horizontalStep: geometry.horizontalStep, verticalStep: geometry.verticalStep,
        world: plane.normal, indexName: geometry.indexName,
        letters: [letters.left, letters.right, letters.top, letters.bottom])
    }
    let images = ["flair": flair].merging(mprage.map { ["mprage": $0] } ?? [:]) { one, _ in one }
    windows = images.mapValues { Range(lower: $0.window.lower, upper: $0.window.upper) }
    units = images.mapValues { Range(lower: Double($0.range.lower), upper: Double($0.range.upper)) }
    commonLimit = look.saliencyScale.limit
    self.findings = findings
  }
}

extension GridShape { var sides: [Int] { [ni, nj, nk] } }
