/// Writes volumes as NIfTI, in the version and byte order of the header they follow.
///
/// A name that ends in `.gz` is compressed. The file appears under its name only when it is complete, and the same
/// input gives the same bytes: no time, no name in the gzip header.
public enum NIfTIWriter {
  /// - Parameters:
  ///   - header: the input whose geometry is taken over bit for bit, `header.cropped(to:)` for a box of it, or `nil`
  ///     for a volume that comes from no file.
  ///   - intent: what the values stand for.
  /// - Precondition: the volume has the shape of `header`.
  /// - Throws: `VolumeError.unwritable`.
  public static func write<Element: NIfTIElement>(
    _ volume: Volume<Element>, like header: NIfTIHeader? = nil, intent: NIfTIIntent = .none, to path: String
  ) throws(VolumeError) {
    let header = header ?? NIfTIHeader(shape: volume.shape, affine: volume.affine)
    precondition(header.shape == volume.shape, "a volume is written on its own grid")
    try write([volume.voxels], header.result(datatype: Element.niftiDatatype, intent: intent), to: path)
  }

  /// One 4D file whose last axis is the channel.
  ///
  /// - Precondition: at least one channel; all have the shape of `header`.
  public static func write<Element: NIfTIElement>(
    channels: [Volume<Element>], like header: NIfTIHeader? = nil, intent: NIfTIIntent = .none, to path: String
  ) throws(VolumeError) {
    let header = header ?? NIfTIHeader(shape: channels[0].shape, affine: channels[0].affine)
    precondition(channels.allSatisfy { $0.shape == header.shape }, "all channels lie on one grid")
    let result = header.result(datatype: Element.niftiDatatype, intent: intent, channelCount: channels.count)
    try write(channels.map(\.voxels), result, to: path)
  }

  private static func write<Element: NIfTIElement>(_ blocks: [[Element]], _ header: NIfTIHeader, to path: String)
    throws(VolumeError)
  {
    var writer = try ByteWriter(path: path, isCompressed: path.hasSuffix(".gz"))
    // Four zero bytes behind the header: no extensions.
    try writer.write(header.bytes + [0, 0, 0, 0])
    for block in blocks { try writer.write(header.isBigEndian ? block.map(\.reversedBytes) : block) }
    try writer.finish()
  }
}
