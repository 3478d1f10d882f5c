import Digests
public import Foundation
import Lesions
import Results
import Volumes

/// What another tool made of a patient's scan.
public struct ExternalFiles: Sendable {
  /// Lesion mask; what its values mean is the rule of ``GivenMask``.
  public let mask: URL
  /// Lesion probability, from 0 to 1.
  public let probability: URL?
  /// Folder with `…L001_saliency.nii.gz`, one per finding under the number that the report gives it.
  public let saliency: URL?
  /// The tool that made the mask, as the user names it.
  public let tool: String?

  public init(mask: URL, probability: URL?, saliency: URL?, tool: String?) {
    self.mask = mask
    self.probability = probability
    self.saliency = saliency
    self.tool = tool
  }
}

extension ExternalFiles {
  /// The maps of the folder by finding; a finding without a file has none.
  ///
  /// - Throws: ``Fault`` for several maps of one finding, a map of something else, or a folder without any.
  func maps(of findings: [Finding], grid: Volume<Float>) throws -> [FindingID: SaliencyPicture] {
    guard let folder = saliency else { return [:] }
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    var found: [FindingID: SaliencyPicture] = [:]
    for finding in findings {
      let matching = names.filter { name in
        ["\(finding.id)_saliency.nii.gz", "\(finding.id)_saliency.nii"].contains { name.hasSuffix($0) }
      }
      guard matching.count <= 1 else {
        throw Fault(
          .input, folder.path, found: "\(matching.count) maps of \(finding.id) (\(matching.joined(separator: ", ")))",
          remedy: .plain("leave one"))
      }
      guard let name = matching.first else { continue }
      let url = folder.appendingPathComponent(name)
      let picture = try StoredMap.read(url, grid: (grid.shape, grid.affine))
      guard finding.voxels.allSatisfy({ picture.box.contains(grid.shape.voxel(at: $0)) }) else {
        throw Fault(
          .input, url.path, found: "does not cover all of \(finding.id)",
          remedy: .plain("is it the map of another lesion? Numbers are those of the dseg file of this report"))
      }
      found[finding.id] = picture
    }
    guard !found.isEmpty || findings.isEmpty else {
      throw Fault(
        .input, folder.path, found: "holds no saliency map of a finding",
        expected: "names that end in L001_saliency.nii.gz, with the numbers of the dseg file of this report")
    }
    return found
  }
}
