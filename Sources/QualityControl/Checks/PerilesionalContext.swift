import Foundation
import Lesions
import Networks
import Volumes

/// How much of a lesion's surroundings the network needs: everything but the dilated lesion is set to 0 in both normalised
/// channels. Source: Spagnolo et al., Scientific Reports 2026, doi 10.1038/s41598-026-36560-9.
enum PerilesionalContext {
  /// Sizes of the published experiment, in voxels.
  static let publishedSizes = 91...119
  static let dilations = 34

  static func curves(_ scan: CheckedScan, count: Int) throws -> ([PerilesionalCurve], String) {
    let found = scan.lesions.filter { scan.isTruePositive($0) ?? true }
    let kind = scan.scan.truth == nil ? "predicted lesions, there is no truth" : "true positives"
    func distance(_ lesion: Lesion) -> Int {
      let n = lesion.voxels.count
      return n < publishedSizes.lowerBound ? publishedSizes.lowerBound - n : max(0, n - publishedSizes.upperBound)
    }
    let chosen = found.sorted { (distance($0), $0.number) < (distance($1), $1.number) }.prefix(count)
    let fitting = chosen.count { distance($0) == 0 }
    let choice =
      chosen.isEmpty
      ? "none: the model found no lesion"
      : "\(kind); \(fitting) of \(chosen.count) have 91 to 119 voxels"
        + (fitting < chosen.count ? ", the others come closest to that size" : "")
    return (try chosen.map { try curve(scan, $0) }, choice)
  }

  private static func curve(_ scan: CheckedScan, _ lesion: Lesion) throws -> PerilesionalCurve {
    let (network, shape) = (scan.input.grid, scan.input.grid.spatialShape)
    let inside = network.networkIndices(ofPatient: lesion.voxels)
    let spacing = network.storedGrid(patientAffine: scan.grid.affine).affine.spacingMillimetres
    let voxelSize = (spacing.0 + spacing.1 + spacing.2) / 3
    let whole = try probabilities(scan.tensor, inside, scan.model)
    let mean = { (values: [Double]) in values.reduce(0, +) / Double(values.count) }
    var (visible, border) = (Set(inside), inside)
    var points: [PerilesionalCurve.Point] = []
    for step in 1...dilations {
      border = dilate(&visible, border, shape)
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
    let last = points.lastIndex { abs($0.meanProbability - whole) > 0.05 * whole }
    let first = last.map { $0 + 1 } ?? 0
    return first < points.count ? points[first].millimetres : nil
  }

  /// Adds the 18 neighbours of the border voxels and returns those that are new.
  static func dilate(_ visible: inout Set<Int>, _ border: [Int], _ shape: [Int]) -> [Int] {
    var added: [Int] = []
    for voxel in border {
      let p = [voxel / (shape[1] * shape[2]), voxel / shape[2] % shape[1], voxel % shape[2]]
      for a in -1...1 {
        for b in -1...1 {
          for c in -1...1 where abs(a) + abs(b) + abs(c) <= 2 {
            let q = [p[0] + a, p[1] + b, p[2] + c]
            guard (0..<3).allSatisfy({ (0..<shape[$0]).contains(q[$0]) }) else { continue }
            let index = (q[0] * shape[1] + q[1]) * shape[2] + q[2]
            if visible.insert(index).inserted { added.append(index) }
          }
        }
      }
    }
    return added.sorted()
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
    return voxels.indices.map { n in
      let lesion = logits[model.lesionClass][n]
      return 1 / logits.reduce(0.0) { $0 + exp($1[n] - lesion) }
    }
  }

  static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
