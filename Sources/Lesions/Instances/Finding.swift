public import Volumes

/// What a finding is. One patient's findings of one kind are numbered from 1.
public enum FindingKind: String, Hashable, Sendable, Codable, CaseIterable {
  /// A component of the segmentation.
  case lesion
  /// A sub-threshold region: a lesion that the network may have missed.
  case candidate
  /// A lesion of the reference segmentation that no lesion touches; a candidate may.
  case missedReference
  /// Put there by a reader.
  case readerMark

  /// First letter of the identifiers.
  var letter: Character {
    switch self {
    case .lesion: "L"
    case .candidate: "C"
    case .missedReference: "M"
    case .readerMark: "R"
    }
  }
}

/// Names a finding within one patient: its kind and its 1-based number. As JSON it is its ``description``.
public struct FindingID: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let kind: FindingKind
  public let number: Int

  public init(kind: FindingKind, number: Int) {
    self.kind = kind
    self.number = number
  }

  /// Nil for a text that is no ``description`` of a finding.
  public init?(_ text: String) {
    guard let kind = FindingKind.allCases.first(where: { $0.letter == text.first }), let number = Int(text.dropFirst()),
      number > 0, FindingID(kind: kind, number: number).description == text
    else { return nil }
    self.init(kind: kind, number: number)
  }

  /// `L001` for a lesion, `C001` for a missed-lesion candidate, `M001` for a missed reference lesion, `R001` for a
  /// reader's mark.
  public var description: String {
    let digits = String(number)
    return String(kind.letter) + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }

  /// By kind, lesions first, then by number.
  public static func < (a: FindingID, b: FindingID) -> Bool {
    a.kind == b.kind
      ? a.number < b.number
      : FindingKind.allCases.firstIndex(of: a.kind)! < FindingKind.allCases.firstIndex(of: b.kind)!
  }
}

extension FindingID: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let id = FindingID(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) names no finding")
    }
    self = id
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// One finding on the patient's grid.
public struct Finding: Hashable, Sendable {
  public let id: FindingID
  /// Linear indices, axis 0 fastest, ascending.
  public let voxels: [Int]
  public let measurements: Measurements
  /// A candidate that holds a voxel of a component of the mask which was dropped as too small.
  public let wasDroppedSmallComponent: Bool

  public init(id: FindingID, voxels: [Int], measurements: Measurements, wasDroppedSmallComponent: Bool = false) {
    self.id = id
    self.voxels = voxels
    self.measurements = measurements
    self.wasDroppedSmallComponent = wasDroppedSmallComponent
  }

  /// The kept components as numbered and measured lesions.
  ///
  /// - Parameters:
  ///   - affine: the grid's affine, mm, RAS+.
  ///   - probability: lesion probability on the same grid, for a prediction as well as for a reference mask; nil when
  ///     there
  ///     is none, which leaves the probability measurements nil.
  public static func lesions(of components: Components, affine: Affine, probability: Volume<Float>?)
    throws(LesionsError) -> [Finding]
  {
    if let probability { try LesionsError.requireSameShape("probability map", probability.shape, as: components.shape) }
    return components.kept.enumerated().map { index, voxels in
      Finding(
        id: FindingID(kind: .lesion, number: index + 1), voxels: voxels,
        measurements: Measurements(
          voxels: voxels, shape: components.shape, affine: affine, probability: probability?.voxels))
    }
  }
}

extension Sequence<Finding> {
  /// Number of the finding of one kind at each voxel of its grid, 0 elsewhere: the content of a `dseg` file.
  public func labels(_ kind: FindingKind, shape: GridShape, affine: Affine) -> Volume<Int32> {
    var labels = Volume<Int32>(shape: shape, affine: affine, repeating: 0)
    for finding in self where finding.id.kind == kind {
      for voxel in finding.voxels { labels.voxels[voxel] = Int32(finding.id.number) }
    }
    return labels
  }
}
