import Networks

/// The normalisation schemes of nnU-Net v2. Source: nnunetv2 2.8, `preprocessing/normalization/default_normalization_schemes.py`.
enum NNUNetNormalisation {
  /// Divisors are at least this, as there.
  private static let smallestDivisor = 1e-8

  /// - Parameters:
  ///   - values: one channel of the cropped image.
  ///   - isInside: one flag per voxel, see ``NonZeroRegion``.
  ///   - file: named in the error.
  ///   - channel: `FLAIR` or `MPRAGE`, named in the error.
  /// - Throws: ``QualityControlError/badInput(_:)`` for a channel without contrast.
  static func apply(
    _ scheme: NNUNetPreprocessing.Normalisation, to values: [Float], isInside: [Bool], file: String, channel: String
  ) throws -> [Float] {
    guard let low = values.min(), let high = values.max(), low < high else {
      throw QualityControlError.badInput(
        "\(file): the \(channel) image has one value everywhere; expected an image of a brain")
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
