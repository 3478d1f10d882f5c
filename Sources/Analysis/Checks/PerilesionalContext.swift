import Checkpoints
import Foundation
import Lesions
import Networks
import Saliency
import Statistics
import Volumes

/// How much of a lesion's surroundings the network needs: everything but the dilated lesion is set to 0 in both
/// normalised channels. Source: Spagnolo et al., Scientific Reports 2026, doi 10.1038/s41598-026-36560-9.
enum PerilesionalContext {
  /// Sizes of the published experiment, in voxels.
  static let publishedSizes = 91...119

  static func curves(_ scan: CheckedScan, count: Int) throws -> ([PerilesionalCurve], String) {
    let found = scan.lesions.filter { scan.isTruePositive($0) ?? true }
    let kind = scan.scan.reference == nil ? "predicted lesions, there is no reference" : "true positives"
    func distance(_ lesion: Finding) -> Int {
      let n = lesion.voxels.count
      return n < publishedSizes.lowerBound ? publishedSizes.lowerBound - n : max(0, n - publishedSizes.upperBound)
    }
    let chosen = found.sorted { (distance($0), $0.id.number) < (distance($1), $1.id.number) }.prefix(count)
    let fitting = chosen.count { distance($0) == 0 }
    let choice =
      chosen.isEmpty
      ? "none: the model found no lesion"
      : "\(kind); \(fitting) of \(chosen.count) have 91 to 119 voxels"
        + (fitting < chosen.count ? ", the others come closest to that size" : "")
    return (try chosen.map { try curve(scan, $0) }, choice)
  }

  private static func curve(_ scan: CheckedScan, _ lesion: Finding) throws -> PerilesionalCurve {
    let network = scan.input.grid
    // Axes of the network's grid in the order of memory, the fastest first.
    let shape = GridShape(network.spatialShape[2], network.spatialShape[1], network.spatialShape[0])
    let inside = network.networkIndices(ofPatient: lesion.voxels)
    let spacing = network.storedGrid(patientAffine: scan.grid.affine).affine.spacingMillimetres
    let voxelSize = (spacing.0 + spacing.1 + spacing.2) / 3
    let whole = try probabilities(scan.tensor, inside, scan.model)
    let mean = { (values: [Double]) in values.reduce(0, +) / Double(values.count) }
    var (visible, border) = (Set(inside), inside)
    var points: [PerilesionalCurve.Point] = []
    for step in 1...SanityCheck.contextDilations {
      border = Dilation.grow(&visible, from: border, shape: shape, connectivity: .facesAndEdges)
      let seen = try probabilities(masked(scan.tensor, to: visible), inside, scan.model)
      points.append(
        .init(
          dilations: step, millimetres: rounded(Double(step) * voxelSize), meanProbability: rounded(mean(seen)),
          detected: seen.contains { $0 > scan.model.threshold }))
    }
    return PerilesionalCurve(
      lesion: "\(lesion.id)", voxelCount: lesion.voxels.count, meanProbability: rounded(mean(whole)), points: points,
      saturationMillimetres: saturation(points, whole: mean(whole)))
  }

  /// The distance of the first point from which on the curve stays within 5 % of the whole image's value.
  static func saturation(_ points: [PerilesionalCurve.Point], whole: Double) -> Double? {
    let last = points.lastIndex { abs($0.meanProbability - whole) > SanityCheck.contextTolerance * whole }
    let first = last.map { $0 + 1 } ?? 0
    return first < points.count ? points[first].millimetres : nil
  }

  static func masked(_ tensor: Tensor, to visible: Set<Int>) -> Tensor {
    var result = Tensor(shape: tensor.shape)
    let count = tensor.shape.dropFirst().reduce(1, *)
    for c in 0..<tensor.shape[0] {
      for voxel in visible { result.values[c * count + voxel] = tensor.values[c * count + voxel] }
    }
    return result
  }

  /// Lesion probability at voxels of the network's grid.
  static func probabilities(_ tensor: Tensor, _ voxels: [Int], _ model: LoadedModel) throws -> [Double] {
    let logits = try model.network.logits(tensor, at: voxels)
    return voxels.indices.map { n in model.probability { logits[$0][n] } }
  }

  static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
