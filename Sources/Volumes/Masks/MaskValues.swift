/// Which values the voxels of a mask file have, counted before anyone says what they mean.
///
/// A value within a tolerance of a whole number is counted as that number.
public struct MaskValues: Equatable, Sendable {
  public struct Level: Equatable, Sendable {
    public let value: Float
    public let count: Int

    /// The whole number that it is; nil where it is none.
    public var whole: Int? { Int(exactly: value) }

    public init(value: Float, count: Int) {
      self.value = value
      self.count = count
    }
  }

  /// How far a level may lie from the whole number that is meant, at least.
  static let smallestTolerance: Float = 1e-3
  /// Half a step of scaled whole numbers is their rounding; of coarser steps it could be anything.
  static let largestStep: Float = 0.1
  /// Different values that are counted one by one; a mask has a few, what has more is none.
  static let mostLevels = 10_000

  public let voxelCount: Int
  /// Voxels that are not 0, which is what a reader who does not look takes for the mask.
  public let nonZeroCount: Int
  public let minimum: Float
  public let maximum: Float
  /// Ascending; the first ``mostLevels`` that were met.
  public let levels: [Level]
  /// Voxels of further values.
  public let uncountedVoxels: Int
  private let tolerance: Float

  /// - Parameters:
  ///   - voxels: finite, at least one.
  ///   - storageStep: see ``NIfTIImage/storageStep``.
  public init(_ voxels: [Float], storageStep: Double? = nil) {
    precondition(!voxels.isEmpty, "a mask has voxels")
    let step = Float(storageStep ?? 0)
    let rounding = step / 2
    let tolerance = max(Self.smallestTolerance, step <= Self.largestStep ? rounding : 0)
    var counts: [Float: Int] = [:]
    var (nonZero, uncounted, low, high) = (0, 0, voxels[0], voxels[0])
    // Neighbours are mostly alike: the dictionary is asked where a run of one value ends.
    var (run, length) = (Self.level(of: voxels[0], tolerance), 0)
    func close() {
      if counts[run] != nil || counts.count < Self.mostLevels {
        counts[run, default: 0] += length
      } else {
        uncounted += length
      }
    }
    for value in voxels {
      if abs(value) > rounding { nonZero += 1 }
      low = min(low, value)
      high = max(high, value)
      let level = Self.level(of: value, tolerance)
      if level != run {
        close()
        (run, length) = (level, 0)
      }
      length += 1
    }
    close()
    (voxelCount, nonZeroCount, uncountedVoxels) = (voxels.count, nonZero, uncounted)
    (minimum, maximum, self.tolerance) = (low, high, tolerance)
    levels = counts.sorted { $0.key < $1.key }.map { Level(value: $0.key, count: $0.value) }
  }

  /// The whole number that is meant, else the value itself.
  func level(of value: Float) -> Float { Self.level(of: value, tolerance) }

  private static func level(of value: Float, _ tolerance: Float) -> Float {
    let whole = value.rounded()
    // -0 is 0.
    return abs(value - whole) <= tolerance ? whole + 0 : value
  }

  /// Levels that are not 0.
  public var marks: [Level] { levels.filter { $0.value != 0 } }

  public var areWhole: Bool { uncountedVoxels == 0 && levels.allSatisfy { $0.whole != nil } }
}

extension MaskValues: CustomStringConvertible {
  /// Values that an error text lists.
  static let mostListed = 10

  /// `0 (7000 voxels), 2 (12), 3 (4)`, at most ten of them.
  public var description: String {
    let listed = levels.prefix(Self.mostListed).enumerated().map { index, level in
      "\(Self.text(level.value)) (\(level.count)\(index == 0 ? " voxel\(level.count == 1 ? "" : "s")" : ""))"
    }
    let more = levels.count - listed.count
    let rest = uncountedVoxels > 0 ? "thousands more" : more > 0 ? "\(more) more" : nil
    return listed.joined(separator: ", ") + (rest.map { " and \($0)" } ?? "")
  }

  /// A whole number as such, else three significant digits.
  public static func text(_ value: Float) -> String {
    if let whole = Int(exactly: value) { return "\(whole)" }
    guard value.isFinite, abs(value) < 1e6, abs(value) >= 1e-4 else { return "\(value)" }
    var scale: Float = 1
    while abs(value) * scale < 100 { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    return Int(exactly: rounded).map(String.init) ?? "\(rounded)"
  }
}
