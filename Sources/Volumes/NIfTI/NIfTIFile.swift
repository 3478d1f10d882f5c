/// A volume read from a file, with the header it came with.
public struct NIfTIImage: Sendable {
  public let volume: Volume<Float>
  /// Pass it to `NIfTIWriter` so that results carry the geometry of this file bit for bit.
  public let header: NIfTIHeader
  /// Warnings only: a file with errors is not read.
  public let problems: [HeaderProblem]
  /// Voxels that are NaN or infinite; see `requireFinite`.
  public let nonFiniteCount: Int
  /// What one step of the stored whole numbers is worth, where slope and intercept make other values of them; nil for
  /// values that are stored as they are.
  public let storageStep: Double?
  /// As it was given to `NIfTIFile.read`.
  public let path: String

  /// The same file with other values in its voxels.
  public func replacing(voxels: [Float]) -> NIfTIImage {
    NIfTIImage(
      volume: Volume(shape: volume.shape, affine: volume.affine, voxels: voxels), header: header, problems: problems,
      nonFiniteCount: VoxelDecoding.nonFiniteCount(voxels), storageStep: storageStep, path: path)
  }

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

/// Looks at headers without reading voxels.
public enum NIfTI {
  /// The header of a `.nii` or `.nii.gz` file that should hold one volume, and everything that is wrong with it.
  ///
  /// Throws only when there is no NIfTI header to look at; the caller judges the problems.
  public static func inspect(_ path: String) throws(VolumeError) -> (header: NIfTIHeader, problems: [HeaderProblem]) {
    var reader = try ByteReader(path: path)
    let header = try NIfTIFile.readHeader(&reader)
    return (header, header.examine(expecting: .oneVolume).problems)
  }

  /// The grid of a file that holds one volume; nil where its header is refused.
  public static func shape(_ path: String) throws(VolumeError) -> GridShape? {
    var reader = try ByteReader(path: path)
    return try NIfTIFile.readHeader(&reader).examine(expecting: .oneVolume).plan?.shape
  }
}

/// Reads NIfTI-1 and NIfTI-2 in one file, plain or gzip, in either byte order.
///
/// Gzip is recognised by content. `.hdr`/`.img` pairs and Analyze 7.5 are refused. Integers and floating point of 8 to
/// 64 bits become `Float`; integers beyond 2²⁴ are rounded to the nearest `Float`.
public enum NIfTIFile {
  /// A file with exactly one volume: 3D, or up to 7D with trailing sizes of 1.
  ///
  /// - Throws: `VolumeError`; a header with a problem of severity error is refused with all of them.
  public static func read(_ path: String) throws -> NIfTIImage {
    let (header, plan, problems, voxels) = try readVoxels(path, .oneVolume)
    return NIfTIImage(
      volume: Volume(shape: plan.shape, affine: plan.affine, voxels: voxels[0]), header: header, problems: problems,
      nonFiniteCount: VoxelDecoding.nonFiniteCount(voxels[0]), storageStep: plan.storageStep, path: path)
  }

  /// A 3D file, or a 4D file with one channel per step of its last axis, such as a saliency map of FLAIR and MPRAGE.
  public static func readChannels(_ path: String) throws -> NIfTIChannels {
    let (header, plan, problems, voxels) = try readVoxels(path, .channels)
    return NIfTIChannels(
      volumes: voxels.map { Volume(shape: plan.shape, affine: plan.affine, voxels: $0) }, header: header,
      problems: problems)
  }

  /// The header, with the reader left behind its last byte.
  static func readHeader(_ reader: inout ByteReader) throws(VolumeError) -> NIfTIHeader {
    var bytes = try read(NIfTIHeader.probeByteCount, from: &reader)
    let version: NIfTIVersion
    let isBigEndian: Bool
    switch NIfTIHeader.identify(bytes) {
    case .success(let found): (version, isBigEndian) = found
    case .failure(let reason): throw .notNIfTI(path: reader.path, found: reason.found)
    }
    bytes += try read(version.headerByteCount - bytes.count, from: &reader)
    guard bytes.count == version.headerByteCount else {
      throw .notNIfTI(path: reader.path, found: .tooShort(byteCount: bytes.count))
    }
    return NIfTIHeader(version: version, isBigEndian: isBigEndian, bytes: bytes)
  }

  private static func readVoxels(_ path: String, _ expectation: NIfTIHeader.Expectation) throws -> (
    NIfTIHeader, VoxelPlan, [HeaderProblem], [[Float]]
  ) {
    var reader = try ByteReader(path: path)
    let header = try readHeader(&reader)
    let (plan, problems) = header.examine(expecting: expectation)
    guard let plan else { throw VolumeError.headerRefused(path: path, problems: problems) }
    let needed = plan.offset + plan.byteCount
    // Before anything is allocated: a header can announce terabytes.
    guard needed <= reader.largestByteCount else {
      throw VolumeError.truncated(path: path, neededBytes: needed, foundBytes: reader.largestByteCount)
    }
    let gap = plan.offset - header.bytes.count
    guard try reader.skip(gap) == gap else {
      throw VolumeError.truncated(path: path, neededBytes: needed, foundBytes: reader.deliveredByteCount)
    }
    var voxels: [[Float]] = []
    for _ in 0..<plan.channelCount { voxels.append(try VoxelDecoding.decode(plan, from: &reader)) }
    // Lets the stream end, so that its checksum is compared. Bytes beyond the announced voxels are ignored, unless the
    // place of the first one is in doubt: then they say that it is not where vox_offset has it.
    let surplus = try reader.skip(1)
    if surplus > 0, !plan.offset.isMultiple(of: NIfTIHeader.offsetUnit) {
      let problem = HeaderProblem(
        .error, .voxOffset,
        "vox_offset is \(plan.offset), no multiple of \(NIfTIHeader.offsetUnit), and bytes follow the last voxel: the "
          + "voxels begin elsewhere; copy or convert the image again")
      throw VolumeError.headerRefused(path: path, problems: problems + [problem])
    }
    return (header, plan, problems, voxels)
  }

  /// Up to `count` bytes.
  private static func read(_ count: Int, from reader: inout ByteReader) throws(VolumeError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var found = 0
    do { try bytes.withUnsafeMutableBytes { found = try reader.read(into: $0) } } catch let error as VolumeError {
      throw error
    } catch { preconditionFailure("only VolumeError is thrown") }
    return Array(bytes[..<found])
  }
}
