import Software

/// Who the patient is, by pseudonym.
public struct PatientIdentity: Codable, Sendable, Equatable {
  /// `sub-01`.
  public var label: String
  /// `ses-02`, if the data set has sessions.
  public var session: String?
  /// The data set says that its patients are synthetic.
  public var synthetic: Bool

  public init(label: String, session: String?, synthetic: Bool) {
    self.label = label
    self.session = session
    self.synthetic = synthetic
  }
}

/// The program that made a record.
public struct SoftwareIdentity: Codable, Sendable, Equatable {
  public var name: String
  public var version: String

  /// This program.
  public static var this: SoftwareIdentity { SoftwareIdentity(name: Software.name, version: Software.version) }
}

/// The network that made the mask.
public struct ModelIdentity: Codable, Sendable, Equatable {
  public var name: String
  public var version: String
  public var architecture: Architecture
  /// SHA-256 of `model.json`.
  public var modelDigest: String
  /// SHA-256 of the weight file; of several, SHA-256 of their digests joined by line feeds.
  public var weightsDigest: String
  /// A voxel belongs to the mask when its lesion probability is above this.
  public var threshold: Double
  public var brainExtracted: Bool
  /// The contrasts that it takes, where they are others than FLAIR and T1w.
  public var channels: [String]?

  public struct Architecture: Codable, Sendable, Equatable {
    public var name: String
    public var parameterCount: Int
    /// Voxels along the three network axes.
    public var window: [Int]
    public var overlap: Double

    public init(name: String, parameterCount: Int, window: [Int], overlap: Double) {
      self.name = name
      self.parameterCount = parameterCount
      self.window = window
      self.overlap = overlap
    }
  }

  public init(
    name: String, version: String, architecture: Architecture, modelDigest: String, weightsDigest: String,
    threshold: Double, brainExtracted: Bool, channels: [String]? = nil
  ) {
    self.name = name
    self.version = version
    self.architecture = architecture
    self.modelDigest = modelDigest
    self.weightsDigest = weightsDigest
    self.threshold = threshold
    self.brainExtracted = brainExtracted
    self.channels = channels
  }
}

/// What is known of a mask that no network of this program made.
public struct ExternalSegmentation: Codable, Sendable, Equatable {
  /// The tool and its version, as the user named them; absent when nobody did.
  public var tool: String?
  /// A lesion probability was given.
  public var hasProbability: Bool
  /// A saliency map was given for every finding.
  public var hasSaliency: Bool

  public init(tool: String?, hasProbability: Bool, hasSaliency: Bool) {
    self.tool = tool
    self.hasProbability = hasProbability
    self.hasSaliency = hasSaliency
  }
}
