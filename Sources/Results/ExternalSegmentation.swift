public import Volumes

/// What is known of a mask that no network of this program made.
public struct ExternalSegmentation: Codable, Sendable, Equatable {
  /// The program and its version, as the user named them; absent when nobody did.
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

extension ChannelPeaks: Undefinable {
  /// No map: NaN at voxel (0, 0, 0).
  public static var undefined: ChannelPeaks {
    let peak = PeakFacts(
      value: .nan, voxel: VoxelIndex(0, 0, 0), worldMillimetres: WorldPoint(x: .nan, y: .nan, z: .nan),
      standardError: nil)
    return ChannelPeaks(insideHighest: peak, insideLowest: peak, mapHighest: peak, mapLowest: peak)
  }
  public var isDefined: Bool { insideHighest.value.isFinite }
}

extension SignBalance: Undefinable {
  public static var undefined: SignBalance { SignBalance(meanInside: .nan, meanRim: nil) }
  public var isDefined: Bool { meanInside.isFinite }
}

extension ModelIdentity: Undefinable {
  /// No network was run.
  public static var undefined: ModelIdentity {
    ModelIdentity(
      name: "", version: "", architecture: "", parameterCount: 0, modelDigest: "", weightsDigest: "", threshold: .nan,
      window: [], overlap: .nan, brainExtracted: true)
  }
  public var isDefined: Bool { !modelDigest.isEmpty }
}

extension FindingFacts {
  /// Whether the finding has a saliency map, and peaks read from it.
  public var hasSaliency: Bool { flair.isDefined }

  /// The voxel that pictures go through: the highest FLAIR value inside the finding, or without a map the voxel at its centroid.
  public var pictureVoxel: VoxelIndex {
    if hasSaliency { return flair.insideHighest.voxel }
    let c = centroidVoxel.map { Int($0.rounded()) }
    return c.count == 3 ? VoxelIndex(c[0], c[1], c[2]) : VoxelIndex(0, 0, 0)
  }
}
