/// What a mask is given as; the raw value is its role in records.
public enum MaskRole: String, Codable, Sendable, CaseIterable {
  /// Lesion mask of another tool.
  case lesions = "mask"
  /// Reference segmentation.
  case reference
  case brain = "brain mask"
  /// Lesion mask that a reader edited elsewhere.
  case corrected = "corrected mask"
}

/// Which values of a label image are the mask, for each mask that may be given; nil where the values say it themselves.
public struct MaskLabels: Codable, Sendable, Equatable {
  public var lesions: [Int]?
  public var reference: [Int]?
  public var brain: [Int]?

  public init(lesions: [Int]? = nil, reference: [Int]? = nil, brain: [Int]? = nil) {
    self.lesions = lesions
    self.reference = reference
    self.brain = brain
  }

  public subscript(role: MaskRole) -> [Int]? {
    switch role {
    case .lesions: lesions
    case .reference: reference
    case .brain: brain
    case .corrected: nil
    }
  }

  /// `mask 99; brain mask 2, 3`.
  var words: String {
    MaskRole.allCases.compactMap { role in
      self[role].map { "\(role.rawValue) \($0.map(String.init).joined(separator: ", "))" }
    }.joined(separator: "; ")
  }
}
