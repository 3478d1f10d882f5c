import CZlib

/// The bytes of a file from its start, inflated when they are gzip; one pass, no more memory than its input buffer.
///
/// Gzip is told by its first two bytes, not by the name. Members that follow each other are one stream (RFC 1952 §2.2);
/// bytes after the last member that are no member are ignored, as gzip does. Nothing is inflated that was not asked
/// for, so a decompression bomb costs no more than the caller's buffers.
struct ByteReader: ~Copyable {
  let isCompressed: Bool
  private let file: InputFile
  private let input: UnsafeMutableRawBufferPointer
  /// On the heap: zlib keeps the address and refuses a stream that has moved.
  private let stream: UnsafeMutablePointer<z_stream>
  private var isBetweenMembers = false
  private var isAtEnd = false
  /// Bytes handed out so far.
  private(set) var deliveredByteCount = 0

  private static let inputByteCount = 1 << 18

  /// No deflate stream grows by more than this factor (zlib Technical Details, "Maximum Compression Factor").
  private static let largestExpansion = 1032

  init(path: String) throws(VolumeError) {
    let file = try InputFile(path: path)
    let input = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.inputByteCount, alignment: 64)
    let count: Int
    do { count = try file.read(into: input) } catch {
      input.deallocate()
      throw error
    }
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    stream.pointee.next_in = input.baseAddress!.assumingMemoryBound(to: Bytef.self)
    stream.pointee.avail_in = UInt32(count)
    isCompressed = count >= 2 && input[0] == 0x1F && input[1] == 0x8B
    self.file = file
    self.input = input
    if isCompressed {
      // 15: largest window; + 16: gzip wrapper only.
      let code = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
      precondition(code == Z_OK, "inflateInit2 fails only without memory or with another zlib")
    }
  }

  deinit {
    if isCompressed { inflateEnd(stream) }
    stream.deallocate()
    input.deallocate()
  }

  var path: String { file.path }
  var fileByteCount: Int { file.byteCount }

  /// More bytes than this cannot come out of the file.
  var largestByteCount: Int {
    isCompressed ? fileByteCount.multipliedReportingOverflow(by: Self.largestExpansion).partialValue : fileByteCount
  }

  /// Fills `target` with the next bytes; fewer only at the end of the data.
  mutating func read(into target: UnsafeMutableRawBufferPointer) throws(VolumeError) -> Int {
    let count = isCompressed ? try inflate(into: target) : try copy(into: target)
    deliveredByteCount += count
    return count
  }

  /// Reads and drops `count` bytes; returns how many there were.
  mutating func skip(_ count: Int) throws(VolumeError) -> Int {
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: min(max(count, 1), 1 << 16), alignment: 16)
    defer { scratch.deallocate() }
    var skipped = 0
    while skipped < count {
      let wanted = min(scratch.count, count - skipped)
      let found = try read(into: UnsafeMutableRawBufferPointer(rebasing: scratch[..<wanted]))
      skipped += found
      if found < wanted { break }
    }
    return skipped
  }

  // MARK: - Plain bytes

  private mutating func copy(into target: UnsafeMutableRawBufferPointer) throws(VolumeError) -> Int {
    let buffered = min(Int(stream.pointee.avail_in), target.count)
    if buffered > 0 {
      target.baseAddress!.copyMemory(from: stream.pointee.next_in!, byteCount: buffered)
      stream.pointee.next_in! += buffered
      stream.pointee.avail_in -= UInt32(buffered)
    }
    guard buffered < target.count else { return buffered }
    return try buffered + file.read(into: UnsafeMutableRawBufferPointer(rebasing: target[buffered...]))
  }

  // MARK: - Gzip

  private mutating func inflate(into target: UnsafeMutableRawBufferPointer) throws(VolumeError) -> Int {
    var filled = 0
    while filled < target.count && !isAtEnd {
      if isBetweenMembers {
        try startNextMember()
        continue
      }
      if stream.pointee.avail_in == 0 {
        try refill()
        if stream.pointee.avail_in == 0 {
          throw .damagedGzip(path: path, reason: "truncated, the compressed data end too early")
        }
      }
      let room = min(target.count - filled, Int(Int32.max))
      stream.pointee.next_out = (target.baseAddress! + filled).assumingMemoryBound(to: Bytef.self)
      stream.pointee.avail_out = UInt32(room)
      let code = CZlib.inflate(stream, Z_NO_FLUSH)
      filled += room - Int(stream.pointee.avail_out)
      switch code {
      case Z_OK, Z_BUF_ERROR: break
      case Z_STREAM_END: isBetweenMembers = true
      default:
        let reason = stream.pointee.msg.map { String(cString: $0) } ?? "error \(code)"
        throw .damagedGzip(path: path, reason: reason)
      }
    }
    return filled
  }

  /// Moves on to the member that follows, or to the end when what follows is nothing or no member.
  private mutating func startNextMember() throws(VolumeError) {
    if stream.pointee.avail_in < 2 { try refill() }
    let next = stream.pointee.next_in!
    guard stream.pointee.avail_in >= 2 && next[0] == 0x1F && next[1] == 0x8B else {
      isAtEnd = true
      return
    }
    inflateReset(stream)
    isBetweenMembers = false
  }

  /// Adds bytes of the file behind those not yet used.
  private mutating func refill() throws(VolumeError) {
    let kept = Int(stream.pointee.avail_in)
    if kept > 0 { input.baseAddress!.copyMemory(from: stream.pointee.next_in!, byteCount: kept) }
    let added = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: input[kept...]))
    stream.pointee.next_in = input.baseAddress!.assumingMemoryBound(to: Bytef.self)
    stream.pointee.avail_in = UInt32(kept + added)
  }
}
