import Foundation
import Statistics
import Volumes

/// Gaussian smoothing along each axis, keeping every n-th voxel.
///
/// Beyond the border the border's values continue. Voxels are boxes: the deviation asked for contains theirs, so that
/// thick slices are smoothed less along their axis, or not at all.
struct ReducedImage: Sendable {
  let shape: GridShape
  let affine: Affine
  /// Axis 0 fastest.
  let values: [Float]

  /// An image as it is.
  init(_ values: [Float], shape: GridShape, affine: Affine) {
    self.shape = shape
    self.affine = affine
    self.values = values
  }

  /// - Parameters:
  ///   - deviation: of the result, in mm.
  ///   - before: what the voxels were smoothed with already, in mm.
  ///   - spacing: voxels are left out as long as their distance stays below this, in mm.
  init(_ values: [Float], shape: GridShape, affine: Affine, deviation: Double, before: Double = 0, spacing: Double) {
    let edges = affine.spacingMillimetres
    var counts = [shape.ni, shape.nj, shape.nk]
    var values = values
    var starts = [0.0, 0, 0]
    var factors = [1.0, 1, 1]
    for (axis, edge) in [edges.0, edges.1, edges.2].enumerated() {
      let own = max(before * before, edge * edge / 12)
      let step = ReductionStep(
        count: counts[axis], deviation: max(0, deviation * deviation - own).squareRoot() / edge,
        factor: max(1, Int(saturating: spacing / edge)))
      values = step.applied(to: values, inner: counts[..<axis].reduce(1, *))
      counts[axis] = step.newCount
      starts[axis] = Double(step.start)
      factors[axis] = Double(step.factor)
    }
    let origin = affine.world(starts[0], starts[1], starts[2])
    let offset = [origin.x, origin.y, origin.z]
    self.shape = GridShape(counts[0], counts[1], counts[2])
    self.affine = Affine(rows: (0..<3).map { r in (0..<3).map { affine.rows[r][$0] * factors[$0] } + [offset[r]] })
    self.values = values
  }
}

/// The smoothing of lines of one axis.
private struct ReductionStep {
  let count: Int
  let factor: Int
  /// Old index of the first new sample.
  let start: Int
  let newCount: Int
  /// From −radius to radius.
  let weights: [Float]

  /// - Parameter deviation: in samples.
  init(count: Int, deviation: Double, factor: Int) {
    self.count = count
    self.factor = min(factor, max(1, count / 4))
    newCount = (count - 1) / self.factor + 1
    start = (count - 1 - (newCount - 1) * self.factor) / 2
    let radius = deviation > 0.1 ? Int(saturating: (3 * deviation).rounded(.up)) : 0
    let raw = (-radius...radius).map { radius == 0 ? 1 : exp(-Double($0 * $0) / (2 * deviation * deviation)) }
    let total = raw.reduce(0, +)
    weights = raw.map { Float($0 / total) }
  }

  /// - Parameter inner: values from one sample of a line to the next.
  func applied(to values: [Float], inner: Int) -> [Float] {
    if weights.count == 1, factor == 1 { return values }
    let lines = values.count / (count * inner)
    let radius = weights.count / 2
    return [Float](unsafeUninitializedCapacity: lines * newCount * inner) { out, filled in
      filled = lines * newCount * inner
      out.initialize(repeating: 0)
      values.withUnsafeBufferPointer { values in
        for line in 0..<lines {
          for new in 0..<newCount {
            let to = (line * newCount + new) * inner
            for tap in weights.indices {
              let old = min(max(start + new * factor + tap - radius, 0), count - 1)
              let from = (line * count + old) * inner
              let weight = weights[tap]
              for x in 0..<inner { out[to + x] += weight * values[from + x] }
            }
          }
        }
      }
    }
  }
}
