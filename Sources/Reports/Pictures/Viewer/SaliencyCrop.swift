import Lesions
import Results
import Statistics
import Volumes

/// The saliency maps of one finding for the viewer: within 25 mm of the finding's box, in 8 bits.
///
/// A stored value v stands for (v − 128) / 127 of ``limit``; 128 is no saliency.
struct SaliencyCrop: Sendable, Equatable {
  static let marginMillimetres = 25.0

  /// Of the patient's grid, inside the brain's box.
  let box: GridBox
  /// Differences along rows, FLAIR before MPRAGE.
  let stored: [UInt8]
  /// The largest absolute value of both maps in the crop, logit per SD.
  let limit: Double
  /// Largest absolute value of FLAIR and MPRAGE inside the finding.
  let insidePeak: Double
  /// Minimum and maximum in the crop.
  let flairRange: [Double]
  let mprageRange: [Double]?

  /// Nil where the crop holds nothing of the map.
  init?(_ finding: FindingRecord, _ picture: SaliencyPicture, look: PatientLook) {
    let spacing = look.affine.spacingMillimetres
    func voxels(_ spacing: Double) -> Int { Int(saturating: (Self.marginMillimetres / spacing).rounded(.up)) }
    let wide = finding.measurements.boundingBox.expanded(
      by: VoxelIndex(voxels(spacing.0), voxels(spacing.1), voxels(spacing.2)))
    guard let crop = wide.intersection(picture.box)?.intersection(look.brain) else { return nil }
    func values(_ map: [Float]) -> [Float] {
      (0..<crop.shape.voxelCount).map { at in
        let value = picture.value(map, at: crop.voxel(at: at))
        return value.isFinite ? value : 0
      }
    }
    let maps = [picture.flair, picture.mprage].compactMap { $0 }.map(values)
    let limit = maps.joined().reduce(Float(0)) { max($0, abs($1)) }
    guard limit > 0 else { return nil }
    box = crop
    self.limit = Double(limit)
    stored = maps.flatMap { map in
      PackedBytes.differences(
        map.map { UInt8(saturating: (128 + Double($0 / limit) * 127).rounded()) }, row: crop.shape.ni)
    }
    func range(_ map: [Float]) -> [Double] { [Double(map.min() ?? 0), Double(map.max() ?? 0)] }
    flairRange = range(maps[0])
    mprageRange = maps.count > 1 ? range(maps[1]) : nil
    let inside = [finding.saliency?.flair, finding.saliency?.mprage].compactMap { $0?.inside }
    insidePeak = inside.flatMap { [$0.maximum.value, $0.minimum.value] }.map(abs).filter(\.isFinite).max() ?? 0
  }
}

extension GridBox {
  /// What both boxes hold; nil where that is nothing.
  func intersection(_ other: GridBox) -> GridBox? {
    let low = VoxelIndex(max(lower.i, other.lower.i), max(lower.j, other.lower.j), max(lower.k, other.lower.k))
    let high = VoxelIndex(min(upper.i, other.upper.i), min(upper.j, other.upper.j), min(upper.k, other.upper.k))
    return low.i < high.i && low.j < high.j && low.k < high.k ? GridBox(lower: low, upper: high) : nil
  }
}
