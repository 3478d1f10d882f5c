/// Per-channel z-score over the voxels that are not exactly 0, with the population standard deviation; zeros stay 0.
///
/// Source: method of Spagnolo et al. 2026. Sums run in double precision in a fixed order.
enum Normalisation {
  /// - Parameters:
  ///   - file: named in the error.
  ///   - channel: `FLAIR` or `MPRAGE`, named in the error.
  /// - Throws: ``QualityControlError/badInput(_:)`` when no voxel differs from 0 or all of these have one value.
  static func zScoreOfNonZero(_ voxels: [Float], file: String, channel: String) throws -> [Float] {
    var count = 0
    var sum = 0.0
    for value in voxels where value != 0 {
      count += 1
      sum += Double(value)
    }
    guard count > 0 else {
      throw QualityControlError.badInput("\(file): the \(channel) image is 0 everywhere; expected an image of a brain")
    }
    let mean = sum / Double(count)
    var squares = 0.0
    for value in voxels where value != 0 {
      let difference = Double(value) - mean
      squares += difference * difference
    }
    let deviation = (squares / Double(count)).squareRoot()
    // Single-precision voxels of one value differ from their mean by rounding at most.
    guard deviation > 1e-7 * Swift.max(abs(mean), Double(Float.leastNormalMagnitude)) else {
      throw QualityControlError.badInput(
        "\(file): the \(channel) image is constant (every non-zero voxel is \(Float(mean))); expected an image of a brain"
      )
    }
    return voxels.map { $0 == 0 ? 0 : Float((Double($0) - mean) / deviation) }
  }
}
