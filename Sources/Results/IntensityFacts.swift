/// A patient's intensities beside those that the network was trained on.
public struct IntensityFacts: Codable, Sendable, Equatable {
  public struct Image: Codable, Sendable, Equatable {
    public var role: String
    /// Of the brain's voxels at `levels`, in standard deviations from their mean.
    public var quantiles: [Double]
    /// A quantile lies clearly outside the range of the training patients.
    public var isUnlike: Bool

    public init(role: String, quantiles: [Double], isUnlike: Bool) {
      self.role = role
      self.quantiles = quantiles
      self.isUnlike = isUnlike
    }
  }

  public var trainingPatients: Int
  /// How many of them were synthetic.
  public var syntheticTrainingPatients: Int
  /// SHA-256 of the model folder's `intensities.json`.
  public var fileDigest: String
  /// Shares of voxels below each quantile.
  public var levels: [Double]
  public var images: [Image]

  public init(
    trainingPatients: Int, syntheticTrainingPatients: Int, fileDigest: String, levels: [Double], images: [Image]
  ) {
    self.trainingPatients = trainingPatients
    self.syntheticTrainingPatients = syntheticTrainingPatients
    self.fileDigest = fileDigest
    self.levels = levels
    self.images = images
  }
}
