/// The cubic B-spline through the voxels of a volume: values between them, smooth up to the second derivative.
///
/// Beyond the outermost voxels the volume goes on mirrored about its faces (half-sample symmetric, SciPy's `reflect`).
public struct CubicSpline: Sendable {
  /// Of the volume.
  public let shape: GridShape
  /// Of ``coefficients``: every axis longer by 1 before the first voxel and by 2 behind the last, so that the four
  /// coefficients around any point of the volume exist.
  public let paddedShape: GridShape
  /// Axis 0 fastest.
  public let coefficients: [Float]

  /// - Parameters:
  ///   - voxels: axis 0 fastest, finite.
  public init(_ voxels: [Float], shape: GridShape) {
    precondition(voxels.count == shape.voxelCount, "one value per voxel")
    var values = voxels
    let counts = [shape.ni, shape.nj, shape.nk]
    for axis in 0..<3 where counts[axis] > 1 { Self.filter(&values, counts[axis], inner: counts[..<axis].reduce(1, *)) }
    let padded = GridShape(shape.ni + 3, shape.nj + 3, shape.nk + 3)
    self.shape = shape
    paddedShape = padded
    coefficients = [Float](unsafeUninitializedCapacity: padded.voxelCount) { out, count in
      let columns = (0..<padded.ni).map { Self.mirrored($0 - 1, shape.ni) }
      var n = 0
      for k in 0..<padded.nk {
        for j in 0..<padded.nj {
          let row = shape.ni * (Self.mirrored(j - 1, shape.nj) + shape.nj * Self.mirrored(k - 1, shape.nk))
          for i in columns {
            out.initializeElement(at: n, to: values[row + i])
            n += 1
          }
        }
      }
      count = n
    }
  }

  /// Samples → coefficients along one axis; lines lie `inner` values apart.
  private static func filter(_ values: inout [Float], _ count: Int, inner: Int) {
    let stripe = 64
    var scratch = [Double](repeating: 0, count: count * min(stripe, inner))
    values.withUnsafeMutableBufferPointer { values in
      scratch.withUnsafeMutableBufferPointer { scratch in
        for base in stride(from: 0, to: values.count, by: count * inner) {
          for start in stride(from: base, to: base + inner, by: stripe) {
            let width = min(stripe, base + inner - start)
            for i in 0..<count { for x in 0..<width { scratch[i * width + x] = Double(values[start + i * inner + x]) } }
            CubicCoefficients.replace(scratch, count: count, width: width)
            for i in 0..<count { for x in 0..<width { values[start + i * inner + x] = Float(scratch[i * width + x]) } }
          }
        }
      }
    }
  }

  /// The voxel that stands for index −1 … count + 1.
  private static func mirrored(_ index: Int, _ count: Int) -> Int {
    min(max(index < 0 ? -1 - index : index >= count ? 2 * count - 1 - index : index, 0), count - 1)
  }
}

extension Resampling {
  /// Cubic B-spline interpolation, cut to the range of the volume; a voxel whose centre lies outside every voxel of the
  /// volume is 0.
  ///
  /// For intensities that are resampled once. Inside, the values are those of SciPy's `ndimage.affine_transform`
  /// (`order=3`, `mode="reflect"`); a centre in the outer half of a border voxel gets the value of the border.
  ///
  /// - Precondition: the values are finite.
  public static func cubic(_ volume: Volume<Float>, onto shape: GridShape, _ affine: Affine) -> Volume<Float> {
    let spline = CubicSpline(volume.voxels, shape: volume.shape)
    let (low, high) = (volume.voxels.min()!, volume.voxels.max()!)
    let (ni, nj) = (spline.paddedShape.ni, spline.paddedShape.nj)
    let voxels = spline.coefficients.withUnsafeBufferPointer { coefficients in
      sample(volume.shape, volume.affine, shape, affine) { x, y, z -> Float in
        guard let (i, u) = taps(x, volume.shape.ni), let (j, v) = taps(y, volume.shape.nj),
          let (k, w) = taps(z, volume.shape.nk)
        else { return 0 }
        var sum = 0.0
        for c in 0..<4 {
          var plane = 0.0
          for b in 0..<4 {
            let row = i + ni * (j + b + nj * (k + c))
            var line = 0.0
            for a in 0..<4 { line += u[a] * Double(coefficients[row + a]) }
            plane += v[b] * line
          }
          sum += w[c] * plane
        }
        return min(max(Float(sum), low), high)
      }
    }
    return Volume(shape: shape, affine: affine, voxels: voxels)
  }

  /// The first of four padded coefficients along an axis and their weights; nil outside the voxels.
  @inline(__always) private static func taps(_ x: Double, _ count: Int) -> (Int, SIMD4<Double>)? {
    guard x >= -0.5 - slack, x <= Double(count) - 0.5 + slack else { return nil }
    let inside = min(max(x, 0), Double(count - 1))
    let low = inside.rounded(.down)
    let t = inside - low
    let s = 1 - t
    let (first, last) = (s * s * s / 6, t * t * t / 6)
    let second = (t * t * (t - 2) * 3 + 4) / 6
    return (Int(low), SIMD4(first, second, 1 - first - second - last, last))
  }
}
