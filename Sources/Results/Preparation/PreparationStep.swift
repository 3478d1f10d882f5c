/// One step of the preparation of a patient's images, as the audit trail and the preparation page have it.
public struct PreparationStep: Codable, Sendable, Equatable {
  public enum Name: String, Codable, Sendable, CaseIterable {
    case bias = "bias field"
    case brain = "brain mask"
    case registration
    /// FLAIR and T1w on one grid, cut to the brain.
    case images
  }

  /// A file that the step read.
  public struct Input: Codable, Sendable, Equatable {
    /// `FLAIR`, `MPRAGE`, `brain mask` or `transform`.
    public var role: String
    public var sha256: String

    public init(role: String, sha256: String) {
      self.role = role
      self.sha256 = sha256
    }
  }

  public var name: Name
  /// `lesionqc`, the name of another program, or `file of the user`.
  public var tool: String
  /// Nil where a program was not asked, or a file says none.
  public var version: String?
  /// SHA-256 of another program's executable file, which tells its builds apart.
  public var programSHA256: String?
  public var parameters: [String: String]
  public var inputs: [Input]
  public var seconds: Double
  /// Volume of the brain mask.
  public var brainMillilitres: Double?
  public var figures: RegistrationFigures?

  public init(
    name: Name, tool: String, version: String? = nil, programSHA256: String? = nil, parameters: [String: String] = [:],
    inputs: [Input]
  ) {
    self.name = name
    self.tool = tool
    self.version = version
    self.programSHA256 = programSHA256
    self.parameters = parameters
    self.inputs = inputs
    seconds = 0
  }
}

/// What is known of the registration of MPRAGE to FLAIR.
public struct RegistrationFigures: Codable, Sendable, Equatable {
  /// Normalised mutual information inside the region, as the images came and as they were registered.
  public var informationBefore: Double
  public var informationAfter: Double
  /// Mean and maximum, in mm; nil for a transform that was given, which has no other direction.
  public var forwardBackwardMillimetres: Double?
  public var forwardBackwardMaximumMillimetres: Double?
  /// Fraction of the region that lies within both images.
  public var overlap: Double
  /// How far the region's points were moved, on average.
  public var movementMillimetres: Double
  /// The region is the brain mask, else the inside of the head.
  public var isInsideBrainMask: Bool

  public init(
    informationBefore: Double, informationAfter: Double, forwardBackwardMillimetres: Double?,
    forwardBackwardMaximumMillimetres: Double?, overlap: Double, movementMillimetres: Double, isInsideBrainMask: Bool
  ) {
    self.informationBefore = informationBefore
    self.informationAfter = informationAfter
    self.forwardBackwardMillimetres = forwardBackwardMillimetres
    self.forwardBackwardMaximumMillimetres = forwardBackwardMaximumMillimetres
    self.overlap = overlap
    self.movementMillimetres = movementMillimetres
    self.isInsideBrainMask = isInsideBrainMask
  }
}
