extension ReviewDecisions {
  /// A lesion that stands in no list, put there by the reader. It changes counts only: it has no voxels, so that volume
  /// and mask stay as they are.
  public struct Mark: Codable, Sendable, Hashable {
    /// `R001`; the marks of each reader are numbered by themselves.
    public var id: String
    /// Along i, j, k of the file, from 0.
    public var voxel: [Int]
    /// RAS+.
    public var positionMillimetres: [Double]
    /// Nil for a point.
    public var diameterMillimetres: Double?
    public var comment: String
    /// When this mark was last changed, UTC.
    public var time: String

    public init(
      id: String, voxel: [Int], positionMillimetres: [Double], diameterMillimetres: Double? = nil, comment: String = "",
      time: String
    ) {
      self.id = id
      self.voxel = voxel
      self.positionMillimetres = positionMillimetres
      self.diameterMillimetres = diameterMillimetres
      self.comment = comment
      self.time = time
    }
  }

  /// What the reader says of the segmentation as a whole.
  public struct Study: Codable, Sendable, Hashable {
    public enum Verdict: String, Codable, Sendable, CaseIterable { case usable, needsCorrection, doNotUse, undecided }

    /// From 1, unusable, to 5, no correction needed.
    public static let grades = 1...5

    public var verdict: Verdict
    /// One of ``grades``; nil where the reader does not grade.
    public var grade: Int?
    public var comment: String
    /// When this was last changed, UTC.
    public var time: String

    public init(verdict: Verdict = .undecided, grade: Int? = nil, comment: String = "", time: String = "") {
      self.verdict = verdict
      self.grade = grade
      self.comment = comment
      self.time = time
    }

    public var isEmpty: Bool { verdict == .undecided && grade == nil && comment.isEmpty }
  }
}
