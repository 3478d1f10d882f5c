public import Networks

/// What model.json says: the architecture, what the network expects of an image, and how its logits become a mask.
public struct ModelDescription: Sendable {
  /// How intensities are scaled before they enter the network.
  public enum IntensityNormalisation: Hashable, Sendable {
    /// Per channel: mean 0 and population standard deviation 1 over the voxels that are not exactly 0, which stay 0.
    case zscoreNonzero
    /// One after the other.
    case monai([IntensityTransform])
    /// As ``ModelDescription/preprocessing`` says.
    case nnunet
  }

  /// How logits become a probability.
  public enum OutputActivation: String, Hashable, Sendable, CaseIterable {
    /// Over all classes.
    case softmax
    /// Of each output by itself: of one output, or of several that do not exclude each other.
    case sigmoid
  }

  /// The axes of the network's grid.
  public enum Orientation: Hashable, Sendable {
    case asStored
    /// Three letters, one of R/L, A/P and S/I each: the direction in which the index of an axis grows.
    case axes(String)
  }

  let architecture: any ArchitectureConfiguration
  /// Weight files in the model folder, one per network of an ensemble whose logits are averaged.
  public let weightFiles: [String]
  /// FLAIR, T1w; or FLAIR alone.
  public let channels: [String]
  public let normalisation: IntensityNormalisation
  /// The way of an nnU-Net v2 plan to the network's grid and back; nil: orientation, then linear resampling to
  /// ``spacingMillimetres``, then normalisation.
  public let preprocessing: NNUNetPreprocessing?
  /// Whether the network was trained on brain-extracted images.
  public let brainExtracted: Bool
  public let orientation: Orientation
  /// Voxel size of the network's grid in the network's axes; nil: the image's own.
  public let spacingMillimetres: [Double]?
  /// Sliding window in voxels.
  public let window: [Int]
  public let overlap: Double
  public let importance: Importance
  /// The standard deviation of ``Networks/Importance/gaussian`` along each axis, in windows.
  public let sigmaScale: [Double]
  public let tiling: Tiling
  /// What lies beyond an image that is smaller than the window.
  public let padding: Padding
  /// Spatial axes of the network along which windows may be mirrored.
  public let mirrorAxes: [Int]
  public let outputActivation: OutputActivation
  /// A voxel is lesion where the probability of ``lesionClass`` exceeds this.
  public let threshold: Double
  public let lesionClass: Int
  /// Free text about the model's origin, keys in the order of the file.
  public let provenance: [(key: String, value: String)]
  /// The architecture's arguments as written, in the order of the file.
  public let architectureArguments: [(key: String, value: String)]

  public var outputChannels: Int { architecture.outputChannels }

  /// The architecture's name in model.json.
  public var architectureName: String { type(of: architecture).name }

  /// The model's name for people, if its provenance gives one.
  public var name: String? { provenance.first { $0.key == "name" }?.value }
  public var version: String? { provenance.first { $0.key == "version" }?.value }
}
