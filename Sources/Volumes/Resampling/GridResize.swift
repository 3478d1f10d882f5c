/// A grid's values at the voxel centres of another grid that covers the same box with another number of voxels.
///
/// Axis by axis the resampling of ``LineSampling``. Cubic interpolation is followed by a cut to the range of the values
/// that went in. Source: `skimage.transform.resize(mode="edge", anti_aliasing=False)`, used so by nnunetv2 2.8,
/// `preprocessing/resampling/default_resampling.py`. Values are in row-major order, last axis fastest, as in a tensor.
public struct GridResize: Hashable, Sendable {
  /// Voxels per axis before and after.
  public let source: [Int]
  public let target: [Int]
  /// The axis along which slices stay apart while they are resampled; it comes last, with its own interpolation.
  public let separateAxis: Int?
  let lines: [LineSampling]

  /// - Parameters:
  ///   - interpolation: of all axes but the separate one.
  ///   - along: of the separate axis; nearest or linear.
  public init(
    from source: [Int], to target: [Int], _ interpolation: Interpolation, separateAxis: Int? = nil,
    along: Interpolation = .nearest
  ) {
    precondition(source.count == 3 && target.count == 3 && (source + target).allSatisfy { $0 > 0 })
    precondition(separateAxis == nil || along != .cubic, "slices are combined by nearest or linear interpolation")
    self.source = source
    self.target = target
    self.separateAxis = separateAxis
    lines = (0..<3).map { LineSampling(from: source[$0], to: target[$0], $0 == separateAxis ? along : interpolation) }
  }

  public var isIdentity: Bool { source == target }

  /// The resampled values; the same ones where the shapes agree.
  public func applied(to values: [Float]) -> [Float] {
    precondition(values.count == source.reduce(1, *), "one value per voxel")
    if isIdentity { return values }
    let together = (0..<3).filter { $0 != separateAxis }
    var grid = ResizedGrid(shape: source, values: values.map(Double.init))
    for axis in together { grid.resample(axis, lines[axis]) }
    if together.contains(where: { lines[$0].interpolation == .cubic }) { clip(&grid, toRangeOf: values) }
    if let separateAxis { grid.resample(separateAxis, lines[separateAxis]) }
    return grid.values.map(Float.init)
  }

  /// Cuts values to the range of the source: of each slice where slices stay apart, else of the whole grid.
  private func clip(_ grid: inout ResizedGrid, toRangeOf values: [Float]) {
    let slices = separateAxis.map { source[$0] } ?? 1
    /// Visits the runs of consecutive values that belong to one slice.
    func forEachRun(_ shape: [Int], _ body: (_ slice: Int, _ run: Range<Int>) -> Void) {
      let inner = separateAxis.map { shape[($0 + 1)...].reduce(1, *) } ?? shape.reduce(1, *)
      for (number, start) in stride(from: 0, to: shape.reduce(1, *), by: inner).enumerated() {
        body(number % slices, start..<start + inner)
      }
    }
    var low = [Double](repeating: .infinity, count: slices)
    var high = [Double](repeating: -.infinity, count: slices)
    forEachRun(source) { slice, run in
      for index in run {
        low[slice] = min(low[slice], Double(values[index]))
        high[slice] = max(high[slice], Double(values[index]))
      }
    }
    forEachRun(grid.shape) { slice, run in
      for index in run { grid.values[index] = min(max(grid.values[index], low[slice]), high[slice]) }
    }
  }

  /// Where a voxel of the target lies on the source grid, in voxels along each axis.
  public func sourceCoordinate(ofTarget voxel: [Double]) -> [Double] {
    (0..<3).map { LineSampling.oldCoordinate(of: voxel[$0], old: source[$0], new: target[$0]) }
  }

  /// Where a voxel of the source lies on the target grid, in voxels along each axis.
  public func targetCoordinate(ofSource voxel: [Double]) -> [Double] {
    (0..<3).map { LineSampling.oldCoordinate(of: voxel[$0], old: target[$0], new: source[$0]) }
  }
}

/// Values in double precision on their way from one shape to another.
private struct ResizedGrid {
  var shape: [Int]
  var values: [Double]
  /// Lines that pass through the filter beside each other.
  private static let stripe = 64

  mutating func resample(_ axis: Int, _ line: LineSampling) {
    guard line.oldCount != line.newCount else { return }
    let outer = shape[..<axis].reduce(1, *)
    let inner = shape[(axis + 1)...].reduce(1, *)
    let padding = line.interpolation == .cubic ? LineSampling.cubicPadding : 0
    let padded = line.oldCount + 2 * padding
    var result = [Double](repeating: 0, count: outer * line.newCount * inner)
    var scratch = [Double](repeating: 0, count: padded * min(Self.stripe, inner))
    values.withUnsafeBufferPointer { old in
      result.withUnsafeMutableBufferPointer { new in
        scratch.withUnsafeMutableBufferPointer { scratch in
          for o in 0..<outer {
            for start in stride(from: 0, to: inner, by: Self.stripe) {
              let width = min(Self.stripe, inner - start)
              for i in 0..<padded {
                let from = (o * line.oldCount + min(max(i - padding, 0), line.oldCount - 1)) * inner + start
                for x in 0..<width { scratch[i * width + x] = old[from + x] }
              }
              if padding > 0 { CubicCoefficients.replace(scratch, count: padded, width: width) }
              for k in 0..<line.newCount {
                let to = (o * line.newCount + k) * inner + start
                for tap in (k * line.tapCount)..<((k + 1) * line.tapCount) {
                  let (from, weight) = (line.indices[tap] * width, line.weights[tap])
                  for x in 0..<width { new[to + x] += weight * scratch[from + x] }
                }
              }
            }
          }
        }
      }
    }
    values = result
    shape[axis] = line.newCount
  }
}

/// The transposed resampling, for gradients of what was resampled.
extension GridResize {
  /// Whether every new value is a fixed linear combination of a few old ones, so that ``adjoint(of:)`` exists.
  public var isSparseLinear: Bool { isIdentity || !lines.contains { $0.interpolation == .cubic } }

  /// Aᵀ of this resampling A applied to a sparse volume: ⟨A x, t⟩ = ⟨x, Aᵀ t⟩ for every x on the source grid.
  ///
  /// - Parameter voxels: linear indices on the target grid, last axis fastest, and their values.
  /// - Returns: linear indices on the source grid, ascending, and their values; those that are exactly 0 are left out.
  /// - Precondition: ``isSparseLinear``.
  public func adjoint(of voxels: [(index: Int, value: Double)]) -> [(index: Int, value: Double)] {
    precondition(isSparseLinear, "no adjoint of a resampling that is cut to a range")
    var sums: [Int: Double] = [:]
    for voxel in voxels {
      let (i, j, k) = (
        voxel.index / (target[1] * target[2]), voxel.index / target[2] % target[1], voxel.index % target[2]
      )
      forEachTap(0, i) { a, u in
        forEachTap(1, j) { b, v in
          forEachTap(2, k) { c, w in sums[(a * source[1] + b) * source[2] + c, default: 0] += voxel.value * u * v * w }
        }
      }
    }
    return sums.filter { $0.value != 0 }.map { (index: $0.key, value: $0.value) }.sorted { $0.index < $1.index }
  }

  private func forEachTap(_ axis: Int, _ position: Int, _ body: (Int, Double) -> Void) {
    let line = lines[axis]
    guard line.oldCount != line.newCount else { return body(position, 1) }
    for tap in (position * line.tapCount)..<((position + 1) * line.tapCount) where line.weights[tap] != 0 {
      body(line.indices[tap], line.weights[tap])
    }
  }
}
