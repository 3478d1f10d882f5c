/// What the values of a mask mean: the one rule for every mask that is read.
public enum MaskReading: Equatable, Sendable {
  /// 0 and 1, 0 and 255, or nothing but 0.
  case binary
  /// The whole numbers that were named.
  case labels([Int])
  /// Fractions, cut at ``MaskRule/cut``; voxels that are not 0 before, and voxels of the mask after it.
  case soft(voxelsBefore: Int, voxelsAfter: Int)
}

/// Why the values of a file are no mask.
public enum MaskRefusal: Error, Equatable, Sendable {
  /// Every voxel is marked.
  case wholeImage
  /// Whole numbers, of which it is not said which is meant.
  case oneLabel(Int)
  case severalLabels
  case negativeLabels
  /// Labels that were named and that no voxel has.
  case absentLabels([Int])
  /// A label was named, and the values are no whole numbers.
  case labelOfFractions
  /// Far below 0 and far above 1.
  case distances
  /// Fractions around 0 and 1 that swing too far, as splines do.
  case ringing
  /// Fractions that never reach the cut.
  case faint
  /// Anything else: intensities, percent, distances without sign.
  case intensities
}

/// The table of docs/input.md: its rows in their order, the first that holds decides.
public enum MaskRule {
  /// Fractions of a voxel within these limits are a mask that was resampled or predicted.
  static let softRange: ClosedRange<Float> = -0.3...1.3
  /// Swings of splines at the edge of a binary mask, the cubic and the quintic one (SciPy, half a voxel: -0.47…1.65).
  static let ringingRange: ClosedRange<Float> = -0.6...1.8
  /// A voxel belongs to a soft mask from here on.
  public static let cut: Float = 0.5
  /// What one level beside 0 may be without being named.
  static let plainLevels: Set<Int> = [1, 255]

  /// The mask, 1 where it is, and how it was read.
  ///
  /// - Parameters:
  ///   - voxels: finite.
  ///   - labels: that were named, not 0; nil where none was.
  /// - Throws: ``MaskRefusal``.
  public static func read(_ voxels: [Float], _ values: MaskValues, labels: [Int]?) throws(MaskRefusal) -> (
    reading: MaskReading, mask: [UInt8]
  ) {
    let reading = try reading(values, labels: labels)
    switch reading {
    case .binary: return (reading, voxels.map { values.level(of: $0) == 0 ? 0 : 1 })
    case .labels(let labels):
      let wanted = Set(labels.map { Float($0) })
      return (reading, voxels.map { wanted.contains(values.level(of: $0)) ? 1 : 0 })
    case .soft:
      let mask: [UInt8] = voxels.map { $0 >= cut ? 1 : 0 }
      let after = mask.reduce(0) { $0 + Int($1) }
      guard after > 0 else { throw .faint }
      guard after < voxels.count else { throw .wholeImage }
      return (.soft(voxelsBefore: values.nonZeroCount, voxelsAfter: after), mask)
    }
  }

  private static func reading(_ values: MaskValues, labels: [Int]?) throws(MaskRefusal) -> MaskReading {
    let marks = values.marks
    if values.areWhole {
      // Nothing is marked: no lesion, whichever label was meant.
      if marks.isEmpty { return .binary }
      if let labels { return try named(labels, values) }
      if values.marks.contains(where: { $0.value < 0 }) { throw .negativeLabels }
      guard marks.count == 1, let label = marks[0].whole else { throw .severalLabels }
      guard plainLevels.contains(label) else { throw .oneLabel(label) }
      guard marks[0].count < values.voxelCount else { throw .wholeImage }
      return .binary
    }
    if labels != nil { throw .labelOfFractions }
    let range = values.minimum...values.maximum
    if softRange.contains(range.lowerBound) && softRange.contains(range.upperBound) {
      return .soft(voxelsBefore: values.nonZeroCount, voxelsAfter: 0)
    }
    if ringingRange.contains(range.lowerBound) && ringingRange.contains(range.upperBound) { throw .ringing }
    throw range.lowerBound < softRange.lowerBound && range.upperBound > softRange.upperBound ? .distances : .intensities
  }

  private static func named(_ labels: [Int], _ values: MaskValues) throws(MaskRefusal) -> MaskReading {
    let present = Set(values.marks.compactMap(\.whole))
    let absent = labels.filter { !present.contains($0) }
    guard absent.isEmpty else { throw .absentLabels(absent) }
    let taken = values.marks.reduce(0) { sum, level in
      labels.contains { Float($0) == level.value } ? sum + level.count : sum
    }
    guard taken < values.voxelCount else { throw .wholeImage }
    // A binary mask whose only level was named is what it is without.
    return labels.count == 1 && values.marks.count == 1 && plainLevels.contains(labels[0]) ? .binary : .labels(labels)
  }
}

extension MaskRefusal {
  /// What was found, with its evidence.
  public func found(_ values: MaskValues) -> String {
    let range = "values from \(MaskValues.text(values.minimum)) to \(MaskValues.text(values.maximum))"
    switch self {
    case .wholeImage: return "marks every voxel of the image"
    case .oneLabel(let label): return "has the one label \(label): \(values)"
    case .severalLabels: return "is a label image: \(values)"
    case .negativeLabels: return "has negative values: \(values)"
    case .absentLabels(let labels):
      return "has no voxel of label \(labels.map(String.init).joined(separator: ", ")): \(values)"
    case .labelOfFractions: return "has \(range) that are no labels: \(values)"
    case .distances: return "is a distance map: \(range)"
    case .ringing: return "was resampled by splines, which swing at its edges: \(range)"
    case .faint:
      return "reaches \(MaskValues.text(values.maximum)) at most, and is cut at \(MaskValues.text(MaskRule.cut))"
    case .intensities: return "holds no mask: \(range)"
    }
  }

  /// What a mask holds.
  public var expected: String {
    switch self {
    case .wholeImage: "0 outside what it marks"
    case .distances, .ringing, .faint, .intensities: "0 and 1; cut it, or resample it by nearest neighbour"
    case .labelOfFractions: "whole numbers; resample labels by nearest neighbour"
    case .oneLabel, .severalLabels, .negativeLabels: "0 and 1 (or 255)"
    case .absentLabels: "labels that are there"
    }
  }

  /// Naming the label that is meant leads on.
  public var isSettledByLabel: Bool {
    switch self {
    case .oneLabel, .severalLabels, .negativeLabels, .absentLabels: true
    default: false
    }
  }
}
