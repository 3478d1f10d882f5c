public import Foundation

/// One patient whose lesions another program segmented.
public struct ExternalPatient: Sendable {
  /// Images, brain mask and truth, and the name under which the results go.
  public let input: PatientInput
  /// Lesion mask on the FLAIR grid; every value but 0 is lesion.
  public let mask: URL
  /// Lesion probability on the FLAIR grid, from 0 to 1.
  public let probability: URL?
  /// Folder with `…L001_saliency.nii.gz`, one per finding under the number that the report gives it.
  public let saliency: URL?
  /// The program that made the mask, as the user names it.
  public let tool: String?

  public init(input: PatientInput, mask: URL, probability: URL?, saliency: URL?, tool: String?) {
    self.input = input
    self.mask = mask
    self.probability = probability
    self.saliency = saliency
    self.tool = tool
  }
}
