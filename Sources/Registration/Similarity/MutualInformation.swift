import Foundation
import Volumes

/// Normalised mutual information of sample points of a fixed image with a moving image, and its gradient.
///
/// NMI = (H(A) + H(B)) / H(A, B) (Studholme, Hill and Hawkes, Pattern Recognition 32 (1999) 71–86). The joint histogram
/// has hard bins for the fixed image and cubic B-splines as Parzen windows for the moving one, so that it can be
/// differentiated (Mattes et al., IEEE Transactions on Medical Imaging 22 (2003) 120–128). Points that fall outside the
/// moving image do not count.
struct MutualInformation {
  let points: SamplePoints
  private let moving: ImageLevel
  private let bins: Int
  /// Of every point in turn: derivatives of the moving image along its voxel axes, and its place along the histogram;
  /// −1 outside.
  private var seen: [SIMD4<Float>]
  private var joint: [Double]
  private var slopes: [Float]
  private(set) var evaluations = 0

  /// A measure, and how it changes with the transform.
  struct Value {
    let information: Double
    /// Fraction of the points that fall inside the moving image.
    let overlap: Double
    /// By a shift of the moving point, per mm.
    let force: SIMD3<Double>
    /// By a rotation of the moving points about that of the points' centre, per radian.
    let torque: SIMD3<Double>
  }

  init(_ points: SamplePoints, moving: PreparedImage, level: Level) {
    self.points = points
    self.moving = moving.levels[level.number - 1]
    bins = level.bins
    seen = [SIMD4<Float>](repeating: .zero, count: points.count)
    joint = [Double](repeating: 0, count: bins * bins)
    slopes = [Float](repeating: 0, count: bins * bins)
  }

  /// - Parameter transform: from the fixed to the moving image.
  mutating func evaluate(_ transform: RigidTransform, wantsGradient: Bool = true) -> Value {
    evaluations += 1
    let inside = fillHistogram(moving.toVoxel.composed(with: transform.affine))
    guard inside > 0 else { return Value(information: 1, overlap: 0, force: .zero, torque: .zero) }
    let information = entropies(inside, wantsSlopes: wantsGradient)
    let overlap = Double(inside) / Double(points.count)
    guard wantsGradient else { return Value(information: information, overlap: overlap, force: .zero, torque: .zero) }
    let (force, torque) = gradient(transform, inside)
    return Value(information: information, overlap: overlap, force: force, torque: torque)
  }

  /// As above without gradient, for a transform that need not be rigid.
  mutating func compare(_ transform: Affine) -> (information: Double, overlap: Double) {
    evaluations += 1
    let inside = fillHistogram(moving.toVoxel.composed(with: transform))
    guard inside > 0 else { return (1, 0) }
    return (entropies(inside, wantsSlopes: false), Double(inside) / Double(points.count))
  }

  /// - Returns: how many points fall inside.
  private mutating func fillHistogram(_ toVoxel: Affine) -> Int {
    let r = toVoxel.rows
    func column(_ c: Int) -> SIMD3<Float> { SIMD3(Float(r[0][c]), Float(r[1][c]), Float(r[2][c])) }
    let (x, y, z) = (column(0), column(1), column(2))
    let start = toVoxel.world(points.centre.x, points.centre.y, points.centre.z)
    let origin = SIMD3(Float(start.x), Float(start.y), Float(start.z))
    // Splines of 4 bins stay within the histogram for the values 0 to 1; what a spline of the image exceeds is cut.
    let (scale, shift, top) = (Float(bins - 4), Float(1.5), Float(bins) - 2.001)
    let bins = bins
    var inside = 0
    for n in joint.indices { joint[n] = 0 }
    moving.spline.coefficients.withUnsafeBufferPointer { coefficients in
      let sampler = SplineSampler(moving.spline, coefficients)
      points.offsets.withUnsafeBufferPointer { offsets in
        points.bins.withUnsafeBufferPointer { fixedBins in
          seen.withUnsafeMutableBufferPointer { seen in
            joint.withUnsafeMutableBufferPointer { joint in
              for n in offsets.indices {
                let p = offsets[n]
                guard var sample = sampler.sample(origin + x * p.x + y * p.y + z * p.z) else {
                  seen[n].w = -1
                  continue
                }
                inside += 1
                let place = sample.w * scale + shift
                let cut = min(max(place, 1), top)
                if cut != place { sample = .zero }
                sample.w = cut
                seen[n] = sample
                let low = cut.rounded(.down)
                let weights = CubicWeights.values(cut - low)
                let first = Int(fixedBins[n]) * bins + Int(low) - 1
                for tap in 0..<4 { joint[first + tap] += Double(weights[tap]) }
              }
            }
          }
        }
      }
    }
    return inside
  }

  /// The measure, and in `slopes` its derivative by the joint probabilities, but for a constant that cancels.
  private mutating func entropies(_ inside: Int, wantsSlopes: Bool) -> Double {
    let perPoint = 1 / Double(inside)
    var marginal = [Double](repeating: 0, count: bins)
    var (fixed, both) = (0.0, 0.0)
    for i in 0..<bins {
      var sum = 0.0
      for j in 0..<bins {
        let p = joint[i * bins + j] * perPoint
        sum += p
        marginal[j] += p
        if p > 0 { both -= p * log(p) }
      }
      if sum > 0 { fixed -= sum * log(sum) }
    }
    let logs = marginal.map { $0 > 0 ? log($0) : 0 }
    let moving = zip(marginal, logs).reduce(0) { $0 - $1.0 * $1.1 }
    guard both > 0 else { return 1 }
    let sum = fixed + moving
    if wantsSlopes {
      for i in 0..<bins {
        for j in 0..<bins {
          let p = joint[i * bins + j] * perPoint
          slopes[i * bins + j] = p > 0 ? Float((sum * log(p) - both * logs[j]) / (both * both)) : 0
        }
      }
    }
    return sum / both
  }

  private func gradient(_ transform: RigidTransform, _ inside: Int) -> (SIMD3<Double>, SIMD3<Double>) {
    // Sums of derivatives along voxel axes, alone and times the x, y and z of the point.
    var totals = [SIMD4<Double>](repeating: .zero, count: 4)
    let bins = bins
    points.offsets.withUnsafeBufferPointer { offsets in
      points.bins.withUnsafeBufferPointer { fixedBins in
        seen.withUnsafeBufferPointer { seen in
          slopes.withUnsafeBufferPointer { slopes in
            // Floats add up a thousand at a time, doubles the thousands.
            for block in stride(from: 0, to: offsets.count, by: 1024) {
              var (one, x, y, z) = (SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero)
              for n in block..<min(block + 1024, offsets.count) {
                let sample = seen[n]
                guard sample.w >= 0 else { continue }
                let low = sample.w.rounded(.down)
                let weights = CubicWeights.derivatives(sample.w - low)
                let first = Int(fixedBins[n]) * bins + Int(low) - 1
                var slope: Float = 0
                for tap in 0..<4 { slope += slopes[first + tap] * weights[tap] }
                let pull = sample * slope
                one += pull
                x += pull * offsets[n].x
                y += pull * offsets[n].y
                z += pull * offsets[n].z
              }
              totals[0] += SIMD4<Double>(one)
              totals[1] += SIMD4<Double>(x)
              totals[2] += SIMD4<Double>(y)
              totals[3] += SIMD4<Double>(z)
            }
          }
        }
      }
    }
    let scale = Double(bins - 4) / Double(inside)
    let m = moving.toVoxel.rows
    /// Derivatives along voxel axes → along world axes.
    func world(_ g: SIMD4<Double>) -> SIMD3<Double> {
      func along(_ c: Int) -> Double { m[0][c] * g.x + m[1][c] * g.y + m[2][c] * g.z }
      return SIMD3(along(0), along(1), along(2)) * scale
    }
    let moments = [world(totals[1]), world(totals[2]), world(totals[3])]
    // Σ (R p) gᵀ, row by row of R p.
    let turned = (0..<3).map { r in (0..<3).reduce(SIMD3<Double>.zero) { $0 + moments[$1] * transform.rotation[r][$1] }
    }
    let torque = SIMD3(turned[1].z - turned[2].y, turned[2].x - turned[0].z, turned[0].y - turned[1].x)
    return (world(totals[0]), torque)
  }
}
