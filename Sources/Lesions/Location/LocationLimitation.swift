/// Why no finding of a patient has a location.
public struct LocationLimitation: Error, Hashable, Sendable, Codable {
  public enum Code: String, Sendable, Codable, CaseIterable {
    /// Grey and white matter are told apart on the MPRAGE.
    case noMPRAGE
    /// The skull was not removed.
    case showsHead
    /// A voxel edge is longer than `LocationRule.longestEdge`: contact cannot be seen.
    case thickVoxels
    /// The brain mask is not one whole brain.
    case brainVolume
    case emptyBrainMask
    /// Fluid, grey and white matter cannot be told apart on the MPRAGE.
    case tissuesAlike
    case ventriclesNotFound
    /// What was taken for the lateral ventricles has no volume that they have.
    case ventricleVolume
    case oneVentricleOnly
  }

  public let code: Code
  /// The volume that ``Code/brainVolume`` and ``Code/ventricleVolume`` are about.
  public let millilitres: Double?

  public init(_ code: Code, millilitres: Double? = nil) {
    self.code = code
    self.millilitres = millilitres
  }
}
