import Volumes

/// The slow change of brightness across a head that coils and bias fields cause.
///
/// The mean intensity of tissue around each point, weighted by a Gaussian. Dividing by it keeps two opposite shadings
/// from being taken for a displacement. It also takes some contrast from tissue that is as wide as the Gaussian, which
/// does no harm here: the images are compared, not measured.
struct Shading: Sendable {
  private let field: ImageLevel

  /// Of the Gaussian.
  static let deviationMillimetres = 15.0
  /// Weight of the mean over the whole head, against that of a point surrounded by tissue.
  private static let overallWeight: Float = 0.02

  /// - Parameters:
  ///   - values: from 0 to 1, axis 0 fastest.
  ///   - threshold: what is brighter is tissue.
  init(of values: [Float], shape: GridShape, affine: Affine, threshold: Float) {
    let coarse = ReducedImage(values, shape: shape, affine: affine, deviation: 4, spacing: 4)
    func blurred(_ values: [Float]) -> [Float] {
      ReducedImage(values, shape: coarse.shape, affine: coarse.affine, deviation: Self.deviationMillimetres, spacing: 0)
        .values
    }
    let tissue = coarse.values.map { $0 > threshold ? Float(1) : 0 }
    let count = tissue.reduce(0, +)
    let bright = zip(coarse.values, tissue).map { $0 * $1 }
    let mean = count > 0 ? bright.reduce(0, +) / count : 1
    let (sums, weights) = (blurred(bright), blurred(tissue))
    field = ImageLevel(
      ReducedImage(
        zip(sums, weights).map { ($0 + Self.overallWeight * mean) / ($1 + Self.overallWeight) }, shape: coarse.shape,
        affine: coarse.affine))
  }

  /// Divides values on a grid by the shading.
  func remove(from values: inout [Float], shape: GridShape, affine: Affine) {
    let map = field.toVoxel.composed(with: affine)
    func column(_ c: Int) -> SIMD3<Float> { SIMD3(Float(map.rows[0][c]), Float(map.rows[1][c]), Float(map.rows[2][c])) }
    let (x, y, z, origin) = (column(0), column(1), column(2), column(3))
    let last = SIMD3(Float(field.shape.ni - 1), Float(field.shape.nj - 1), Float(field.shape.nk - 1))
    field.spline.coefficients.withUnsafeBufferPointer { coefficients in
      let sampler = SplineSampler(field.spline, coefficients)
      values.withUnsafeMutableBufferPointer { values in
        var n = 0
        for k in 0..<shape.nk {
          for j in 0..<shape.nj {
            let row = origin + y * Float(j) + z * Float(k)
            for i in 0..<shape.ni {
              // The border's shading goes on beyond the outermost voxel centres of the coarse grid.
              let voxel = (row + x * Float(i)).clamped(lowerBound: .zero, upperBound: last)
              if let sample = sampler.sample(voxel) { values[n] /= max(sample.w, 1e-3) }
              n += 1
            }
          }
        }
      }
    }
  }
}
