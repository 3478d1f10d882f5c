public import Lesions
public import Volumes

/// One file that was read.
public struct InputRecord: Codable, Sendable, Equatable {
  /// `FLAIR`, `MPRAGE`, `mask`, `probability`, `reference` or `brain mask`.
  public var role: String
  public var sha256: String
  public var shape: [Int]
  public var spacingMillimetres: [Double]
  /// Closest anatomical direction of the three stored axes, such as `LAS`.
  public var orientation: String
  /// What is odd about the file's header without being an error.
  public var headerProblems: [String]
  /// The values of a mask that were taken; absent where none had to be named.
  public var labels: [Int]?

  public init(role: String, sha256: String, grid: GridRecord, headerProblems: [String], labels: [Int]? = nil) {
    self.role = role
    self.sha256 = sha256
    shape = grid.shape
    spacingMillimetres = grid.spacingMillimetres
    orientation = grid.orientation
    self.headerProblems = headerProblems
    self.labels = labels
  }
}

/// The patient's voxel grid: that of the FLAIR.
public struct GridRecord: Codable, Sendable, Equatable {
  public var shape: [Int]
  public var spacingMillimetres: [Double]
  public var orientation: String
  /// Three rows of four: voxel index to world position in mm, RAS+.
  public var affine: [[Double]]

  public init(shape: GridShape, affine: Affine) {
    let spacing = affine.spacingMillimetres
    self.shape = [shape.ni, shape.nj, shape.nk]
    spacingMillimetres = [spacing.0, spacing.1, spacing.2]
    orientation = Orientation(affine).code
    self.affine = affine.rows
  }
}

/// The scanner of the FLAIR image, as the BIDS sidecar beside it names it. Only these fields of a sidecar are read.
public struct ScannerIdentity: Codable, Sendable, Equatable {
  public var manufacturer: String?
  public var model: String?
  public var fieldTesla: Double?

  public init(manufacturer: String? = nil, model: String? = nil, fieldTesla: Double? = nil) {
    self.manufacturer = manufacturer
    self.model = model
    self.fieldTesla = fieldTesla
  }
}

/// A patient's intensities beside those that the network was trained on.
public struct IntensityRecord: Codable, Sendable, Equatable {
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
  /// Fractions of voxels below each quantile.
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

/// How the locations of a patient's findings were inferred. The rule in words is `LocationRule.words`.
public struct LocationRecord: Codable, Sendable, Equatable {
  /// Why no finding has a location; nil where findings were assessed.
  public var notAssessed: LocationLimitation?
  /// Volume of the lateral ventricles as far as they were found; nil where nothing was assessed.
  public var ventriclesMillilitres: Double?

  public init(notAssessed: LocationLimitation?, ventriclesMillilitres: Double?) {
    self.notAssessed = notAssessed
    self.ventriclesMillilitres = ventriclesMillilitres
  }
}
