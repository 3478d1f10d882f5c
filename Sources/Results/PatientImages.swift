public import Volumes

/// The volumes that pictures are made of, all on the patient's grid.
public struct PatientImages: Sendable {
  public var flair: Volume<Float>
  public var mprage: Volume<Float>
  /// 1 where brain tissue may be shown; everything else is drawn black.
  public var brainMask: Volume<UInt8>
  /// Number of the lesion at each voxel, 0 outside.
  public var lesionLabels: Volume<Int32>
  /// Number of the candidate at each voxel, 0 outside.
  public var candidateLabels: Volume<Int32>
  public var truth: Volume<UInt8>?
  /// Saliency by finding identifier (`L001`, `C001`).
  public var saliency: [String: SaliencyPicture]

  public init(
    flair: Volume<Float>, mprage: Volume<Float>, brainMask: Volume<UInt8>, lesionLabels: Volume<Int32>,
    candidateLabels: Volume<Int32>, truth: Volume<UInt8>?, saliency: [String: SaliencyPicture]
  ) {
    self.flair = flair
    self.mprage = mprage
    self.brainMask = brainMask
    self.lesionLabels = lesionLabels
    self.candidateLabels = candidateLabels
    self.truth = truth
    self.saliency = saliency
  }
}

/// The part of a saliency map that is not zero: a half-open box of the patient's grid, axis 0 (i) fastest.
public struct SaliencyPicture: Sendable {
  public let lower: VoxelIndex
  public let upper: VoxelIndex
  public let flair: [Float]
  public let mprage: [Float]

  public init(lower: VoxelIndex, upper: VoxelIndex, flair: [Float], mprage: [Float]) {
    let count = (upper.i - lower.i) * (upper.j - lower.j) * (upper.k - lower.k)
    precondition(flair.count == count && mprage.count == count, "one value per voxel of the box")
    self.lower = lower
    self.upper = upper
    self.flair = flair
    self.mprage = mprage
  }
}
