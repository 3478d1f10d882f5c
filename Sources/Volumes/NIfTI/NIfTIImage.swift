/// A volume read from a file, with the header it came with.
public struct NIfTIImage: Sendable {
  public let volume: Volume<Float>
  /// Pass it to `NIfTIWriter` so that results carry the geometry of this file bit for bit.
  public let header: NIfTIHeader
  /// Warnings only: a file with errors is not read.
  public let problems: [HeaderProblem]
  /// Voxels that are NaN or infinite; see `requireFinite`.
  public let nonFiniteCount: Int
  /// As it was given to `NIfTIFile.read`.
  public let path: String

  /// - Throws: `VolumeError.nonFiniteVoxels` when a voxel is NaN or infinite.
  public func requireFinite() throws(VolumeError) {
    if nonFiniteCount > 0 {
      throw .nonFiniteVoxels(path: path, count: nonFiniteCount, voxelCount: volume.shape.voxelCount)
    }
  }
}

/// Several volumes on one grid read from one 4D file, in the order of its last axis.
public struct NIfTIChannels: Sendable {
  public let volumes: [Volume<Float>]
  public let header: NIfTIHeader
  public let problems: [HeaderProblem]
}
