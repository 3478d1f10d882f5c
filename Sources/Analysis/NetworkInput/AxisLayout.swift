package import Checkpoints
package import Networks
package import Volumes

/// How the network's axes lie along the stored ones: a permutation and flips.
///
/// Network axis a runs along stored axis `storedAxis[a]`, backwards where `reversed[a]`. The step is exact in both
/// directions, so values are moved and never interpolated. Tensors are `[C, D, H, W]` with D, H, W = network axes 0, 1,
/// 2.
package struct AxisLayout: Sendable, Equatable {
  package let patientShape: GridShape
  package let storedAxis: [Int]
  package let reversed: [Bool]

  /// The patient's own axes, in their stored order.
  package init(asStored shape: GridShape) {
    self.init(shape: shape, storedAxis: [0, 1, 2], reversed: [false, false, false])
  }

  package init(shape: GridShape, storedAxis: [Int], reversed: [Bool]) {
    precondition(storedAxis.sorted() == [0, 1, 2] && reversed.count == 3)
    self.patientShape = shape
    self.storedAxis = storedAxis
    self.reversed = reversed
  }

  /// Sizes along the three network axes.
  package var spatialShape: [Int] {
    let stored = [patientShape.ni, patientShape.nj, patientShape.nk]
    return storedAxis.map { stored[$0] }
  }

  /// Linear index on the patient's grid of network voxel (0, 0, 0), and the step along each network axis.
  private var walk: (base: Int, step: [Int]) {
    let strides = [1, patientShape.ni, patientShape.ni * patientShape.nj]
    let sizes = spatialShape
    var base = 0
    var step: [Int] = []
    for axis in 0..<3 {
      let stride = strides[storedAxis[axis]]
      step.append(reversed[axis] ? -stride : stride)
      if reversed[axis] { base += (sizes[axis] - 1) * stride }
    }
    return (base, step)
  }

  /// Channels on the patient's grid → `[C, D, H, W]`.
  package func tensor(_ channels: [[Float]]) -> Tensor {
    let n = spatialShape
    let count = n[0] * n[1] * n[2]
    let (base, step) = walk
    var values = [Float](repeating: 0, count: channels.count * count)
    values.withUnsafeMutableBufferPointer { out in
      for (c, channel) in channels.enumerated() {
        channel.withUnsafeBufferPointer { source in
          var t = c * count
          for d in 0..<n[0] {
            for h in 0..<n[1] {
              var p = base + d * step[0] + h * step[1]
              for _ in 0..<n[2] {
                out[t] = source[p]
                t += 1
                p += step[2]
              }
            }
          }
        }
      }
    }
    return Tensor(shape: [channels.count] + n, values: values)
  }

  /// The same layout of a grid with these sizes along the network axes.
  package func withNetworkShape(_ sizes: [Int]) -> AxisLayout {
    var stored = [0, 0, 0]
    for axis in 0..<3 { stored[storedAxis[axis]] = sizes[axis] }
    return AxisLayout(shape: GridShape(stored[0], stored[1], stored[2]), storedAxis: storedAxis, reversed: reversed)
  }

  /// The network voxel at a voxel of the patient's grid.
  package func position(ofPatient voxel: VoxelIndex) -> [Int] {
    let n = spatialShape
    let stored = [voxel.i, voxel.j, voxel.k]
    return (0..<3).map { axis in reversed[axis] ? n[axis] - 1 - stored[storedAxis[axis]] : stored[storedAxis[axis]] }
  }

  /// The place on the patient's grid, in voxels along its stored axes, of a place in network axes.
  package func patientPlace(of place: [Double]) -> [Double] {
    let n = spatialShape
    var stored = [0.0, 0, 0]
    for axis in 0..<3 { stored[storedAxis[axis]] = reversed[axis] ? Double(n[axis] - 1) - place[axis] : place[axis] }
    return stored
  }

  /// One scalar per network voxel → one per voxel of the patient's grid.
  package func patientValues(_ network: UnsafeBufferPointer<Float>) -> [Float] {
    let n = spatialShape
    let (base, step) = walk
    var values = [Float](repeating: 0, count: patientShape.voxelCount)
    values.withUnsafeMutableBufferPointer { out in
      var t = 0
      for d in 0..<n[0] {
        for h in 0..<n[1] {
          var p = base + d * step[0] + h * step[1]
          for _ in 0..<n[2] {
            out[p] = network[t]
            t += 1
            p += step[2]
          }
        }
      }
    }
    return values
  }

  /// A box in network axes and its values (`[d, h, w]`, last axis fastest) → a half-open box on the patient's grid and
  /// its values, axis 0 fastest.
  package func patientBox(_ box: VoxelBox, values: ArraySlice<Float>) -> LayerMap {
    let n = spatialShape
    var lower = [0, 0, 0]
    var upper = [0, 0, 0]
    for axis in 0..<3 {
      let stored = storedAxis[axis]
      lower[stored] = reversed[axis] ? n[axis] - box.upper[axis] : box.lower[axis]
      upper[stored] = reversed[axis] ? n[axis] - box.lower[axis] : box.upper[axis]
    }
    let size = box.shape
    let stored = (0..<3).map { upper[$0] - lower[$0] }
    let strides = [1, stored[0], stored[0] * stored[1]]
    var base = 0
    var step: [Int] = []
    for axis in 0..<3 {
      let stride = strides[storedAxis[axis]]
      step.append(reversed[axis] ? -stride : stride)
      if reversed[axis] { base += (size[axis] - 1) * stride }
    }
    var out = [Float](repeating: 0, count: box.voxelCount)
    var t = values.startIndex
    for d in 0..<size[0] {
      for h in 0..<size[1] {
        var p = base + d * step[0] + h * step[1]
        for _ in 0..<size[2] {
          out[p] = values[t]
          t += 1
          p += step[2]
        }
      }
    }
    let placed = GridBox(
      lower: VoxelIndex(lower[0], lower[1], lower[2]), upper: VoxelIndex(upper[0], upper[1], upper[2]))
    return LayerMap(box: placed, values: out)
  }
}
