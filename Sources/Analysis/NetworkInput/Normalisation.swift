import Models
import Networks
import Results

/// Per-channel z-score over the voxels that are not exactly 0, with the population standard deviation; zeros stay 0.
///
/// Source: method of Spagnolo et al. 2026. Sums run in double precision in a fixed order.
enum Normalisation {
  /// - Parameters:
  ///   - file: named in the error.
  ///   - channel: `FLAIR` or `MPRAGE`, named in the error.
  /// - Throws: ``Fault`` when no voxel differs from 0 or all of these have one value.
  static func zScoreOfNonZero(_ voxels: [Float], file: String, channel: String) throws -> [Float] {
    var count = 0
    var sum = 0.0
    for value in voxels where value != 0 {
      count += 1
      sum += Double(value)
    }
    guard count > 0 else {
      throw Fault(.input, file, role: channel, found: "is 0 everywhere", expected: "an image of a brain")
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
      throw Fault(
        .input, file, role: channel, found: "is constant (every non-zero voxel is \(Float(mean)))",
        expected: "an image of a brain")
    }
    return voxels.map { $0 == 0 ? 0 : Float((Double($0) - mean) / deviation) }
  }
}

/// The normalisation schemes of nnU-Net v2. Source: nnunetv2 2.8,
/// `preprocessing/normalization/default_normalization_schemes.py`.
enum NNUNetNormalisation {
  /// Divisors are at least this, as there.
  private static let smallestDivisor = 1e-8

  /// - Parameters:
  ///   - values: one channel of the cropped image.
  ///   - isInside: one flag per voxel, see ``NonZeroRegion``.
  ///   - file: named in the error.
  ///   - channel: `FLAIR` or `MPRAGE`, named in the error.
  /// - Throws: ``Fault`` for a channel without contrast.
  static func apply(
    _ scheme: NNUNetPreprocessing.Normalisation, to values: [Float], isInside: [Bool], file: String, channel: String
  ) throws -> [Float] {
    guard let low = values.min(), let high = values.max(), low < high else {
      throw Fault(.input, file, role: channel, found: "has one value everywhere", expected: "an image of a brain")
    }
    switch scheme {
    case .zScore(useMask: false): return zScore(values, [Bool](repeating: true, count: values.count))
    case .zScore(useMask: true): return zScore(values, isInside)
    case .fixed(let mean, let deviation, let lower, let upper):
      let divisor = max(deviation, smallestDivisor)
      return values.map { Float((min(max(Double($0), lower), upper) - mean) / divisor) }
    case .rescaleTo01:
      let divisor = max(Double(high) - Double(low), smallestDivisor)
      return values.map { Float((Double($0) - Double(low)) / divisor) }
    case .none: return values
    }
  }

  private static func zScore(_ values: [Float], _ counts: [Bool]) -> [Float] {
    var (count, sum) = (0, 0.0)
    for (value, inside) in zip(values, counts) where inside {
      count += 1
      sum += Double(value)
    }
    guard count > 0 else { return values }
    let mean = sum / Double(count)
    var squares = 0.0
    for (value, inside) in zip(values, counts) where inside {
      squares += (Double(value) - mean) * (Double(value) - mean)
    }
    let divisor = max((squares / Double(count)).squareRoot(), smallestDivisor)
    return zip(values, counts).map { $1 ? Float((Double($0) - mean) / divisor) : $0 }
  }
}
