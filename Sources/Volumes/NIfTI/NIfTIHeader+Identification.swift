/// Telling version and byte order from the first bytes.
extension NIfTIHeader {
  /// Bytes that every header has; enough to tell the version.
  static let probeByteCount = 348

  /// Version and byte order by the magic and `sizeof_hdr`.
  ///
  /// - Parameter probe: the first 348 bytes of the data, fewer when there are no more.
  static func identify(_ probe: [UInt8]) -> Result<(version: NIfTIVersion, isBigEndian: Bool), VolumeErrorReason> {
    if probe.isEmpty { return .failure(.init(.empty)) }
    if probe.count >= 132, Array(probe[128..<132]) == Array("DICM".utf8) { return .failure(.init(.dicom)) }
    guard probe.count >= probeByteCount else { return .failure(.init(.tooShort(byteCount: probe.count))) }
    for version in [NIfTIVersion.one, .two] {
      let slot = HeaderTable.slot(.magic, in: version)!
      let magic = Array(probe[slot.bytes])
      if magic == version.pairMagic { return .failure(.init(.pairHeader)) }
      if magic == version.singleFileMagic { return .success((version, isBigEndian(probe, version))) }
    }
    let size = UInt32(NIfTIVersion.one.headerByteCount)
    let first = probe[..<4].reduce(0) { $0 << 8 | UInt32($1) }
    return .failure(.init(first == size || first.byteSwapped == size ? .analyze75 : .unknown))
  }

  /// By `sizeof_hdr`; when that is wrong in both orders, by the rank in `dim[0]`, which is 1 to 7.
  private static func isBigEndian(_ probe: [UInt8], _ version: NIfTIVersion) -> Bool {
    let first = probe[..<4].reduce(0) { $0 << 8 | Int($1) }
    if first == version.headerByteCount { return true }
    if Int(UInt32(first).byteSwapped) == version.headerByteCount { return false }
    let rank = HeaderTable.slot(.dim, in: version)!
    let bytes = probe[rank.offset..<(rank.offset + rank.type.byteCount)]
    return bytes.last! != 0 && bytes.dropLast().allSatisfy { $0 == 0 }
  }
}

/// What was found instead of a NIfTI header, before the path is known.
struct VolumeErrorReason: Error {
  let found: VolumeError.NotNIfTI

  init(_ found: VolumeError.NotNIfTI) { self.found = found }
}
