import ErrorScore
import Lesions

/// The probability of one finding over the noise samples of its map, from the forward passes that the map takes anyway.
struct WatchedFinding {
  /// On the network's grid, linear indices into `[D, H, W]`: the finding, then its halo.
  let voxels: [Int]
  private let insideCount: Int
  private let threshold: Double
  private(set) var stability = SampleStability()

  /// - Parameters:
  ///   - surroundings: of the finding, on the patient's grid.
  ///   - occupied: one value per voxel of that grid, non-zero in every lesion.
  ///   - threshold: by which the finding was made.
  init(_ finding: Finding, _ surroundings: Surroundings, occupied: [UInt8], network: NetworkGrid, threshold: Double) {
    let inside = network.networkIndices(ofPatient: finding.voxels)
    let own = Set(inside)
    voxels =
      inside + network.networkIndices(ofPatient: surroundings.halo(occupied: occupied)).filter { !own.contains($0) }
    insideCount = inside.count
    self.threshold = threshold
  }

  /// - Parameter logits: of one sample, for every class one value per voxel of ``voxels``.
  mutating func add(_ logits: [[Float]], by model: LoadedModel) {
    guard insideCount > 0 else { return }
    let probability = voxels.indices.map { n in model.probability { Double(logits[$0][n]) } }
    stability.add(
      inside: Array(probability[..<insideCount]), halo: Array(probability[insideCount...]), threshold: threshold)
  }
}
