package import Checkpoints
import Foundation
package import Networks
package import Volumes

/// The network's voxel grid and the way between it and the patient's.
///
/// Three remembered steps: ``layout`` turns the stored axes into the network's, ``box`` cuts a box out of them, and
/// ``images`` resamples the box to the network's voxel size; ``logits`` brings what the network computes back to the
/// box. Positions and tensors are in network axes, `[C, D, H, W]`.
package struct NetworkGrid: Sendable, Equatable {
  package let layout: AxisLayout
  /// The part of the image that the network sees, in network axes and the patient's voxels.
  package let box: VoxelBox
  /// From the box to the network's grid.
  package let images: GridResize
  /// From the network's grid to the box: nearest or linear, so that gradients pass.
  package let logits: GridResize

  /// Without crop and resampling.
  package init(_ layout: AxisLayout) {
    let shape = layout.spatialShape
    let none = GridResize(from: shape, to: shape, .linear)
    self.init(layout: layout, box: VoxelBox(lower: [0, 0, 0], upper: shape), images: none, logits: none)
  }

  package init(layout: AxisLayout, box: VoxelBox, images: GridResize, logits: GridResize) {
    precondition(images.source == box.shape && logits.target == box.shape && images.target == logits.source)
    precondition(logits.isSparseLinear, "logits come back by a resampling with an adjoint")
    self.layout = layout
    self.box = box
    self.images = images
    self.logits = logits
  }

  package var patientShape: GridShape { layout.patientShape }

  /// Sizes along the three network axes.
  package var spatialShape: [Int] { images.target }

  /// Whether network voxels are voxels of the patient's grid.
  package var isPatientVoxels: Bool { images.isIdentity }

  /// The part of laid-out values `[D, H, W]` that lies in the box.
  package func cropped<Value>(_ values: [Value]) -> [Value] {
    let n = layout.spatialShape
    if box.shape == n { return values }
    var part: [Value] = []
    part.reserveCapacity(box.voxelCount)
    for d in box.lower[0]..<box.upper[0] {
      for h in box.lower[1]..<box.upper[1] {
        let row = (d * n[1] + h) * n[2]
        part.append(contentsOf: values[(row + box.lower[2])..<(row + box.upper[2])])
      }
    }
    return part
  }

  /// Values of the box → values on the patient's grid, `outside` where the box does not reach.
  package func patientValues(ofBox values: [Float], outside: Float) -> [Float] {
    let n = layout.spatialShape
    var whole = values
    if box.shape != n {
      whole = [Float](repeating: outside, count: n.reduce(1, *))
      var next = 0
      let width = box.shape[2]
      for d in box.lower[0]..<box.upper[0] {
        for h in box.lower[1]..<box.upper[1] {
          let row = (d * n[1] + h) * n[2] + box.lower[2]
          whole.replaceSubrange(row..<(row + width), with: values[next..<(next + width)])
          next += width
        }
      }
    }
    return whole.withUnsafeBufferPointer { layout.patientValues($0) }
  }

  /// Lesion probability on the patient's grid from logits `[K, D, H, W]` on the network's: every class is resampled,
  /// then the softmax or sigmoid is taken; outside the box the probability is 0.
  package func probability(ofLogits tensor: Tensor, by model: LoadedModel) -> [Float] {
    let count = spatialShape.reduce(1, *)
    let classes = (0..<tensor.shape[0]).map { k in logits.applied(to: Array(tensor.values[k * count..<(k + 1) * count]))
    }
    var probability = [Float](repeating: 0, count: box.voxelCount)
    for voxel in probability.indices { probability[voxel] = Float(model.probability { Double(classes[$0][voxel]) }) }
    return patientValues(ofBox: probability, outside: 0)
  }
}
