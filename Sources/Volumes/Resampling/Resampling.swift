/// The degree of the spline through the samples of a line.
public enum Interpolation: Int, Hashable, Sendable, CaseIterable {
  /// The nearest sample; half-way points go to the higher index.
  case nearest = 0
  case linear = 1
  case cubic = 3
}

/// Which axis of anisotropic voxels is resampled by itself, slice by slice, as nnU-Net v2 decides.
public enum SeparateAxis {
  /// The largest voxel size must exceed the smallest by more than this factor.
  public static let anisotropyThreshold = 3.0

  /// The axis of largest voxel size when the old grid, or else the new one, is anisotropic; nil when all axes go
  /// together.
  ///
  /// Two or three axes of the largest size are never separated. Source: nnunetv2 2.8,
  /// `preprocessing/resampling/default_resampling.py`, `determine_do_sep_z_and_axis`.
  ///
  /// - Parameters:
  ///   - old: voxel size of the grid that is resampled, in mm, axis by axis.
  ///   - new: voxel size of the wanted grid, in the same axes.
  ///   - forced: true or false to decide by hand, nil to go by the threshold.
  public static func axis(old: [Double], new: [Double], forced: Bool?) -> Int? {
    let decisive: [Double]
    switch forced {
    case true?: decisive = old
    case false?: return nil
    case nil: if isAnisotropic(old) { decisive = old } else if isAnisotropic(new) { decisive = new } else { return nil }
    }
    let largest = decisive.indices.filter { decisive[$0] == decisive.max()! }
    return largest.count == 1 ? largest[0] : nil
  }

  private static func isAnisotropic(_ spacing: [Double]) -> Bool {
    spacing.max()! / spacing.min()! > anisotropyThreshold
  }
}

/// Values of a volume at the voxel centres of another grid, by the two affines alone.
public enum Resampling {
  /// Trilinear interpolation; a voxel whose centre lies outside the volume's outermost voxel centres is 0.
  ///
  /// For intensities. Where the grids coincide the values come back exactly.
  public static func trilinear(_ volume: Volume<Float>, onto shape: GridShape, _ affine: Affine) -> Volume<Float> {
    let source = volume.shape
    let (ni, nj) = (source.ni, source.nj)
    let voxels = volume.voxels.withUnsafeBufferPointer { old in
      sample(volume.shape, volume.affine, shape, affine) { x, y, z -> Float in
        guard let (i, fi) = cell(x, source.ni), let (j, fj) = cell(y, source.nj), let (k, fk) = cell(z, source.nk)
        else { return 0 }
        // A step of 0 along an axis where the point lies on the last voxel: nothing beyond it is read.
        let (di, dj, dk) = (fi > 0 ? 1 : 0, fj > 0 ? ni : 0, fk > 0 ? ni * nj : 0)
        let base = i + ni * (j + nj * k)
        func line(_ at: Int) -> Double { mix(Double(old[at]), Double(old[at + di]), fi) }
        func plane(_ at: Int) -> Double { mix(line(at), line(at + dj), fj) }
        return Float(mix(plane(base), plane(base + dk), fk))
      }
    }
    return Volume(shape: shape, affine: affine, voxels: voxels)
  }

  /// The nearest voxel's value; a voxel whose centre lies outside every voxel of the volume gets `outside`.
  ///
  /// For labels. Half-way points go to the higher index.
  public static func nearest<Element>(
    _ volume: Volume<Element>, onto shape: GridShape, _ affine: Affine, outside: Element
  ) -> Volume<Element> {
    let source = volume.shape
    let voxels = volume.voxels.withUnsafeBufferPointer { old in
      sample(volume.shape, volume.affine, shape, affine) { x, y, z -> Element in
        let (i, j, k) = ((x + 0.5).rounded(.down), (y + 0.5).rounded(.down), (z + 0.5).rounded(.down))
        guard i >= 0, j >= 0, k >= 0, i < Double(source.ni), j < Double(source.nj), k < Double(source.nk) else {
          return outside
        }
        return old[Int(i) + source.ni * (Int(j) + source.nj * Int(k))]
      }
    }
    return Volume(shape: shape, affine: affine, voxels: voxels)
  }

  /// Rounding of the two affines may push a centre this far (in voxels) off the voxel it coincides with.
  static let slack = 1e-6

  /// The lower neighbour and the fraction towards the upper one; `nil` outside. Points within the slack of a voxel
  /// centre are on it.
  @inline(__always) private static func cell(_ x: Double, _ count: Int) -> (Int, Double)? {
    let whole = x.rounded()
    let on = abs(x - whole) < slack ? whole : x
    guard on >= 0, on <= Double(count - 1) else { return nil }
    let low = on.rounded(.down)
    return (Int(low), on - low)
  }

  @inline(__always) private static func mix(_ a: Double, _ b: Double, _ fraction: Double) -> Double {
    a + (b - a) * fraction
  }

  /// Calls `value` with the source voxel coordinate of every target voxel, in storage order.
  @inline(__always) static func sample<Element>(
    _ source: GridShape, _ sourceAffine: Affine, _ target: GridShape, _ targetAffine: Affine,
    _ value: (Double, Double, Double) -> Element
  ) -> [Element] {
    let map = sourceAffine.inverse.composed(with: targetAffine)
    let (x, y, z) = (map.rows[0], map.rows[1], map.rows[2])
    let (xi, yi, zi) = (x[0], y[0], z[0])
    return [Element](unsafeUninitializedCapacity: target.voxelCount) { out, count in
      var n = 0
      for k in 0..<target.nk {
        for j in 0..<target.nj {
          let (fj, fk) = (Double(j), Double(k))
          let (x0, y0, z0) = (x[1] * fj + x[2] * fk + x[3], y[1] * fj + y[2] * fk + y[3], z[1] * fj + z[2] * fk + z[3])
          for i in 0..<target.ni {
            let fi = Double(i)
            out.initializeElement(at: n, to: value(x0 + xi * fi, y0 + yi * fi, z0 + zi * fi))
            n += 1
          }
        }
      }
      count = n
    }
  }
}
