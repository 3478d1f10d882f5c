/// Exact Euclidean distances to the nearest of some voxels, from centre to centre, in mm.
///
/// Lower envelopes of parabolas, axis by axis; the axes are taken to be perpendicular. Equal to
/// `scipy.ndimage.distance_transform_edt` with `sampling`. Source: Felzenszwalb and Huttenlocher, *Distance transforms
/// of sampled functions*, Theory of Computing 2012.
public enum EuclideanDistance {
  /// - Parameters:
  ///   - members: one value per voxel, axis 0 fastest.
  ///   - spacing: voxel edges in mm along the three axes.
  /// - Returns: 0 in a member; `infinity` everywhere where there is none.
  public static func millimetres(to members: [Bool], shape: GridShape, spacing: (Double, Double, Double)) -> [Float] {
    precondition(members.count == shape.voxelCount, "one value per voxel")
    var squares = members.map { $0 ? 0 : Float.infinity }
    let sizes = [shape.ni, shape.nj, shape.nk]
    let strides = [1, shape.ni, shape.ni * shape.nj]
    for (axis, edge) in [spacing.0, spacing.1, spacing.2].enumerated() where sizes[axis] > 1 {
      var envelope = ParabolaEnvelope(count: sizes[axis], edge: edge)
      let (stride, length) = (strides[axis], sizes[axis] * strides[axis])
      squares.withUnsafeMutableBufferPointer { squares in
        for block in Swift.stride(from: 0, to: shape.voxelCount, by: length) {
          for offset in 0..<stride { envelope.apply(to: squares, from: block + offset, stride: stride) }
        }
      }
    }
    return squares.map { $0.squareRoot() }
  }
}

/// min over q of f(q) + (edge · (p − q))² along one line.
private struct ParabolaEnvelope {
  private let count: Int
  private let edge: Double
  private var values: [Double]
  /// The parabolas of the envelope from left to right, and where each begins.
  private var apexes: [Int]
  private var begins: [Double]

  init(count: Int, edge: Double) {
    self.count = count
    self.edge = edge
    values = Array(repeating: 0, count: count)
    apexes = Array(repeating: 0, count: count)
    begins = Array(repeating: 0, count: count)
  }

  mutating func apply(to line: UnsafeMutableBufferPointer<Float>, from start: Int, stride: Int) {
    var last = -1
    for q in 0..<count {
      let value = Double(line[start + q * stride])
      values[q] = value
      guard value.isFinite else { continue }
      let place = Double(q) * edge
      var begin = -Double.infinity
      while last >= 0 {
        let apex = apexes[last]
        let other = Double(apex) * edge
        begin = ((value + place * place) - (values[apex] + other * other)) / (2 * (place - other))
        if begin > begins[last] { break }
        last -= 1
        begin = -Double.infinity
      }
      last += 1
      apexes[last] = q
      begins[last] = begin
    }
    guard last >= 0 else { return }
    var current = 0
    for p in 0..<count {
      let place = Double(p) * edge
      while current < last && begins[current + 1] < place { current += 1 }
      let step = place - Double(apexes[current]) * edge
      line[start + p * stride] = Float(values[apexes[current]] + step * step)
    }
  }
}
