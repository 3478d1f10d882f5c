/// A lesion mask that was edited elsewhere after a review, and how it differs from the network's.
public struct CorrectedMask: Codable, Sendable, Equatable {
  /// Of the file as it was given.
  public var sha256: String
  /// Components by the rule of the results.
  public var lesions: Int
  /// Of these.
  public var millilitres: Double
  /// Of all voxels against the network's lesions; nil where both are empty.
  public var dice: Double?
  public var voxelsAdded: Int
  public var voxelsRemoved: Int
  public var millilitresAdded: Double
  public var millilitresRemoved: Double

  public init(
    sha256: String, lesions: Int, millilitres: Double, dice: Double?, added: (voxels: Int, millilitres: Double),
    removed: (voxels: Int, millilitres: Double)
  ) {
    self.sha256 = sha256
    self.lesions = lesions
    self.millilitres = millilitres
    self.dice = dice
    (voxelsAdded, millilitresAdded) = added
    (voxelsRemoved, millilitresRemoved) = removed
  }
}
