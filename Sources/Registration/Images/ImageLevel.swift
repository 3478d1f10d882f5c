import Volumes

/// An image at one resolution, as a cubic spline.
struct ImageLevel: Sendable {
  let shape: GridShape
  let affine: Affine
  /// From world to voxel.
  let toVoxel: Affine
  /// At the voxels, axis 0 fastest.
  let values: [Float]
  let spline: CubicSpline

  init(_ image: ReducedImage) {
    values = image.values
    shape = image.shape
    affine = image.affine
    toVoxel = image.affine.inverse
    spline = CubicSpline(image.values, shape: image.shape)
  }

  /// The value at a point of the world; nil outside the outermost voxel centres.
  func value(at point: WorldPoint) -> Float? {
    let v = toVoxel.world(point.x, point.y, point.z)
    return spline.coefficients.withUnsafeBufferPointer {
      SplineSampler(spline, $0).sample(SIMD3(Float(v.x), Float(v.y), Float(v.z))).map(\.w)
    }
  }
}

/// Reads values and derivatives of a spline; valid as long as the buffer is.
struct SplineSampler {
  private let base: UnsafeRawPointer
  private let row: Int
  private let plane: Int
  private let last: SIMD3<Float>

  init(_ spline: CubicSpline, _ coefficients: UnsafeBufferPointer<Float>) {
    precondition(coefficients.count == spline.paddedShape.voxelCount, "the spline's own coefficients")
    base = UnsafeRawPointer(coefficients.baseAddress!)
    row = spline.paddedShape.ni
    plane = spline.paddedShape.ni * spline.paddedShape.nj
    last = SIMD3(Float(spline.shape.ni - 1), Float(spline.shape.nj - 1), Float(spline.shape.nk - 1))
  }

  /// The derivatives along the three voxel axes and, last, the value; nil outside the outermost voxel centres.
  @inline(__always) func sample(_ voxel: SIMD3<Float>) -> SIMD4<Float>? {
    // Negated, so that NaN is outside.
    guard all(voxel .>= 0), all(voxel .<= last) else { return nil }
    let low = voxel.rounded(.down)
    let t = voxel - low
    let (wx, dx) = (CubicWeights.values(t.x), CubicWeights.derivatives(t.x))
    let (wy, dy) = (CubicWeights.values(t.y), CubicWeights.derivatives(t.y))
    let (wz, dz) = (CubicWeights.values(t.z), CubicWeights.derivatives(t.z))
    let first = Int(low.x) + row * Int(low.y) + plane * Int(low.z)
    var (a, b, c) = (SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero)
    for k in 0..<4 {
      var (inPlane, alongY) = (SIMD4<Float>.zero, SIMD4<Float>.zero)
      for j in 0..<4 {
        // The padding of the spline keeps all four within the buffer.
        let line = base.loadUnaligned(fromByteOffset: 4 * (first + row * j + plane * k), as: SIMD4<Float>.self)
        inPlane += line * wy[j]
        alongY += line * dy[j]
      }
      a += inPlane * wz[k]
      b += alongY * wz[k]
      c += inPlane * dz[k]
    }
    return SIMD4((a * dx).sum(), (b * wx).sum(), (c * wx).sum(), (a * wx).sum())
  }
}

/// The four cubic B-splines that are not 0 at a point, t from 0 to 1 behind the second of them.
enum CubicWeights {
  @inline(__always) static func values(_ t: Float) -> SIMD4<Float> {
    let s = 1 - t
    let (first, last) = (s * s * s / 6, t * t * t / 6)
    let second = (t * t * (t - 2) * 3 + 4) / 6
    return SIMD4(first, second, 1 - first - second - last, last)
  }

  /// By t.
  @inline(__always) static func derivatives(_ t: Float) -> SIMD4<Float> {
    let s = 1 - t
    let (first, last) = (-s * s / 2, t * t / 2)
    let second = t * (3 * t - 4) / 2
    return SIMD4(first, second, -first - second - last, last)
  }
}
