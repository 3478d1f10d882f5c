import Foundation
public import Lesions
import Statistics
public import Volumes

/// How much of a finding stays when the threshold that made it moves by one unit of log-odds to either side.
///
/// IoU of its component at the lower threshold with what of the finding stays above the higher one; as the one lies in
/// the other, |strict| / |lenient|. 1: the border is steep; 0: nothing reaches the higher threshold. Component:
/// 18-connected, in the box within 10 mm, voxels of other lesions left out. Without unit. A single-network relative of
/// lesion structural uncertainty (Molchanova et al., Computers in Biology and Medicine 2025).
public enum ThresholdStability {
  /// In units of log-odds.
  public static let step = 1.0

  /// The thresholds one step below and above.
  public static func thresholds(around threshold: Double) -> (lower: Double, upper: Double) {
    let logit = log(threshold / (1 - threshold))
    return (logistic(logit - step), logistic(logit + step))
  }

  /// - Parameters:
  ///   - probability: one value per voxel of the grid.
  ///   - threshold: by which the finding was made, between 0 and 1.
  public static func value(of surroundings: Surroundings, probability: [Float], threshold: Double, shape: GridShape)
    -> Double?
  {
    guard threshold > 0 && threshold < 1 else { return nil }
    let (lower, upper) = thresholds(around: threshold)
    let inside = Set(surroundings.inside.map { surroundings.voxels[$0] })
    let box = GridBox(enclosing: surroundings.voxels, shape: shape)
    var isMember = [Bool](repeating: false, count: box.shape.voxelCount)
    for voxel in surroundings.voxels where Double(probability[voxel]) > lower || inside.contains(voxel) {
      isMember[box.index(of: shape.voxel(at: voxel))!] = true
    }
    let components = ConnectedComponents(of: isMember, shape: box.shape, connectivity: .facesAndEdges).voxels
    let own = box.index(of: shape.voxel(at: inside.min()!))!
    guard let lenient = components.first(where: { $0.contains(own) }) else { return nil }
    return Double(inside.count { Double(probability[$0]) > upper }) / Double(lenient.count)
  }
}
