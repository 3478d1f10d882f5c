import Foundation
import Results
import Volumes

/// A lesion probability that another tool made, on the grid of FLAIR.
struct GivenProbability {
  /// A softmax in single precision misses 0 and 1 by less.
  static let rounding: Float = 1e-4

  let source: PatientScan.Source
  /// From 0 to 1.
  let volume: Volume<Float>
  let warnings: [Warning]

  /// - Throws: ``Fault`` for values that are no probabilities, an error of `Volumes` for a file that cannot be read.
  init(_ url: URL, onto target: TargetGrid, reslice: Bool) throws {
    let role = "probability"
    let source = try PatientScan.Source(url, role: role)
    let placement = try Placement(of: source, onto: target, reslice: reslice)
    var own = source.image.volume
    let range = -Self.rounding...1 + Self.rounding
    let outside = own.voxels.count { !range.contains($0) }
    guard outside == 0 else {
      let (low, high) = (own.voxels.min()!, own.voxels.max()!)
      throw Fault(
        .input, url.path, role: role,
        found: "holds values from \(MaskValues.text(low)) to \(MaskValues.text(high)), \(outside) of "
          + "\(own.voxels.count) outside 0 to 1",
        expected: low < 0
          ? "probabilities: give the softmax of the lesion class, not logits"
          : "probabilities from 0 to 1: give the softmax of the lesion class, not per cent, labels or intensities")
    }
    own.voxels = own.voxels.map { min(max($0, 0), 1) }
    volume = placement.values(of: own, onto: target)
    var warnings = [placement.note(on: role)].compactMap { $0 }
    if case .resliced(let comparison) = placement {
      warnings.append(Warning(.probabilityResliced, images: [role], ["difference": .text("\(comparison)")]))
    }
    self.source = source
    self.warnings = warnings
  }
}
