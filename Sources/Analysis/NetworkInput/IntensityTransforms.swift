import Models
import Results
import Statistics

/// MONAI's transforms of intensities, see `IntensityTransform`; statistics run in double precision in a fixed order.
enum IntensityTransforms {
  /// - Parameters:
  ///   - channels: on the network's grid.
  ///   - names: file and role of each channel, named in the error.
  /// - Throws: ``Fault`` for a channel without contrast, or one without contrast where a scale is taken from it.
  static func apply(_ steps: [IntensityTransform], to channels: [[Float]], names: [(file: String, role: String)]) throws
    -> [[Float]]
  {
    for (values, name) in zip(channels, names) where values.allSatisfy({ $0 == values[0] }) {
      throw Fault(
        .input, name.file, role: name.role, found: "has one value everywhere", expected: "an image of a brain")
    }
    return try steps.reduce(channels) { channels, step in
      guard step.isChannelWise else {
        let all = try step.applied(to: Array(channels.joined()), name: names[0])
        let count = channels[0].count
        return channels.indices.map { Array(all[$0 * count..<($0 + 1) * count]) }
      }
      return try zip(channels, names).map { try step.applied(to: $0, name: $1) }
    }
  }
}

extension IntensityTransform {
  fileprivate var isChannelWise: Bool {
    switch self {
    case .normalise(_, let isChannelWise), .scale(_, _, let isChannelWise), .clipPercentiles(_, let isChannelWise),
      .scalePercentiles(_, _, _, let isChannelWise):
      isChannelWise
    case .scaleRange: true
    }
  }

  fileprivate func applied(to values: [Float], name: (file: String, role: String)) throws -> [Float] {
    func flat(_ what: String) -> Fault {
      Fault(
        .input, name.file, role: name.role, found: "has \(what), from which its scale would be made",
        expected: "an image of a brain, or a model with another normalisation")
    }
    switch self {
    case .normalise(let nonzero, _):
      let counted = nonzero ? values.filter { $0 != 0 } : values
      let mean = counted.reduce(0) { $0 + Double($1) } / Double(max(1, counted.count))
      let variance =
        counted.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(max(1, counted.count))
      guard variance > 0 else { throw flat("one value everywhere") }
      let deviation = variance.squareRoot()
      return values.map { nonzero && $0 == 0 ? 0 : Float((Double($0) - mean) / deviation) }
    case .scale(let minimum, let maximum, _):
      let (low, high) = (Double(values.min()!), Double(values.max()!))
      guard low < high else { throw flat("one value everywhere") }
      return Self.mapped(values, Span(low, high), to: Span(minimum, maximum), clips: false)
    case .scaleRange(let from, let to, let clips): return Self.mapped(values, from, to: to, clips: clips)
    case .scalePercentiles(let percentiles, let to, let clips, _):
      let from = percentiles.values(of: values)
      guard from.lower < from.upper else {
        throw flat("one value at its percentiles \(percentiles.lower) and \(percentiles.upper)")
      }
      return Self.mapped(values, from, to: to, clips: clips)
    case .clipPercentiles(let percentiles, _):
      let span = percentiles.values(of: values)
      return values.map { Float(min(max(Double($0), span.lower), span.upper)) }
    }
  }

  private static func mapped(_ values: [Float], _ from: Span, to target: Span?, clips: Bool) -> [Float] {
    let to = target ?? Span(0, 1)
    let slope = (to.upper - to.lower) / (from.upper - from.lower)
    return values.map { value in
      let result = to.lower + (Double(value) - from.lower) * slope
      return Float(clips ? min(max(result, to.lower), to.upper) : result)
    }
  }
}

extension IntensityTransform.Span {
  /// The values at two percentiles, interpolated as NumPy's.
  fileprivate func values(of voxels: [Float]) -> Self {
    let sorted = voxels.sorted().map(Double.init)
    return Self(quantile(lower / 100, ofSorted: sorted)!, quantile(upper / 100, ofSorted: sorted)!)
  }
}
