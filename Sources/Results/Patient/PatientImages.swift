public import Lesions
public import Volumes

/// The volumes that pictures are made of, all on the patient's grid.
public struct PatientImages: Sendable {
  public var flair: Volume<Float>
  /// Nil without one.
  public var mprage: Volume<Float>?
  /// 1 where brain tissue may be shown; everything else is drawn black.
  public var brainMask: Volume<UInt8>
  /// Number of the lesion at each voxel, 0 outside.
  public var lesionLabels: Volume<Int32>
  /// Number of the candidate at each voxel, 0 outside.
  public var candidateLabels: Volume<Int32>
  /// 1 where the reference segmentation marks a lesion; nil without one.
  public var reference: Volume<UInt8>?
  /// Number of the missed reference lesion at each voxel, 0 outside; nil without a reference.
  public var missedLabels: Volume<Int32>?
  public var saliency: [FindingID: SaliencyPicture]

  public init(
    flair: Volume<Float>, mprage: Volume<Float>?, brainMask: Volume<UInt8>, lesionLabels: Volume<Int32>,
    candidateLabels: Volume<Int32>, reference: Volume<UInt8>?, saliency: [FindingID: SaliencyPicture]
  ) {
    self.flair = flair
    self.mprage = mprage
    self.brainMask = brainMask
    self.lesionLabels = lesionLabels
    self.candidateLabels = candidateLabels
    self.reference = reference
    self.saliency = saliency
  }
}

/// The part of a saliency map that is not zero.
public struct SaliencyPicture: Sendable {
  /// Of the patient's grid.
  public let box: GridBox
  /// One value per voxel of the box, axis 0 (i) fastest.
  public let flair: [Float]
  /// Nil where MPRAGE was not explained: the network takes FLAIR alone.
  public let mprage: [Float]?

  public init(box: GridBox, flair: [Float], mprage: [Float]?) {
    let count = box.shape.voxelCount
    precondition(flair.count == count && (mprage?.count ?? count) == count, "one value per voxel of the box")
    self.box = box
    self.flair = flair
    self.mprage = mprage
  }
}
